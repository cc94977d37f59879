-- Rank and band are there where an indicator has polarity and the authority a figure, and only there.
SELECT
    comparison.indicator_id,
    comparison.authority_code,
    comparison.period_end,
    comparison.value,
    comparison.rank,
    comparison.quartile_band
FROM comparison
INNER JOIN indicator ON comparison.indicator_id = indicator.indicator_id
WHERE
    (comparison.rank IS NOT NULL) <> (indicator.polarity <> 'none' AND comparison.value IS NOT NULL)
    OR (comparison.quartile_band IS NOT NULL) <> (comparison.rank IS NOT NULL)
