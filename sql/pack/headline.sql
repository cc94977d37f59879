-- Every headline figure of a described indicator, by indicator, area and period.
SELECT
    headline.indicator_id,
    headline.geography_level,
    headline.geography_code,
    headline.period_end,
    headline.period_label,
    headline.shared_service,
    headline.value,
    headline.status,
    headline.published_on,
    headline.published_on_assumed,
    headline.vintage_published_on,
    headline.source_id,
    headline.release,
    headline.source_row,
    headline.source_column
FROM headline
INNER JOIN indicator ON headline.indicator_id = indicator.indicator_id
WHERE indicator.curated
ORDER BY indicator_id, geography_code, period_end
