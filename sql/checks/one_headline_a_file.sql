-- A file gives one figure of an indicator, area, period and breakdown.
SELECT
    source_id,
    release,
    indicator_id,
    geography_code,
    period_end,
    breakdown,
    count(*) AS figures
FROM observation
GROUP BY source_id, release, indicator_id, geography_code, period_end, breakdown
HAVING count(*) > 1
