-- grain: one row per comparable indicator and period: how authorities' figures lie
-- key: indicator_id, period_end
--
-- Quantiles are of type 7 over the authorities that have a figure.
SELECT
    figure.indicator_id,
    figure.period_end,
    count(figure.value) AS n,
    quantile7(figure.value, 0.0) AS q0,
    quantile7(figure.value, 0.25) AS q25,
    quantile7(figure.value, 0.5) AS q50,
    quantile7(figure.value, 0.75) AS q75,
    quantile7(figure.value, 1.0) AS q100
FROM headline AS figure
INNER JOIN indicator ON figure.indicator_id = indicator.indicator_id
WHERE figure.geography_level = 'authority' AND indicator.comparable
GROUP BY figure.indicator_id, figure.period_end
ORDER BY figure.indicator_id, figure.period_end
