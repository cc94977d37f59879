-- Rows left out or set aside, by rule.
SELECT
    source.file_name,
    row_account.outcome,
    row_account.rule,
    row_account.rows,
    row_account.why
FROM row_account
INNER JOIN source ON row_account.source_id = source.source_id AND row_account.release = source.release
WHERE row_account.outcome <> 'kept'
ORDER BY source.file_name, row_account.outcome, row_account.rule
