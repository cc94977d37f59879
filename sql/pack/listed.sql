-- Lists of inspections and of visits that are held, with the days on which the first and last event in each began.
--
-- A report or letter is no list: it tells of itself alone.
WITH

told AS (
    SELECT
        CASE
            WHEN inspection.kind IN ('focused-visit', 'monitoring-visit') THEN 'visits'
            ELSE 'inspections'
        END AS of_what,
        inspection_source.source_id,
        inspection_source.release,
        inspection.started_on
    FROM inspection_source
    INNER JOIN inspection ON inspection_source.event_id = inspection.event_id
    WHERE inspection_source.evidence <> 'inspection-report'
)

SELECT
    told.of_what,
    source.source_id,
    source.release,
    source.published_on,
    min(told.started_on) AS first_day,
    max(told.started_on) AS last_day
FROM told
INNER JOIN source ON told.source_id = source.source_id AND told.release = source.release
GROUP BY told.of_what, source.source_id, source.release, source.published_on
ORDER BY of_what, first_day, last_day, source_id, release
