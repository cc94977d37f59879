-- grain: one row per indicator that is examined and authority: its latest comparison and what its sentence needs
-- key: indicator_id, authority_code
--
-- Examined is every comparable indicator that a person described, in the last period in which any authority has a
-- figure, for authorities that there were then. The distances before are those of one and of two years before, adjusted
-- as the latest is: not where a standard is to be kept.
WITH

latest AS (
    SELECT
        comparison.indicator_id,
        max(comparison.period_end) AS period_end
    FROM comparison
    WHERE comparison.value IS NOT NULL
    GROUP BY comparison.indicator_id
),

of_year AS (
    SELECT
        comparison.indicator_id,
        comparison.authority_code,
        CASE
            WHEN indicator.standard IS NULL THEN comparison.z_adjusted
            ELSE coalesce(comparison.z, comparison.z_adjusted)
        END AS z,
        (extract(YEAR FROM latest.period_end) - extract(YEAR FROM comparison.period_end)) * 12
        + extract(MONTH FROM latest.period_end) - extract(MONTH FROM comparison.period_end) AS months_before
    FROM comparison
    INNER JOIN latest ON comparison.indicator_id = latest.indicator_id
    INNER JOIN indicator ON comparison.indicator_id = indicator.indicator_id
    WHERE comparison.period_end < latest.period_end
),

earlier AS (
    SELECT
        indicator_id,
        authority_code,
        max(CASE WHEN months_before = 12 THEN z END) AS z_before,
        max(CASE WHEN months_before = 24 THEN z END) AS z_two_before
    FROM of_year
    WHERE months_before IN (12, 24)
    GROUP BY indicator_id, authority_code
)

SELECT
    comparison.indicator_id,
    comparison.authority_code,
    comparison.period_end,
    indicator.title,
    indicator.unit,
    indicator.decimals,
    indicator.measure,
    indicator.multiplier,
    indicator.polarity,
    indicator.standard,
    indicator.criterion_id,
    comparison.value,
    headline.numerator,
    headline.denominator,
    comparison.target,
    dispersion.target AS target_fraction,
    dispersion.tau2,
    dispersion.reliability,
    comparison.z,
    comparison.z_adjusted,
    earlier.z_before,
    earlier.z_two_before,
    comparison.quartile_band,
    comparison.label,
    comparison.why,
    comparison.shared_service,
    comparison.source_id,
    comparison.source_row
FROM comparison
INNER JOIN latest
    ON comparison.indicator_id = latest.indicator_id AND comparison.period_end = latest.period_end
LEFT JOIN earlier
    ON comparison.indicator_id = earlier.indicator_id AND comparison.authority_code = earlier.authority_code
INNER JOIN indicator ON comparison.indicator_id = indicator.indicator_id
INNER JOIN headline
    ON
        comparison.indicator_id = headline.indicator_id
        AND comparison.authority_code = headline.geography_code
        AND comparison.period_end = headline.period_end
LEFT JOIN dispersion
    ON comparison.indicator_id = dispersion.indicator_id AND comparison.period_end = dispersion.period_end
INNER JOIN authority ON comparison.authority_code = authority.authority_code
WHERE indicator.curated AND (authority.valid_to IS NULL OR authority.valid_to >= comparison.period_end)
ORDER BY indicator_id, authority_code
