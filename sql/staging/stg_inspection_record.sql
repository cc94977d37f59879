-- grain: one row per source record of an inspection or visit that was public by $as_at, with its event
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
INNER JOIN source ON inspection_record.source_id = source.source_id AND inspection_record.release = source.release
-- A record that prints no day of publication became public with its file.
WHERE coalesce(inspection_record.published_on, source.published_on) <= $as_at
