-- Files read, with the account of their rows.
SELECT
    file_name,
    source_id,
    release,
    rows_read,
    rows_kept,
    rows_out_of_scope,
    rows_quarantined
FROM source
ORDER BY file_name
