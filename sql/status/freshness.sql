-- How old each source's figures are.
SELECT
    source_id,
    release,
    latest_period_end,
    published_on,
    published_on_assumed
FROM freshness
ORDER BY published_on DESC, source_id, release
