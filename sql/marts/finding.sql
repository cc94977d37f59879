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
INNER JOIN stg_inspection_record USING (source_id, release, source_table, source_part, source_row, authority_code)
ORDER BY event_id, source_id, release, ordinal
