-- grain: one row per comparable indicator and period: how far authorities differ beyond chance
-- key: indicator_id, period_end
--
-- Every row of funnel of an indicator and period says the same of it.
SELECT
    indicator_id,
    period_end,
    max(areas) AS areas,
    max(target_fraction) AS target,
    max(target_rule) AS target_rule,
    max(phi) AS phi,
    max(tau2) AS tau2,
    max(reliability) AS reliability,
    max(dispersion_why) AS why
FROM funnel
GROUP BY indicator_id, period_end
ORDER BY indicator_id, period_end
