-- The sources of one authority's comparisons and of all they are compared with.
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
FROM comparison AS own
INNER JOIN indicator ON own.indicator_id = indicator.indicator_id
INNER JOIN headline ON own.indicator_id = headline.indicator_id AND own.period_end = headline.period_end
INNER JOIN source ON headline.source_id = source.source_id AND headline.release = source.release
WHERE
    own.authority_code = $authority_code
    AND ((own.indicator_id = $indicator_id) OR ($indicator_id = '' AND indicator.curated))
ORDER BY source.source_id, source.release
