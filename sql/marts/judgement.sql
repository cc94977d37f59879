-- grain: one row per inspection or visit and judgement of which a source says something
-- key: event_id, judgement_id
--
-- The first record by place that settles the judgement decides: a later one neither overrules it nor fills in a
-- grade where the better source says that there was none. Where none settles it, it could not be read.
WITH

deciding AS (
    SELECT
        event_id,
        judgement_id,
        coalesce(min(place) FILTER (WHERE settles), min(place)) AS place
    FROM stg_judgement
    GROUP BY event_id, judgement_id
)

SELECT
    stg_judgement.event_id,
    stg_judgement.judgement_id,
    stg_judgement.grade,
    stg_judgement.missing,
    stg_judgement.position,
    stg_judgement.source_id,
    stg_judgement.release,
    stg_judgement.source_table,
    stg_judgement.source_part,
    stg_judgement.source_row
FROM stg_judgement
INNER JOIN deciding
    ON
        stg_judgement.event_id = deciding.event_id
        AND stg_judgement.judgement_id = deciding.judgement_id
        AND stg_judgement.place = deciding.place
ORDER BY event_id, position, judgement_id
