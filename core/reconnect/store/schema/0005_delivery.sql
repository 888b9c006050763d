-- How often a delivery's outcome stayed unsure, and whether its send was begun; what a channel was
-- last refused with, how often in a row, since when it stands as it does, and whether that was told.
-- Which time zone data the reminders were reckoned with stands in `meta`.
ALTER TABLE delivery ADD COLUMN unsure INTEGER NOT NULL DEFAULT 0;
ALTER TABLE delivery ADD COLUMN begun INTEGER;
ALTER TABLE channel ADD COLUMN refusals INTEGER NOT NULL DEFAULT 0;
ALTER TABLE channel ADD COLUMN code TEXT;
ALTER TABLE channel ADD COLUMN since INTEGER NOT NULL DEFAULT 0;
ALTER TABLE channel ADD COLUMN told INTEGER NOT NULL DEFAULT 0;

-- What was interrupted before may have arrived.
UPDATE delivery SET unsure = 1
    WHERE state IN ('pending', 'leased') AND outcome IN ('interrupted', 'unknown', 'timeout', 'cut-off');
UPDATE delivery SET begun = not_before WHERE state = 'leased';
