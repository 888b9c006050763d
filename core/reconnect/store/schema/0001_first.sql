-- People, their habits and what they log; reminders and what became of them.
-- Instants are UTC milliseconds since 1970; days and wall times are ISO 8601 text.

CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    tzid TEXT NOT NULL,
    day_starts INTEGER NOT NULL CHECK (day_starts BETWEEN 0 AND 1439),
    created INTEGER NOT NULL
) STRICT;

CREATE TABLE habit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    rule TEXT NOT NULL,
    template TEXT NOT NULL,
    title TEXT NOT NULL,
    goal TEXT NOT NULL CHECK (goal IN ('at-least', 'at-most')),
    amount TEXT,
    target REAL,
    unit TEXT,
    cue TEXT,
    created INTEGER NOT NULL,
    archived INTEGER,
    UNIQUE (person_id, name)
) STRICT;

-- A change of frequency adds a row: the past is judged by the recurrence of its time.
CREATE TABLE habit_recurrence (
    habit_id INTEGER NOT NULL REFERENCES habit (id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    since TEXT NOT NULL,
    rrule TEXT NOT NULL,
    PRIMARY KEY (habit_id, since)
) STRICT, WITHOUT ROWID;

CREATE TABLE entry (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uid TEXT NOT NULL UNIQUE,
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    habit_id INTEGER NOT NULL REFERENCES habit (id) ON DELETE CASCADE,
    kind TEXT NOT NULL CHECK (kind IN ('done', 'lapse', 'skip', 'no')),
    at INTEGER NOT NULL,
    day TEXT NOT NULL,
    tzid TEXT NOT NULL,
    fields TEXT NOT NULL,
    lapse TEXT,
    landed TEXT CHECK (landed IN ('warm', 'neutral', 'cold')),
    note TEXT,
    external_id TEXT,
    recorded INTEGER NOT NULL,
    sha256 BLOB NOT NULL
) STRICT;

CREATE INDEX entry_by_day ON entry (person_id, habit_id, day);
CREATE INDEX entry_by_person_day ON entry (person_id, day);
CREATE UNIQUE INDEX entry_by_external_id ON entry (person_id, external_id)
    WHERE external_id IS NOT NULL;

CREATE TABLE reminder (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    habit_id INTEGER NOT NULL REFERENCES habit (id) ON DELETE CASCADE,
    role TEXT NOT NULL CHECK (role IN ('do', 'log', 'digest')),
    rrule TEXT NOT NULL,
    dtstart_wall TEXT NOT NULL,
    tzid TEXT,
    last_occ_wall TEXT,
    count_left INTEGER,
    next_due INTEGER,
    rev INTEGER NOT NULL DEFAULT 1,
    catchup TEXT NOT NULL CHECK (catchup IN ('latest', 'all', 'skip')),
    window_s INTEGER NOT NULL CHECK (window_s > 0),
    priority INTEGER NOT NULL,
    channels TEXT NOT NULL,
    text TEXT,
    created INTEGER NOT NULL
) STRICT;

CREATE INDEX reminder_due ON reminder (next_due) WHERE next_due IS NOT NULL;
CREATE INDEX reminder_by_habit ON reminder (habit_id);

-- `url` never stands here: a channel's address is a secret and stays in the configuration.
CREATE TABLE channel (
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    lane TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('on', 'off')),
    fail_streak INTEGER NOT NULL DEFAULT 0,
    next_ok INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (person_id, name)
) STRICT, WITHOUT ROWID;

-- reminder_id holds no foreign key: what was sent stays on record when its reminder is removed.
CREATE TABLE delivery (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    idem_key TEXT NOT NULL UNIQUE,
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    reminder_id INTEGER NOT NULL,
    habit_id INTEGER NOT NULL REFERENCES habit (id) ON DELETE CASCADE,
    occ_wall TEXT NOT NULL,
    due INTEGER NOT NULL,
    channel TEXT NOT NULL,
    priority INTEGER NOT NULL,
    state TEXT NOT NULL CHECK (state IN
        ('pending', 'leased', 'sent', 'unknown', 'dead', 'expired', 'suppressed')),
    not_before INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    lease_by TEXT,
    lease_until INTEGER,
    attempts INTEGER NOT NULL DEFAULT 0,
    prompt TEXT,
    outcome TEXT,
    sent_at INTEGER,
    text TEXT
) STRICT;

CREATE INDEX delivery_claim ON delivery (priority, not_before) WHERE state = 'pending';
CREATE INDEX delivery_pending ON delivery (not_before) WHERE state = 'pending';
CREATE INDEX delivery_leased ON delivery (lease_until) WHERE state = 'leased';
CREATE INDEX delivery_by_reminder ON delivery (reminder_id, due);
CREATE INDEX delivery_by_person ON delivery (person_id, due);

CREATE TABLE attempt (
    delivery_id INTEGER NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
    n INTEGER NOT NULL,
    started INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    code TEXT NOT NULL,
    PRIMARY KEY (delivery_id, n)
) STRICT, WITHOUT ROWID;

CREATE TABLE prompt_shown (
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    rule TEXT NOT NULL,
    prompt TEXT NOT NULL,
    times INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (person_id, rule, prompt)
) STRICT, WITHOUT ROWID;

-- One row per process that delivers; `beat` is its last tick.
CREATE TABLE runner (
    boot_id TEXT PRIMARY KEY,
    pid INTEGER NOT NULL,
    version TEXT NOT NULL,
    started INTEGER NOT NULL,
    beat INTEGER NOT NULL,
    stop_asked INTEGER NOT NULL DEFAULT 0,
    ended INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
