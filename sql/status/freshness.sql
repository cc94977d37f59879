-- How old each source is: its latest release, what day its figures reach, and how many releases are held.
WITH

placed AS (
    SELECT
        *,
        count(*) OVER (PARTITION BY source_id) AS releases,
        max(latest_period_end) OVER (PARTITION BY source_id) AS period_end,
        row_number() OVER (PARTITION BY source_id ORDER BY published_on DESC, release DESC) AS place
    FROM freshness
)

SELECT
    source_id,
    releases,
    period_end AS latest_period_end,
    release AS latest_release,
    published_on,
    published_on_assumed
FROM placed
WHERE place = 1
ORDER BY published_on DESC, source_id
