-- Files that were given and not read, with the reason.
SELECT
    file_name,
    outcome,
    message
FROM input_file
WHERE outcome <> 'ingested'
ORDER BY outcome, file_name
