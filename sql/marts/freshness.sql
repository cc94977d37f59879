-- grain: one row per source and release: the last day its figures are about, and when they were published
-- (days, not ages: an age would make another snapshot of the same facts every day)
-- key: source_id, release
WITH

latest AS (
    SELECT source_id, release, max(period_end) AS latest_period_end FROM observation GROUP BY source_id, release
)

SELECT
    source.source_id,
    source.release,
    latest.latest_period_end,
    source.published_on,
    source.published_on_assumed
FROM source
LEFT JOIN latest ON source.source_id = latest.source_id AND source.release = latest.release
ORDER BY source_id, release
