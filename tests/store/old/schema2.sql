-- A database of the second schema, with sample data, as it was written then.
BEGIN TRANSACTION;
CREATE TABLE attempt (
    delivery_id INTEGER NOT NULL REFERENCES delivery (id) ON DELETE CASCADE,
    n INTEGER NOT NULL,
    started INTEGER NOT NULL,
    ended INTEGER NOT NULL,
    code TEXT NOT NULL,
    PRIMARY KEY (delivery_id, n)
) STRICT, WITHOUT ROWID;
CREATE TABLE channel (
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    name TEXT NOT NULL,
    lane TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('on', 'off')),
    fail_streak INTEGER NOT NULL DEFAULT 0,
    next_ok INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (person_id, name)
) STRICT, WITHOUT ROWID;
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
INSERT INTO "entry" VALUES(1,'940624648b5ecb58b1208260811a6230',1,1,'done',1793646000000,'2026-11-02','Europe/Berlin','{"minutes":12}',NULL,NULL,'Sample: a note',NULL,1793646000000,X'6A7CA0365CB2CB177132D1C2FC8C6A2CCD702EA0F0661B3C47D0240FB877BDD0');
INSERT INTO "entry" VALUES(2,'09d1980e4fb6f169cb64ac0b20e6c461',1,2,'done',1793818800000,'2026-11-04','Europe/Berlin','{"minutes":60}',NULL,'warm',NULL,NULL,1793818800000,X'AE82FD798F8CB9160CAD8B8276FA447CEC246745723038CE85BC1BA3F49E6A9F');
INSERT INTO "entry" VALUES(3,'3ecdca6509b64b83cd8e6e256b0927ac',1,3,'lapse',1793818800000,'2026-11-04','Europe/Berlin','{}','sarcasm',NULL,NULL,NULL,1793818800000,X'B2083F0B9DF3FFD1C33848B41312A3105A88B53ABB32A434F77EA9E8B7F1C7CF');
INSERT INTO "entry" VALUES(4,'a0128fe501d56db3905fd3ab9eb01de1',1,1,'skip',1793818800000,'2026-11-04','Europe/Berlin','{}',NULL,NULL,NULL,NULL,1793818800000,X'18FCB41AA6A674F395F732270222BAA24F099F56AD25D2EB73F76F408EB521F2');
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
INSERT INTO "habit" VALUES(1,1,'listen','listen','undivided','Eight undivided minutes','at-least','minutes',10.0,'minutes','after we clear the table, I put my phone in a drawer and face them',1793646000000,NULL);
INSERT INTO "habit" VALUES(2,1,'quality_time','quality_time','date','Two hours for the two of us','at-least','minutes',120.0,'minutes','after breakfast on Saturday, I offer one idea for today with an hour attached, and put my phone away when it starts',1793646000000,NULL);
INSERT INTO "habit" VALUES(3,1,'tone','tone','warm-tone','A warm tone','at-most',NULL,NULL,NULL,'after I brush my teeth, I recall how my voice sounded today',1793646000000,NULL);
INSERT INTO "habit" VALUES(4,1,'honesty','honesty','true-thing','Say one true thing, kindly','at-least',NULL,NULL,NULL,'after we have both said how the day was, I add one thing that is true and that I would usually leave out',1793646000000,NULL);
CREATE TABLE habit_recurrence (
    habit_id INTEGER NOT NULL REFERENCES habit (id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    since TEXT NOT NULL,
    rrule TEXT NOT NULL,
    PRIMARY KEY (habit_id, since)
) STRICT, WITHOUT ROWID;
INSERT INTO "habit_recurrence" VALUES(1,1,'2026-11-02','FREQ=DAILY');
INSERT INTO "habit_recurrence" VALUES(1,1,'2026-11-04','FREQ=WEEKLY;BYDAY=MO,WE,FR');
INSERT INTO "habit_recurrence" VALUES(2,1,'2026-11-02','FREQ=WEEKLY;BYDAY=SA');
INSERT INTO "habit_recurrence" VALUES(3,1,'2026-11-02','FREQ=DAILY');
INSERT INTO "habit_recurrence" VALUES(4,1,'2026-11-02','FREQ=WEEKLY;BYDAY=MO,WE,FR');
CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "meta" VALUES('config_stamp','none:Europe/Berlin:/usr/share/zoneinfo/Etc/UTC');
CREATE TABLE person (
    id INTEGER PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    tzid TEXT NOT NULL,
    day_starts INTEGER NOT NULL CHECK (day_starts BETWEEN 0 AND 1439),
    created INTEGER NOT NULL
) STRICT;
INSERT INTO "person" VALUES(1,'me','','Europe/Berlin',180,1793646000000);
CREATE TABLE prompt_shown (
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    rule TEXT NOT NULL,
    prompt TEXT NOT NULL,
    times INTEGER NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (person_id, rule, prompt)
) STRICT, WITHOUT ROWID;
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
INSERT INTO "reminder" VALUES(1,1,1,'do','FREQ=WEEKLY;BYDAY=MO,WE,FR','2026-11-04T20:30:00',NULL,NULL,NULL,1793820600000,2,'latest',21600,50,'[]',NULL,1793646000000);
INSERT INTO "reminder" VALUES(2,1,2,'do','FREQ=WEEKLY;BYDAY=SA','2026-11-02T10:00:00',NULL,NULL,NULL,1794042000000,1,'latest',21600,50,'[]',NULL,1793646000000);
INSERT INTO "reminder" VALUES(3,1,3,'do','FREQ=DAILY','2026-11-02T21:15:00',NULL,NULL,NULL,1793650500000,1,'latest',21600,50,'[]',NULL,1793646000000);
INSERT INTO "reminder" VALUES(4,1,4,'do','FREQ=WEEKLY;BYDAY=MO,WE,FR','2026-11-02T19:00:00',NULL,'2026-11-02T19:00:00',NULL,1793815200000,1,'latest',21600,50,'[]',NULL,1793646000000);
INSERT INTO "reminder" VALUES(5,1,1,'do','FREQ=WEEKLY;BYDAY=MO,WE,FR','2026-11-04T21:00:00',NULL,NULL,NULL,1793822400000,1,'latest',21600,50,'[]',NULL,1793818800000);
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
CREATE TABLE runner (
    boot_id TEXT PRIMARY KEY,
    pid INTEGER NOT NULL,
    version TEXT NOT NULL,
    started INTEGER NOT NULL,
    beat INTEGER NOT NULL,
    stop_asked INTEGER NOT NULL DEFAULT 0,
    ended INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX entry_by_day ON entry (person_id, habit_id, day);
CREATE INDEX entry_by_person_day ON entry (person_id, day);
CREATE UNIQUE INDEX entry_by_external_id ON entry (person_id, external_id)
    WHERE external_id IS NOT NULL;
CREATE INDEX reminder_due ON reminder (next_due) WHERE next_due IS NOT NULL;
CREATE INDEX reminder_by_habit ON reminder (habit_id);
CREATE INDEX delivery_claim ON delivery (priority, not_before) WHERE state = 'pending';
CREATE INDEX delivery_pending ON delivery (not_before) WHERE state = 'pending';
CREATE INDEX delivery_leased ON delivery (lease_until) WHERE state = 'leased';
CREATE INDEX delivery_by_reminder ON delivery (reminder_id, due);
CREATE INDEX delivery_by_person ON delivery (person_id, due);
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('habit',4);
INSERT INTO "sqlite_sequence" VALUES('reminder',5);
INSERT INTO "sqlite_sequence" VALUES('entry',4);
COMMIT;
PRAGMA user_version = 2;
