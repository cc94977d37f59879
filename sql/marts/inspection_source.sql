-- grain: one row per source record of an inspection or visit
-- key: event_id, source_id, release, source_table, source_row
--
-- A record agrees where each value it gives is the one that holds.
WITH

held_against AS (
    SELECT
        inspection_link.event_id,
        inspection_record.source_id,
        inspection_record.release,
        inspection_record.source_table,
        inspection_record.source_row,
        concat_ws(
            '; ',
            CASE WHEN inspection_record.kind <> inspection.kind THEN concat('kind ', inspection_record.kind) END,
            CASE
                WHEN inspection_record.started_on <> inspection.started_on
                    THEN concat('started_on ', cast(inspection_record.started_on AS varchar))
            END,
            CASE
                WHEN inspection_record.published_on <> inspection.published_on
                    THEN concat('published_on ', cast(inspection_record.published_on AS varchar))
            END,
            CASE WHEN inspection_record.overall <> inspection.overall THEN concat('overall ', inspection_record.overall) END,
            CASE WHEN inspection_record.leaders <> inspection.leaders THEN concat('leaders ', inspection_record.leaders) END,
            CASE
                WHEN inspection_record.help_and_protection <> inspection.help_and_protection
                    THEN concat('help_and_protection ', inspection_record.help_and_protection)
            END,
            CASE WHEN inspection_record.in_care <> inspection.in_care THEN concat('in_care ', inspection_record.in_care) END,
            CASE
                WHEN inspection_record.care_leavers <> inspection.care_leavers
                    THEN concat('care_leavers ', inspection_record.care_leavers)
            END
        ) AS difference
    FROM inspection_record
    INNER JOIN inspection_link
        ON
            inspection_record.source_id = inspection_link.source_id
            AND inspection_record.release = inspection_link.release
            AND inspection_record.source_table = inspection_link.source_table
            AND inspection_record.source_row = inspection_link.source_row
    INNER JOIN inspection ON inspection_link.event_id = inspection.event_id
)

SELECT
    event_id,
    source_id,
    release,
    source_table,
    source_row,
    difference = '' AS agrees,
    CASE WHEN difference <> '' THEN difference END AS difference
FROM held_against
ORDER BY event_id, source_id, release, source_table, source_row
