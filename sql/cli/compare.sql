-- One authority's described indicators, each in its own latest period: where others are further on, its period shows
-- that it is not.
WITH

own AS (
    SELECT * FROM comparison WHERE authority_code = $authority_code
),

latest AS (
    SELECT
        indicator_id,
        max(period_end) AS period_end
    FROM own
    GROUP BY indicator_id
)

SELECT
    indicator.criterion_id,
    own.indicator_id,
    indicator.title,
    indicator.unit,
    indicator.polarity,
    own.period_end,
    own.value,
    own.status,
    own.england,
    own.region,
    own.region_code,
    own.neighbour_mean,
    own.neighbour_median,
    own.neighbour_n,
    own.neighbour_set,
    own.rank,
    own.rank_of,
    own.quartile_band
FROM own
INNER JOIN latest ON own.indicator_id = latest.indicator_id AND own.period_end = latest.period_end
INNER JOIN indicator ON own.indicator_id = indicator.indicator_id
WHERE indicator.curated
ORDER BY indicator.criterion_id NULLS LAST, own.indicator_id
