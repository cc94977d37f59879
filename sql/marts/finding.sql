-- grain: one row per statement of a report on an inspection or visit
-- key: event_id, source_id, release, ordinal
--
-- A report that waits in review has no findings here.
SELECT
    stg_inspection_record.event_id,
    finding_record.authority_code,
    finding_record.section,
    finding_record.statement,
    finding_record.ordinal,
    finding_record.text,
    finding_record.criterion_id,
    finding_record.focus_topic_id,
    finding_record.page,
    finding_record.lexicon,
    finding_record.matched_terms,
    finding_record.source_id,
    finding_record.release
FROM finding_record
INNER JOIN stg_inspection_record
    ON
        finding_record.source_id = stg_inspection_record.source_id
        AND finding_record.release = stg_inspection_record.release
        AND finding_record.source_table = stg_inspection_record.source_table
        AND finding_record.source_part = stg_inspection_record.source_part
        AND finding_record.source_row = stg_inspection_record.source_row
        AND finding_record.authority_code = stg_inspection_record.authority_code
ORDER BY event_id, source_id, release, ordinal
