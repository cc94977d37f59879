-- grain: one row per source and release: how old its figures are as at $as_at
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
    source.published_on_assumed,
    cast(cast($as_at AS date) AS integer) - cast(source.published_on AS integer) AS days_since_published,
    cast(cast($as_at AS date) AS integer) - cast(latest.latest_period_end AS integer) AS days_since_period_end
FROM source
LEFT JOIN latest ON source.source_id = latest.source_id AND source.release = latest.release
ORDER BY source_id, release
