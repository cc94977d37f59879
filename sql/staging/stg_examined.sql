-- grain: one row per indicator that is examined and authority: its latest comparison and what its sentence needs
-- key: indicator_id, authority_code
--
-- Examined is every comparable indicator that a person described. The two figures before the latest are those of the
-- authority's two rows before it.
WITH

latest AS (
    SELECT
        comparison.indicator_id,
        max(comparison.period_end) AS period_end
    FROM comparison
    GROUP BY comparison.indicator_id
),

beside_earlier AS (
    SELECT
        comparison.*,
        lag(comparison.z_adjusted, 1) OVER (
            PARTITION BY comparison.indicator_id, comparison.authority_code ORDER BY comparison.period_end
        ) AS z_before,
        lag(comparison.z_adjusted, 2) OVER (
            PARTITION BY comparison.indicator_id, comparison.authority_code ORDER BY comparison.period_end
        ) AS z_two_before
    FROM comparison
)

SELECT
    beside_earlier.indicator_id,
    beside_earlier.authority_code,
    beside_earlier.period_end,
    indicator.title,
    indicator.unit,
    indicator.decimals,
    indicator.measure,
    indicator.multiplier,
    indicator.polarity,
    indicator.criterion_id,
    beside_earlier.value,
    headline.numerator,
    headline.denominator,
    beside_earlier.target,
    dispersion.target AS target_fraction,
    dispersion.tau2,
    dispersion.reliability,
    beside_earlier.z,
    beside_earlier.z_adjusted,
    beside_earlier.z_before,
    beside_earlier.z_two_before,
    beside_earlier.quartile_band,
    beside_earlier.label,
    beside_earlier.why
FROM beside_earlier
INNER JOIN latest
    ON beside_earlier.indicator_id = latest.indicator_id AND beside_earlier.period_end = latest.period_end
INNER JOIN indicator ON beside_earlier.indicator_id = indicator.indicator_id
INNER JOIN headline
    ON
        beside_earlier.indicator_id = headline.indicator_id
        AND beside_earlier.authority_code = headline.geography_code
        AND beside_earlier.period_end = headline.period_end
LEFT JOIN dispersion
    ON beside_earlier.indicator_id = dispersion.indicator_id AND beside_earlier.period_end = dispersion.period_end
WHERE indicator.curated
