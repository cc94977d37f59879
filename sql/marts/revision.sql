-- grain: one row per figure that two vintages of one series, one after the other, give differently
-- key: source_id, indicator_id, geography_code, period_end, breakdown, later_source_id, later_release
--
-- A series is the indicators of one source; a file of another layout that continues them is a vintage of it too. Of
-- indicators and periods that both vintages hold: a figure that changed, whose status changed, that was added or
-- withdrawn. Of two files of one day neither is the other's successor in what it holds, so that nothing is added or
-- withdrawn between them.
WITH

held AS (
    SELECT DISTINCT
        coalesce(indicator.source_id, observation.source_id) AS series_id,
        observation.source_id,
        observation.release,
        observation.indicator_id,
        observation.period_end
    FROM observation
    LEFT JOIN indicator ON observation.indicator_id = indicator.indicator_id
),

vintage AS (
    SELECT DISTINCT
        held.series_id,
        source.source_id,
        source.release,
        source.published_on,
        source.file_name
    FROM held
    INNER JOIN source ON held.source_id = source.source_id AND held.release = source.release
    WHERE source.published_on <= $as_at
),

placed AS (
    SELECT
        *,
        row_number() OVER (PARTITION BY series_id ORDER BY published_on, file_name, source_id, release) AS place
    FROM vintage
),

pair AS (
    SELECT
        later.series_id,
        earlier.source_id AS earlier_source_id,
        earlier.release AS earlier_release,
        later.source_id AS later_source_id,
        later.release AS later_release,
        later.published_on AS revised_on,
        earlier.published_on < later.published_on AS succeeds
    FROM placed AS later
    INNER JOIN placed AS earlier ON later.series_id = earlier.series_id AND later.place = earlier.place + 1
),

compared AS (
    SELECT
        pair.*,
        earlier.indicator_id,
        earlier.period_end
    FROM pair
    INNER JOIN held AS earlier
        ON pair.earlier_source_id = earlier.source_id AND pair.earlier_release = earlier.release
    INNER JOIN held AS later
        ON
            pair.later_source_id = later.source_id
            AND pair.later_release = later.release
            AND earlier.indicator_id = later.indicator_id
            AND earlier.period_end = later.period_end
    WHERE earlier.series_id = pair.series_id
),

-- Both vintages' figures of those periods; a vintage stands in the pair before it and in the pair after it.
side AS (
    SELECT
        compared.series_id,
        compared.earlier_source_id,
        compared.earlier_release,
        compared.later_source_id,
        compared.later_release,
        compared.revised_on,
        compared.succeeds,
        observation.source_id = compared.later_source_id
        AND observation.release = compared.later_release AS is_later,
        observation.*
    FROM observation
    INNER JOIN compared
        ON
            observation.indicator_id = compared.indicator_id
            AND observation.period_end = compared.period_end
            AND (
                (
                    observation.source_id = compared.earlier_source_id
                    AND observation.release = compared.earlier_release
                )
                OR (
                    observation.source_id = compared.later_source_id
                    AND observation.release = compared.later_release
                )
            )
),

-- A file gives one figure of an indicator, area, period and breakdown (a check says so), so each maximum is that one.
matched AS (
    SELECT
        series_id AS source_id,
        indicator_id,
        coalesce(max(geography_level) FILTER (WHERE is_later), max(geography_level)) AS geography_level,
        geography_code,
        coalesce(max(geography_name) FILTER (WHERE is_later), max(geography_name)) AS geography_name,
        period_end,
        coalesce(max(period_label) FILTER (WHERE is_later), max(period_label)) AS period_label,
        breakdown,
        earlier_source_id,
        earlier_release,
        later_source_id,
        later_release,
        revised_on,
        succeeds,
        max(value) FILTER (WHERE NOT is_later) AS earlier_value,
        max(status) FILTER (WHERE NOT is_later) AS earlier_status,
        max(source_row) FILTER (WHERE NOT is_later) AS earlier_row,
        max(value) FILTER (WHERE is_later) AS later_value,
        max(status) FILTER (WHERE is_later) AS later_status,
        max(source_row) FILTER (WHERE is_later) AS later_row
    FROM side
    GROUP BY
        series_id,
        indicator_id,
        geography_code,
        period_end,
        breakdown,
        earlier_source_id,
        earlier_release,
        later_source_id,
        later_release,
        revised_on,
        succeeds
)

SELECT
    source_id,
    indicator_id,
    geography_level,
    geography_code,
    geography_name,
    period_end,
    period_label,
    breakdown,
    earlier_source_id,
    earlier_release,
    later_source_id,
    later_release,
    revised_on,
    earlier_value,
    earlier_status,
    earlier_row,
    later_value,
    later_status,
    later_row,
    round(later_value - earlier_value, 6) AS difference,
    CASE
        WHEN earlier_status IS NULL THEN 'added'
        WHEN later_status IS NULL THEN 'withdrawn'
        WHEN earlier_status <> later_status THEN 'status'
        ELSE 'value'
    END AS change
FROM matched
WHERE
    (earlier_status IS NULL AND succeeds)
    OR (later_status IS NULL AND succeeds)
    OR earlier_status <> later_status
    OR earlier_value <> later_value
ORDER BY source_id, later_source_id, later_release, indicator_id, period_end, breakdown, geography_code
