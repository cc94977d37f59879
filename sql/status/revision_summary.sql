-- How many figures changed from one vintage of a source to the next.
SELECT
    earlier_source_id,
    earlier_release,
    later_source_id,
    later_release,
    indicator_id,
    count(*) AS figures,
    count(*) FILTER (WHERE change = 'value') AS changed,
    count(*) FILTER (WHERE change = 'status') AS status_changed,
    count(*) FILTER (WHERE change = 'added') AS added,
    count(*) FILTER (WHERE change = 'withdrawn') AS withdrawn,
    max(abs(difference)) AS largest_difference
FROM revision
GROUP BY source_id, earlier_source_id, earlier_release, later_source_id, later_release, indicator_id
ORDER BY source_id, later_source_id, later_release, indicator_id
