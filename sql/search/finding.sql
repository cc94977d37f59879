-- Every statement of every report that is a finding, with the statements before and after it under one heading.
--
-- Unlike the mart `finding` it knows no day: an index is made once a snapshot, and each question has its own day. A
-- report that prints no day of publication became public with its file, as in `stg_inspection_record`.
SELECT
    inspection_link.event_id,
    finding_record.authority_code,
    coalesce(authority.name, finding_record.authority_code) AS authority_name,
    coalesce(inspection_record.published_on, source.published_on) AS published_on,
    coalesce(inspection.kind, inspection_record.kind, 'kind-unknown') AS kind,
    finding_record.section,
    finding_record.statement,
    finding_record.ordinal,
    finding_record.text,
    finding_record.criterion_id,
    finding_record.focus_topic_id,
    finding_record.page,
    lag(finding_record.text) OVER in_section AS text_before,
    lead(finding_record.text) OVER in_section AS text_after,
    finding_record.source_id,
    finding_record.release,
    source.file_name
FROM finding_record
INNER JOIN inspection_record USING (source_id, release, source_table, source_part, source_row, authority_code)
INNER JOIN inspection_link USING (source_id, release, source_table, source_part, source_row, authority_code)
INNER JOIN source ON finding_record.source_id = source.source_id AND finding_record.release = source.release
LEFT JOIN inspection ON inspection_link.event_id = inspection.event_id
LEFT JOIN authority ON finding_record.authority_code = authority.authority_code
WINDOW in_section AS (
    PARTITION BY
        inspection_link.event_id,
        finding_record.source_id,
        finding_record.release,
        finding_record.section
    ORDER BY finding_record.ordinal
)
ORDER BY event_id, source_id, release, ordinal
