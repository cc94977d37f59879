-- The sources of one authority's comparisons.
SELECT DISTINCT
    source.source_id,
    source.release,
    source.title,
    source.publisher,
    source.licence,
    source.landing_page,
    source.published_on,
    source.published_on_assumed,
    source.file_name
FROM source
INNER JOIN comparison ON source.source_id = comparison.source_id AND source.release = comparison.release
WHERE comparison.authority_code = $authority_code
ORDER BY source.source_id, source.release
