-- What became of each file and its rows, one row a rule.
SELECT
    input_file.file_name,
    input_file.outcome AS file_outcome,
    source.source_id,
    source.release,
    source.rows_read,
    source.rows_kept,
    source.rows_out_of_scope,
    source.rows_quarantined,
    row_account.outcome AS rows_outcome,
    row_account.rule,
    row_account.rows,
    coalesce(row_account.why, input_file.message) AS why
FROM input_file
LEFT JOIN source ON input_file.file_name = source.file_name AND input_file.sha256 = source.file_sha256
LEFT JOIN row_account ON source.source_id = row_account.source_id AND source.release = row_account.release
ORDER BY input_file.file_name, row_account.outcome, row_account.rule
