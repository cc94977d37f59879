-- grain: one row per authority and change to its boundaries, its existence or its code since 2009
-- key: authority_code, changed_on, change, other_codes
--
-- A series is broken where the council began or ended: its figures and those of the councils before or after it are
-- about other areas and are never joined. A council that was only recoded keeps its series.
WITH

succession AS (
    SELECT
        ended.authority_code AS ended_code,
        ended.name AS ended_name,
        ended.valid_to,
        began.authority_code AS began_code,
        began.name AS began_name,
        began.valid_from
    FROM authority AS ended
    INNER JOIN authority AS began
        ON strpos(concat(' ', ended.successor_codes, ' '), concat(' ', began.authority_code, ' ')) > 0
),

by_ended AS (
    SELECT ended_code, count(*) AS successors FROM succession GROUP BY ended_code
),

by_began AS (
    SELECT began_code, count(*) AS predecessors FROM succession GROUP BY began_code
),

ended AS (
    SELECT
        succession.ended_code AS authority_code,
        cast(succession.valid_to + INTERVAL '1' DAY AS date) AS changed_on,
        CASE
            WHEN max(by_ended.successors) > 1 AND max(by_began.predecessors) > 1 THEN 'split-and-merged'
            WHEN max(by_ended.successors) > 1 THEN 'split'
            WHEN max(by_began.predecessors) > 1 THEN 'merged'
            ELSE 'replaced'
        END AS change,
        string_agg(succession.began_code, ' ' ORDER BY succession.began_code) AS other_codes,
        concat(
            'ended; its area went to ', string_agg(succession.began_name, ' and ' ORDER BY succession.began_code)
        ) AS what
    FROM succession
    INNER JOIN by_ended ON succession.ended_code = by_ended.ended_code
    INNER JOIN by_began ON succession.began_code = by_began.began_code
    GROUP BY succession.ended_code, succession.valid_to
),

began AS (
    SELECT
        succession.began_code AS authority_code,
        succession.valid_from AS changed_on,
        'created' AS change,
        string_agg(succession.ended_code, ' ' ORDER BY succession.ended_code) AS other_codes,
        concat(
            'began; its area came from ', string_agg(succession.ended_name, ' and ' ORDER BY succession.ended_code)
        ) AS what
    FROM succession
    GROUP BY succession.began_code, succession.valid_from
),

recoded AS (
    SELECT
        authority_code,
        cast(valid_to + INTERVAL '1' DAY AS date) AS changed_on,
        'recoded' AS change,
        published_code AS other_codes,
        concat('its code was ', published_code) AS what
    FROM authority_code_history
    WHERE published_code <> authority_code AND valid_to IS NOT NULL
),

change AS (
    SELECT *, true AS breaks_series FROM ended
    UNION ALL
    SELECT *, true AS breaks_series FROM began
    UNION ALL
    SELECT *, false AS breaks_series FROM recoded
)

SELECT
    change.authority_code,
    change.changed_on,
    change.change,
    change.other_codes,
    change.breaks_series,
    change.what,
    coalesce(authority_code_history.why, '') AS why
FROM change
LEFT JOIN authority_code_history
    ON
        authority_code_history.published_code
        = CASE WHEN change.change = 'recoded' THEN change.other_codes ELSE change.authority_code END
ORDER BY authority_code, changed_on, change, other_codes
