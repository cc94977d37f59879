-- rows_read = rows_kept + rows_out_of_scope + rows_quarantined, and the rules add up to them.
WITH

by_rule AS (
    SELECT
        source_id,
        release,
        cast(sum(rows) AS bigint) AS rows_by_rule
    FROM row_account
    GROUP BY source_id, release
)

SELECT
    source.source_id,
    source.release,
    source.rows_read,
    by_rule.rows_by_rule
FROM source
LEFT JOIN by_rule ON source.source_id = by_rule.source_id AND source.release = by_rule.release
WHERE
    source.rows_read <> source.rows_kept + source.rows_out_of_scope + source.rows_quarantined
    OR by_rule.rows_by_rule IS NULL
    OR source.rows_read <> by_rule.rows_by_rule
