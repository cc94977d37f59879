-- Lists of inspections and of visits that are held, with the days on which the first and last event in each began.
--
-- A report or letter is no list: it tells of itself alone.
SELECT
    CASE WHEN inspection.kind IN ('focused-visit', 'monitoring-visit') THEN 'visits' ELSE 'inspections' END AS of_what,
    source.source_id,
    source.release,
    source.published_on,
    min(inspection.started_on) AS first_day,
    max(inspection.started_on) AS last_day
FROM inspection_source
INNER JOIN inspection ON inspection_source.event_id = inspection.event_id
INNER JOIN source
    ON inspection_source.source_id = source.source_id AND inspection_source.release = source.release
WHERE inspection_source.evidence <> 'inspection-report'
GROUP BY
    CASE WHEN inspection.kind IN ('focused-visit', 'monitoring-visit') THEN 'visits' ELSE 'inspections' END,
    source.source_id,
    source.release,
    source.published_on
ORDER BY of_what, first_day, last_day, source_id, release
