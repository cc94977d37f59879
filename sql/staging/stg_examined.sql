-- grain: one row per indicator that is examined and authority: its latest comparison and what its sentence needs
-- key: indicator_id, authority_code
--
-- Examined is every comparable indicator that a person described, in the last period in which any authority has a
-- figure, for authorities that there were then. The figures before are those of one and of two years before.
WITH

latest AS (
    SELECT
        comparison.indicator_id,
        max(comparison.period_end) AS period_end
    FROM comparison
    WHERE comparison.value IS NOT NULL
    GROUP BY comparison.indicator_id
),

of_month AS (
    SELECT
        comparison.*,
        extract(YEAR FROM comparison.period_end) * 12 + extract(MONTH FROM comparison.period_end) AS month_number
    FROM comparison
),

beside_earlier AS (
    SELECT
        of_month.*,
        CASE
            WHEN
                of_month.month_number - lag(of_month.month_number, 1) OVER (
                    PARTITION BY of_month.indicator_id, of_month.authority_code ORDER BY of_month.period_end
                ) = 12
                THEN lag(of_month.z_adjusted, 1) OVER (
                    PARTITION BY of_month.indicator_id, of_month.authority_code ORDER BY of_month.period_end
                )
        END AS z_before,
        CASE
            WHEN
                of_month.month_number - lag(of_month.month_number, 2) OVER (
                    PARTITION BY of_month.indicator_id, of_month.authority_code ORDER BY of_month.period_end
                ) = 24
                THEN lag(of_month.z_adjusted, 2) OVER (
                    PARTITION BY of_month.indicator_id, of_month.authority_code ORDER BY of_month.period_end
                )
        END AS z_two_before
    FROM of_month
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
INNER JOIN authority ON beside_earlier.authority_code = authority.authority_code
WHERE indicator.curated AND (authority.valid_to IS NULL OR authority.valid_to >= beside_earlier.period_end)
