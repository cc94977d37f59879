-- grain: one row per authority: its children in the latest mid-year estimate public by $as_at
-- key: authority_code
WITH

ranked AS (
    SELECT
        geography_code,
        value,
        period_end,
        row_number() OVER (PARTITION BY geography_code ORDER BY period_end DESC) AS place
    FROM headline
    WHERE indicator_id = 'child-population' AND geography_level = 'authority' AND value IS NOT NULL
)

SELECT
    geography_code AS authority_code,
    value AS children,
    period_end
FROM ranked
WHERE place = 1
