-- What changed from one vintage of a source to the next, a row a figure.
SELECT
    earlier_source_id,
    earlier_release,
    later_source_id,
    later_release,
    revised_on,
    indicator_id,
    geography_code,
    geography_name,
    period_label,
    breakdown,
    change,
    earlier_value,
    earlier_status,
    later_value,
    later_status,
    difference,
    earlier_row,
    later_row
FROM revision
ORDER BY source_id, later_source_id, later_release, indicator_id, period_end, breakdown, geography_code
