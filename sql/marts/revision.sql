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

before AS (
    SELECT compared.later_release, compared.revised_on, observation.*
    FROM observation
    INNER JOIN compared
        ON
            observation.source_id = compared.source_id
            AND observation.release = compared.earlier_release
            AND observation.period_end = compared.period_end
),

after AS (
    SELECT compared.earlier_release, compared.revised_on, observation.*
    FROM observation
    INNER JOIN compared
        ON
            observation.source_id = compared.source_id
            AND observation.release = compared.later_release
            AND observation.period_end = compared.period_end
),

matched AS (
    SELECT
        coalesce(after.source_id, before.source_id) AS source_id,
        coalesce(after.indicator_id, before.indicator_id) AS indicator_id,
        coalesce(after.geography_level, before.geography_level) AS geography_level,
        coalesce(after.geography_code, before.geography_code) AS geography_code,
        coalesce(after.geography_name, before.geography_name) AS geography_name,
        coalesce(after.period_end, before.period_end) AS period_end,
        coalesce(after.period_label, before.period_label) AS period_label,
        coalesce(after.breakdown, before.breakdown) AS breakdown,
        coalesce(before.release, after.earlier_release) AS earlier_release,
        coalesce(after.release, before.later_release) AS later_release,
        coalesce(after.revised_on, before.revised_on) AS revised_on,
        before.value AS earlier_value,
        before.status AS earlier_status,
        before.source_row AS earlier_row,
        after.value AS later_value,
        after.status AS later_status,
        after.source_row AS later_row
    FROM before
    FULL OUTER JOIN after
        ON
            before.source_id = after.source_id
            AND before.later_release = after.release
            AND before.indicator_id = after.indicator_id
            AND before.geography_code = after.geography_code
            AND before.period_end = after.period_end
            AND before.breakdown = after.breakdown
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
