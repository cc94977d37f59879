-- Every statement of every report that is a finding, with the day on which it became known, the day from which
-- another version of the report stands in its place, and the statements before and after it under one heading.
--
-- Unlike the mart `finding` it knows no day: an index is made once a snapshot, and each question has its own day. On
-- any day what is known and stands is what the mart has. As in `stg_inspection_record`, a report that prints no day
-- of publication became public with its file, and of several reports on one event the first in its order holds.
WITH

report AS (
    SELECT
        inspection_link.event_id,
        inspection_record.source_id,
        inspection_record.release,
        inspection_record.source_table,
        inspection_record.source_part,
        inspection_record.source_row,
        inspection_record.authority_code,
        inspection_record.kind,
        inspection_record.precedence,
        source.published_on AS file_published_on,
        source.file_name,
        coalesce(inspection_record.published_on, source.published_on) AS known_on
    FROM inspection_record
    INNER JOIN inspection_link USING (source_id, release, source_table, source_part, source_row, authority_code)
    INNER JOIN source ON inspection_record.source_id = source.source_id AND inspection_record.release = source.release
    LEFT SEMI JOIN finding_record
        ON
            inspection_record.source_id = finding_record.source_id
            AND inspection_record.release = finding_record.release
            AND inspection_record.source_table = finding_record.source_table
            AND inspection_record.source_part = finding_record.source_part
            AND inspection_record.source_row = finding_record.source_row
            AND inspection_record.authority_code = finding_record.authority_code
),

version AS (
    SELECT
        *,
        min(known_on) OVER (
            PARTITION BY event_id
            ORDER BY
                precedence / 10,
                file_published_on DESC,
                precedence,
                source_id,
                release,
                source_table,
                source_part,
                source_row
            ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
        ) AS until
    FROM report
)

SELECT
    version.event_id,
    finding_record.authority_code,
    coalesce(authority.name, finding_record.authority_code) AS authority_name,
    version.known_on,
    version.until,
    coalesce(inspection.kind, version.kind, 'kind-unknown') AS kind,
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
    version.file_name
FROM finding_record
INNER JOIN version USING (source_id, release, source_table, source_part, source_row, authority_code)
LEFT JOIN inspection ON version.event_id = inspection.event_id
LEFT JOIN authority ON finding_record.authority_code = authority.authority_code
-- A version that was replaced before or as it became known never stood.
WHERE version.until IS NULL OR version.until > version.known_on
WINDOW in_section AS (
    PARTITION BY version.event_id, finding_record.source_id, finding_record.release, finding_record.section
    ORDER BY finding_record.ordinal
)
ORDER BY event_id, source_id, release, ordinal
