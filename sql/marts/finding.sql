-- grain: one row per statement of a report on an inspection or visit
-- key: event_id, source_id, release, ordinal
--
-- Of several reports on one event, such as one that was published again, the statements are those of the first by
-- place. A report that waits in review has no findings here.
WITH

stated AS (
    SELECT
        stg_inspection_record.event_id,
        stg_inspection_record.place,
        finding_record.*
    FROM finding_record
    INNER JOIN stg_inspection_record USING (source_id, release, source_table, source_part, source_row, authority_code)
),

first_report AS (
    SELECT
        event_id,
        min(place) AS place
    FROM stated
    GROUP BY event_id
)

SELECT
    event_id,
    authority_code,
    section,
    statement,
    ordinal,
    text,
    criterion_id,
    focus_topic_id,
    page,
    lexicon,
    matched_terms,
    source_id,
    release
FROM stated
INNER JOIN first_report USING (event_id, place)
ORDER BY event_id, source_id, release, ordinal
