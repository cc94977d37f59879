-- grain: one row per figure that two vintages of one source, one after the other, give differently
-- key: source_id, indicator_id, geography_code, period_end, breakdown, later_release
--
-- Of periods that both vintages hold: a figure that changed, whose status changed, that was added or withdrawn.
WITH

vintage AS (
    SELECT
        source_id,
        release,
        published_on,
        lag(release) OVER (PARTITION BY source_id ORDER BY published_on, file_name, release) AS earlier_release
    FROM source
    WHERE published_on <= $as_at
),

pair AS (
    SELECT source_id, earlier_release, release AS later_release, published_on AS revised_on
    FROM vintage
    WHERE earlier_release IS NOT NULL
),

held AS (
    SELECT DISTINCT source_id, release, period_end FROM observation
),

compared AS (
    SELECT
        pair.source_id,
        pair.earlier_release,
        pair.later_release,
        pair.revised_on,
        earlier.period_end
    FROM pair
    INNER JOIN held AS earlier ON pair.source_id = earlier.source_id AND pair.earlier_release = earlier.release
    INNER JOIN held AS later
        ON
            pair.source_id = later.source_id
            AND pair.later_release = later.release
            AND earlier.period_end = later.period_end
),

-- Both vintages' figures of those periods; a vintage stands in the pair before it and in the pair after it.
side AS (
    SELECT
        compared.earlier_release,
        compared.later_release,
        compared.revised_on,
        observation.release = compared.later_release AS is_later,
        observation.*
    FROM observation
    INNER JOIN compared
        ON
            observation.source_id = compared.source_id
            AND observation.period_end = compared.period_end
            AND (observation.release = compared.earlier_release OR observation.release = compared.later_release)
),

-- A file gives one figure of an indicator, area, period and breakdown (a check says so), so each maximum is that one.
matched AS (
    SELECT
        source_id,
        indicator_id,
        coalesce(max(geography_level) FILTER (WHERE is_later), max(geography_level)) AS geography_level,
        geography_code,
        coalesce(max(geography_name) FILTER (WHERE is_later), max(geography_name)) AS geography_name,
        period_end,
        coalesce(max(period_label) FILTER (WHERE is_later), max(period_label)) AS period_label,
        breakdown,
        earlier_release,
        later_release,
        revised_on,
        max(value) FILTER (WHERE NOT is_later) AS earlier_value,
        max(status) FILTER (WHERE NOT is_later) AS earlier_status,
        max(source_row) FILTER (WHERE NOT is_later) AS earlier_row,
        max(value) FILTER (WHERE is_later) AS later_value,
        max(status) FILTER (WHERE is_later) AS later_status,
        max(source_row) FILTER (WHERE is_later) AS later_row
    FROM side
    GROUP BY
        source_id,
        indicator_id,
        geography_code,
        period_end,
        breakdown,
        earlier_release,
        later_release,
        revised_on
)

SELECT
    *,
    later_value - earlier_value AS difference,
    CASE
        WHEN earlier_status IS NULL THEN 'added'
        WHEN later_status IS NULL THEN 'withdrawn'
        WHEN earlier_status <> later_status THEN 'status'
        ELSE 'value'
    END AS change
FROM matched
WHERE
    earlier_status IS NULL
    OR later_status IS NULL
    OR earlier_status <> later_status
    OR earlier_value <> later_value
ORDER BY source_id, later_release, indicator_id, period_end, breakdown, geography_code
