-- grain: one row per source record of an inspection or visit that was public by $as_at, with its event and its
-- place among the event's records
-- key: source_id, release, source_table, source_part, source_row, authority_code
--
-- Better evidence comes first (the tens of precedence: 1 official statistics, 2 the report itself, 3 scraped
-- tables); within it the latest publication, which may correct an earlier one; within that the better table.
SELECT
    inspection_link.event_id,
    row_number() OVER (
        PARTITION BY inspection_link.event_id
        ORDER BY
            inspection_record.precedence / 10,
            source.published_on DESC,
            inspection_record.precedence,
            inspection_record.source_id,
            inspection_record.release,
            inspection_record.source_table,
            inspection_record.source_part,
            inspection_record.source_row
    ) AS place,
    inspection_record.*
FROM inspection_record
INNER JOIN inspection_link USING (source_id, release, source_table, source_part, source_row, authority_code)
INNER JOIN source ON inspection_record.source_id = source.source_id AND inspection_record.release = source.release
-- A record that prints no day of publication became public with its file.
WHERE coalesce(inspection_record.published_on, source.published_on) <= $as_at
