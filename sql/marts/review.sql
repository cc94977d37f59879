-- grain: one row per thing that a person must look at before it becomes a fact
-- key: source_id, release, source_table, source_part, source_row, authority_code, field, ordinal
--
-- Reports that were not read with certainty, and listed documents of which no source says what they were.
WITH

unknown_kind AS (
    SELECT record.*
    FROM stg_inspection_record AS record
    LEFT JOIN inspection ON record.event_id = inspection.event_id
    WHERE inspection.event_id IS NULL
)

SELECT
    source_id,
    release,
    file_name,
    '' AS source_table,
    '' AS source_part,
    1 AS source_row,
    coalesce(authority_code, '') AS authority_code,
    kind,
    started_on,
    published_on,
    field,
    ordinal,
    value,
    page,
    reason,
    advice,
    document,
    decide
FROM review_record
WHERE coalesce(published_on, received_on) <= $as_at
UNION ALL
SELECT
    unknown_kind.source_id,
    unknown_kind.release,
    source.file_name,
    unknown_kind.source_table,
    unknown_kind.source_part,
    unknown_kind.source_row,
    unknown_kind.authority_code,
    unknown_kind.kind,
    unknown_kind.started_on,
    unknown_kind.published_on,
    'kind' AS field,
    1 AS ordinal,
    cast(NULL AS varchar) AS value,
    cast(NULL AS bigint) AS page,
    'no source says what kind of inspection or visit this is, or any grade of it' AS reason,
    'look at the document that was published on that day, and add it to the sources' AS advice,
    cast(NULL AS varchar) AS document,
    cast(NULL AS varchar) AS decide
FROM unknown_kind
INNER JOIN source ON unknown_kind.source_id = source.source_id AND unknown_kind.release = source.release
ORDER BY file_name, source_row, source_part, authority_code, field, ordinal
