-- Promises, issues and goals were kept by three rules in three forms; now they are lists of one
-- form: text, opened, closed, outcome, due, reminder, closed_by, more. json_patch leaves out nulls.

UPDATE rule_data SET value = json_patch('{}', json_object(
    'text', json_extract(value, '$.text'),
    'opened', json_extract(value, '$.made'),
    'closed', iif(json_extract(value, '$.kept') IS NULL, NULL,
        date(changed / 1000, 'unixepoch')),
    'outcome', CASE json_extract(value, '$.kept') WHEN 1 THEN 'kept' WHEN 0 THEN 'not kept' END,
    'due', json_extract(value, '$.due'),
    'reminder', iif(json_extract(value, '$.kept') IS NULL, json_extract(value, '$.reminder'), NULL)
)) WHERE rule = 'apology' AND kind = 'promise' AND json_extract(value, '$.made') IS NOT NULL;

UPDATE rule_data SET value = json_patch('{}', json_object(
    'text', json_extract(value, '$.text'),
    'opened', json_extract(value, '$.added'),
    'closed', json_extract(value, '$.retired'),
    'outcome', iif(json_extract(value, '$.retired') IS NULL, NULL, 'retired'),
    'reminder',
        iif(json_extract(value, '$.retired') IS NULL, json_extract(value, '$.reminder'), NULL),
    'more', iif(json_extract(value, '$.why') IS NULL, NULL,
        json_object('why', json_extract(value, '$.why')))
)) WHERE rule = 'support' AND kind = 'goal' AND json_extract(value, '$.added') IS NOT NULL;
