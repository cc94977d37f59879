-- grain: one row per source record of an inspection or visit
-- key: event_id, source_id, release, source_table, source_row
--
-- A record agrees where each value it gives is the one that holds.
WITH

held_against AS (
    SELECT
        record.event_id,
        record.source_id,
        record.release,
        record.source_table,
        record.source_row,
        concat_ws(
            '; ',
            CASE WHEN record.kind <> inspection.kind THEN concat('kind ', record.kind) END,
            CASE
                WHEN record.started_on <> inspection.started_on
                    THEN concat('started_on ', cast(record.started_on AS varchar))
            END,
            CASE
                WHEN record.published_on <> inspection.published_on
                    THEN concat('published_on ', cast(record.published_on AS varchar))
            END,
            CASE WHEN record.overall <> inspection.overall THEN concat('overall ', record.overall) END,
            CASE WHEN record.leaders <> inspection.leaders THEN concat('leaders ', record.leaders) END,
            CASE
                WHEN record.help_and_protection <> inspection.help_and_protection
                    THEN concat('help_and_protection ', record.help_and_protection)
            END,
            CASE WHEN record.in_care <> inspection.in_care THEN concat('in_care ', record.in_care) END,
            CASE
                WHEN record.care_leavers <> inspection.care_leavers
                    THEN concat('care_leavers ', record.care_leavers)
            END
        ) AS difference
    FROM stg_inspection_record AS record
    INNER JOIN inspection ON record.event_id = inspection.event_id
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
