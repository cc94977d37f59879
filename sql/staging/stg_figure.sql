-- grain: one row per comparable indicator, authority and period: its headline figure with what its statistics need
-- key: indicator_id, authority_code, period_end
SELECT
    headline.indicator_id,
    headline.geography_code AS authority_code,
    headline.period_end,
    indicator.measure,
    indicator.multiplier,
    indicator.polarity,
    indicator.standard IS NOT NULL AS has_standard,
    headline.value,
    headline.numerator,
    headline.denominator,
    headline.status,
    headline.shared_service,
    headline.source_id,
    headline.source_row
FROM headline
INNER JOIN indicator ON headline.indicator_id = indicator.indicator_id
WHERE headline.geography_level = 'authority' AND indicator.comparable
