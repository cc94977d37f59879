-- Every figure's indicator, file and area are in their tables.
SELECT DISTINCT
    observation.indicator_id,
    observation.source_id,
    observation.geography_code
FROM observation
LEFT JOIN indicator ON observation.indicator_id = indicator.indicator_id
LEFT JOIN source ON observation.source_id = source.source_id AND observation.release = source.release
LEFT JOIN authority ON observation.geography_code = authority.authority_code
LEFT JOIN region ON observation.geography_code = region.region_code
WHERE
    indicator.indicator_id IS NULL
    OR source.source_id IS NULL
    OR (authority.authority_code IS NULL AND region.region_code IS NULL)
