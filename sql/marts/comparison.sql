-- grain: one row per comparable indicator, authority and period with a headline row
-- key: indicator_id, authority_code, period_end
--
-- Rank, band and neighbour mean follow the Local Authority Interactive Tool: rank 1 is best and ties
-- share the least rank; bands are type-7 quartiles with upper bounds inside, on unrounded values; the
-- mean leaves missing neighbours out and asks for no least number. England and region are published
-- figures, never recomputed from authorities. Neighbours' means, intervals, z, limits and labels are those of funnel (docs/methods.md).
WITH

figure AS (
    SELECT
        headline.*,
        indicator.polarity
    FROM headline
    INNER JOIN indicator ON headline.indicator_id = indicator.indicator_id
    WHERE indicator.comparable
),

of_authority AS (
    SELECT
        *,
        CASE
            WHEN polarity = 'high-is-better' THEN -value
            WHEN polarity = 'low-is-better' THEN value
        END AS best_first
    FROM figure
    WHERE geography_level = 'authority'
),

ranked AS (
    SELECT
        *,
        rank() OVER (PARTITION BY indicator_id, period_end ORDER BY best_first ASC NULLS LAST) AS place,
        count(*) OVER (
            PARTITION BY indicator_id, period_end ORDER BY best_first ASC NULLS LAST
            RANGE BETWEEN CURRENT ROW AND CURRENT ROW
        ) AS of_that_rank
    FROM of_authority
),

england AS (
    SELECT indicator_id, period_end, value FROM figure WHERE geography_level = 'national'
),

of_region AS (
    SELECT indicator_id, period_end, geography_code, value FROM figure WHERE geography_level = 'region'
),

set_in_force AS (
    SELECT max(set_id) AS set_id FROM stg_neighbour_set
)

SELECT
    ranked.indicator_id,
    ranked.geography_code AS authority_code,
    ranked.period_end,
    ranked.value,
    ranked.status,
    ranked.shared_service,
    funnel.ci_low,
    funnel.ci_high,
    funnel.ci_method,
    england.value AS england,
    coalesce(near_region.value, wide_region.value) AS region,
    CASE
        WHEN near_region.value IS NOT NULL THEN near_region.geography_code
        WHEN wide_region.value IS NOT NULL THEN wide_region.geography_code
    END AS region_code,
    funnel.neighbour_mean,
    funnel.neighbour_median,
    funnel.neighbour_n,
    set_in_force.set_id AS neighbour_set,
    funnel.neighbour_pooled,
    funnel.neighbour_pooled_low,
    funnel.neighbour_pooled_high,
    funnel.z_neighbours,
    CASE WHEN ranked.best_first IS NOT NULL THEN ranked.place END AS rank,
    CASE WHEN ranked.polarity <> 'none' THEN distribution.n END AS rank_of,
    CASE WHEN ranked.best_first IS NOT NULL THEN ranked.of_that_rank END AS rank_ties,
    lait_band(
        ranked.value,
        distribution.q0,
        distribution.q25,
        distribution.q50,
        distribution.q75,
        distribution.q100,
        ranked.polarity
    ) AS quartile_band,
    -- A band is uncertain where another band's values lie within the figure's interval.
    lait_band(
        funnel.ci_low,
        least(distribution.q0, funnel.ci_low),
        distribution.q25,
        distribution.q50,
        distribution.q75,
        greatest(distribution.q100, funnel.ci_high),
        ranked.polarity
    ) <> lait_band(
        funnel.ci_high,
        least(distribution.q0, funnel.ci_low),
        distribution.q25,
        distribution.q50,
        distribution.q75,
        greatest(distribution.q100, funnel.ci_high),
        ranked.polarity
    ) AS band_uncertain,
    funnel.target,
    funnel.z,
    funnel.z_adjusted,
    funnel.limit_low_95,
    funnel.limit_high_95,
    funnel.limit_low_998,
    funnel.limit_high_998,
    funnel.adjusted_low_95,
    funnel.adjusted_high_95,
    funnel.adjusted_low_998,
    funnel.adjusted_high_998,
    funnel.label,
    funnel.why,
    'lait-rank-and-band; ' || coalesce(funnel.method, 'no-comparison') AS method,
    ranked.published_on,
    ranked.vintage_published_on,
    ranked.source_id,
    ranked.release,
    ranked.source_row
FROM ranked
INNER JOIN authority ON ranked.geography_code = authority.authority_code
LEFT JOIN distribution
    ON ranked.indicator_id = distribution.indicator_id AND ranked.period_end = distribution.period_end
LEFT JOIN england ON ranked.indicator_id = england.indicator_id AND ranked.period_end = england.period_end
LEFT JOIN of_region AS near_region
    ON
        ranked.indicator_id = near_region.indicator_id
        AND ranked.period_end = near_region.period_end
        AND authority.comparison_region_code = near_region.geography_code
LEFT JOIN of_region AS wide_region
    ON
        ranked.indicator_id = wide_region.indicator_id
        AND ranked.period_end = wide_region.period_end
        AND authority.region_code = wide_region.geography_code
LEFT JOIN funnel
    ON
        ranked.indicator_id = funnel.indicator_id
        AND ranked.period_end = funnel.period_end
        AND ranked.geography_code = funnel.authority_code
CROSS JOIN set_in_force
ORDER BY indicator_id, authority_code, period_end
