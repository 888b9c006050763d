-- When a reminder may disturb: at a random moment, in quiet hours, although it is done, how rarely;
-- what rests for a while, and habits that run by themselves.

-- The moment is drawn out of so many minutes after the wall time; 0 is that time itself.
ALTER TABLE reminder ADD COLUMN spread_min INTEGER NOT NULL DEFAULT 0
    CHECK (spread_min BETWEEN 0 AND 1200);
ALTER TABLE reminder ADD COLUMN even_if_done INTEGER NOT NULL DEFAULT 0
    CHECK (even_if_done IN (0, 1));
-- What quiet hours do to it; NULL is what the channel or the settings say.
ALTER TABLE reminder ADD COLUMN quiet TEXT CHECK (quiet IN ('defer', 'drop', 'allow'));
-- Every second or fourth occurrence where it fades; 0 where it has faded altogether.
ALTER TABLE reminder ADD COLUMN every_nth INTEGER NOT NULL DEFAULT 1 CHECK (every_nth >= 0);
-- The reminder that this one-off repeats later, as a snooze does; it says the same prompt.
ALTER TABLE reminder ADD COLUMN stems_from INTEGER;
ALTER TABLE reminder ADD COLUMN prompt TEXT;

-- What somebody asked for at one time comes at that time.
UPDATE reminder SET quiet = 'allow' WHERE rrule = '';

-- Late ones are told of together: `digest_id` is the delivery that does it.
ALTER TABLE delivery ADD COLUMN late INTEGER NOT NULL DEFAULT 0 CHECK (late IN (0, 1));
ALTER TABLE delivery ADD COLUMN digest_id INTEGER;
CREATE INDEX delivery_late ON delivery (person_id, channel) WHERE state = 'pending' AND late = 1;
CREATE INDEX delivery_of_digest ON delivery (digest_id) WHERE digest_id IS NOT NULL;

-- Wall times are naive and the person's, wherever they are. No habit means all of them, no
-- `until_wall` until it is ended by hand. `ended` (UTC ms) is when that was done.
CREATE TABLE pause (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    habit_id INTEGER REFERENCES habit (id) ON DELETE CASCADE,
    from_wall TEXT NOT NULL,
    until_wall TEXT,
    reason TEXT,
    created INTEGER NOT NULL,
    ended INTEGER
) STRICT;
CREATE INDEX pause_by_person ON pause (person_id, ended);

-- One row per habit about which the person was asked whether it runs by itself. `every_nth` is how
-- rarely its reminders come since the day `since`, when its strength was `strength`; `asked` is the
-- last day of asking, and `answer` what was said.
CREATE TABLE fading (
    habit_id INTEGER PRIMARY KEY REFERENCES habit (id) ON DELETE CASCADE,
    person_id INTEGER NOT NULL REFERENCES person (id) ON DELETE CASCADE,
    every_nth INTEGER NOT NULL CHECK (every_nth >= 0),
    since TEXT,
    strength REAL,
    asked TEXT,
    answer TEXT CHECK (answer IN ('yes', 'no', 'later', 'slump')),
    changed INTEGER NOT NULL
) STRICT;
CREATE INDEX fading_by_person ON fading (person_id);
