-- Every comparison of a described indicator, by indicator, authority and period.
SELECT
    comparison.indicator_id,
    comparison.authority_code,
    comparison.period_end,
    comparison.value,
    comparison.status,
    comparison.england,
    comparison.region,
    comparison.region_code,
    comparison.neighbour_mean,
    comparison.neighbour_n,
    comparison.neighbour_set,
    comparison.rank,
    comparison.rank_of,
    comparison.quartile_band,
    comparison.method
FROM comparison
INNER JOIN indicator ON comparison.indicator_id = indicator.indicator_id
WHERE indicator.curated
ORDER BY indicator_id, authority_code, period_end
