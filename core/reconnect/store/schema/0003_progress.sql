-- The amount that a habit aims at changes as its frequency does: the past is judged by both as
-- they were. Once a week: how close the person feels, and what they choose for the next one.

-- The recurrence counts from `anchor`: another amount must not move "every second day".
CREATE TABLE habit_terms (
    habit_id INTEGER NOT NULL REFERENCES habit (id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    since TEXT NOT NULL,
    anchor TEXT NOT NULL,
    rrule TEXT NOT NULL,
    target REAL,
    PRIMARY KEY (habit_id, since)
) STRICT, WITHOUT ROWID;
INSERT INTO habit_terms (habit_id, person_id, since, anchor, rrule, target)
    SELECT r.habit_id, r.person_id, r.since, r.since, r.rrule, h.target
    FROM habit_recurrence AS r JOIN habit AS h ON h.id = r.habit_id;
DROP TABLE habit_recurrence;
ALTER TABLE habit DROP COLUMN target;

-- `week` is an ISO 8601 week such as 2026-W46, `circles` one of seven pairs, apart to almost one.
CREATE TABLE closeness (
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    week TEXT NOT NULL,
    circles INTEGER NOT NULL CHECK (circles BETWEEN 1 AND 7),
    at INTEGER NOT NULL,
    PRIMARY KEY (person_id, week)
) STRICT, WITHOUT ROWID;

-- What the person chose at the review of one week for the week after it.
CREATE TABLE weekly_choice (
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    week TEXT NOT NULL,
    text TEXT NOT NULL,
    at INTEGER NOT NULL,
    PRIMARY KEY (person_id, week)
) STRICT, WITHOUT ROWID;
