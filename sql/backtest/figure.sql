-- The observed figures that headline has on a day.
SELECT
    indicator_id,
    geography_code AS authority_code,
    period_end,
    value,
    published_on_assumed,
    vintage_published_on
FROM headline
WHERE value IS NOT NULL
ORDER BY indicator_id, period_end, authority_code
