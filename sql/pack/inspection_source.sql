-- Where each inspection or visit is told of.
SELECT
    event_id,
    source_id,
    release,
    source_table,
    source_row,
    difference
FROM inspection_source
ORDER BY event_id, source_id, release, source_table, source_row
