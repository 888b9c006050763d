-- What a rule keeps of a person's beside entries: promises, open issues, goals, drafts.

CREATE TABLE rule_data (
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    rule TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    created INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    PRIMARY KEY (person_id, rule, kind, key)
) STRICT, WITHOUT ROWID;
