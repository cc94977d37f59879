-- grain: one row per source record of an inspection or visit, with the event that it tells of
-- key: source_id, release, source_table, source_row
SELECT
    inspection_link.event_id,
    inspection_record.*
FROM inspection_record
INNER JOIN inspection_link
    ON
        inspection_record.source_id = inspection_link.source_id
        AND inspection_record.release = inspection_link.release
        AND inspection_record.source_table = inspection_link.source_table
        AND inspection_record.source_row = inspection_link.source_row
