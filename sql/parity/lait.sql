-- grain: one row per indicator that the Local Authority Interactive Tool has too and authority that either has
-- key: indicator_id, authority_code
--
-- Our figure, rank, band and neighbour mean of the tool's latest year beside what the tool's rules make of its own
-- table: the latest year is the greatest label by text; ranks share the least place and 1 is best; bands are of type-7
-- quartiles on unrounded values; the neighbours' mean is plain and asks for no least number (docs/methods.md).
WITH

neighbour_in_force AS (
    SELECT
        authority_code,
        neighbour_code
    FROM neighbour
    WHERE set_id = (SELECT max(neighbour_set) FROM comparison)
),

measure AS (
    SELECT
        ours.indicator_id,
        ours.lait_name,
        ours.decimals,
        ours.polarity AS our_polarity,
        tool.indicator_id AS tool_id,
        tool.polarity
    FROM indicator AS ours
    INNER JOIN indicator AS tool ON ours.lait_name = tool.lait_name
    WHERE ours.curated AND ours.comparable AND NOT tool.curated
),

of_tool AS (
    SELECT
        measure.indicator_id,
        headline.geography_code AS authority_code,
        headline.period_label,
        headline.period_end,
        headline.value,
        measure.polarity
    FROM headline
    INNER JOIN measure ON headline.indicator_id = measure.tool_id
    WHERE headline.geography_level = 'authority'
),

latest AS (
    SELECT
        indicator_id,
        max(period_label) AS period_label
    FROM of_tool
    GROUP BY indicator_id
),

tool_figure AS (
    SELECT
        of_tool.*,
        CASE
            WHEN of_tool.polarity = 'high-is-better' THEN -of_tool.value
            WHEN of_tool.polarity = 'low-is-better' THEN of_tool.value
        END AS best_first
    FROM of_tool
    INNER JOIN latest ON of_tool.indicator_id = latest.indicator_id AND of_tool.period_label = latest.period_label
),

tool_period AS (
    SELECT
        indicator_id,
        max(period_label) AS period_label,
        max(period_end) AS period_end,
        count(value) AS n,
        quantile7(value, 0.0) AS q0,
        quantile7(value, 0.25) AS q25,
        quantile7(value, 0.5) AS q50,
        quantile7(value, 0.75) AS q75,
        quantile7(value, 1.0) AS q100
    FROM tool_figure
    GROUP BY indicator_id
),

tool_neighbours AS (
    SELECT
        tool_figure.indicator_id,
        neighbour_in_force.authority_code,
        cast(avg(cast(tool_figure.value AS decimal(28, 10))) AS double) AS neighbour_mean
    FROM neighbour_in_force
    INNER JOIN tool_figure ON neighbour_in_force.neighbour_code = tool_figure.authority_code
    GROUP BY tool_figure.indicator_id, neighbour_in_force.authority_code
),

tool_row AS (
    SELECT
        tool_figure.indicator_id,
        tool_figure.authority_code,
        tool_figure.value,
        CASE
            WHEN tool_figure.best_first IS NOT NULL
                THEN rank() OVER (PARTITION BY tool_figure.indicator_id ORDER BY tool_figure.best_first ASC NULLS LAST)
        END AS rank,
        lait_band(
            tool_figure.value,
            tool_period.q0,
            tool_period.q25,
            tool_period.q50,
            tool_period.q75,
            tool_period.q100,
            tool_figure.polarity
        ) AS band
    FROM tool_figure
    INNER JOIN tool_period ON tool_figure.indicator_id = tool_period.indicator_id
),

our_row AS (
    SELECT
        comparison.*,
        tool_period.period_label
    FROM comparison
    INNER JOIN tool_period
        ON comparison.indicator_id = tool_period.indicator_id AND comparison.period_end = tool_period.period_end
),

both AS (
    SELECT
        coalesce(our_row.indicator_id, tool_row.indicator_id) AS indicator_id,
        coalesce(our_row.authority_code, tool_row.authority_code) AS authority_code,
        our_row.indicator_id IS NULL AS ours_is_absent,
        tool_row.indicator_id IS NULL AS tool_is_absent,
        our_row.status,
        our_row.value,
        tool_row.value AS lait_value,
        our_row.rank,
        tool_row.rank AS lait_rank,
        our_row.rank_of,
        our_row.quartile_band,
        tool_row.band AS lait_band,
        our_row.neighbour_mean
    FROM our_row
    FULL JOIN tool_row
        ON our_row.indicator_id = tool_row.indicator_id AND our_row.authority_code = tool_row.authority_code
),

beside AS (
    SELECT
        both.*,
        measure.lait_name,
        measure.decimals,
        measure.polarity <> measure.our_polarity AS polarity_differs,
        measure.polarity AS lait_polarity,
        tool_period.period_label,
        tool_period.period_end,
        tool_period.n AS lait_rank_of,
        tool_neighbours.neighbour_mean AS lait_neighbour_mean,
        NOT (both.value IS NOT DISTINCT FROM both.lait_value) AS value_differs,
        NOT (both.rank IS NOT DISTINCT FROM both.lait_rank) AS rank_differs,
        NOT (both.quartile_band IS NOT DISTINCT FROM both.lait_band) AS band_differs,
        coalesce(abs(both.neighbour_mean - tool_neighbours.neighbour_mean) > 0.00000001, NOT (both.neighbour_mean IS NULL AND tool_neighbours.neighbour_mean IS NULL)) AS neighbour_mean_differs
    FROM both
    INNER JOIN measure ON both.indicator_id = measure.indicator_id
    INNER JOIN tool_period ON both.indicator_id = tool_period.indicator_id
    LEFT JOIN tool_neighbours
        ON both.indicator_id = tool_neighbours.indicator_id AND both.authority_code = tool_neighbours.authority_code
)

SELECT
    beside.indicator_id,
    beside.lait_name,
    beside.authority_code,
    authority.name,
    beside.period_label AS lait_year,
    beside.value,
    -- Beside other counts the tool's share of a figure that is suppressed would show what is hidden.
    CASE WHEN beside.status IS DISTINCT FROM 'suppressed' THEN beside.lait_value END AS lait_value,
    beside.rank,
    beside.lait_rank,
    beside.rank_of,
    beside.lait_rank_of,
    beside.quartile_band,
    beside.lait_band,
    beside.neighbour_mean,
    beside.lait_neighbour_mean,
    nullif(
        concat_ws(
            ', ',
            CASE WHEN beside.value_differs THEN 'value' END,
            CASE WHEN beside.rank_differs THEN 'rank' END,
            CASE WHEN beside.band_differs THEN 'band' END,
            CASE WHEN beside.neighbour_mean_differs THEN 'neighbour mean' END
        ),
        ''
    ) AS differs,
    CASE
        WHEN NOT (beside.value_differs OR beside.rank_differs OR beside.band_differs OR beside.neighbour_mean_differs)
            THEN NULL
        WHEN beside.ours_is_absent AND authority.valid_to <= beside.period_end
            THEN 'the authority had ended: no row of it is held'
        WHEN beside.ours_is_absent THEN 'no file held has a row of it for that year'
        WHEN beside.lait_value IS NULL AND beside.value IS NOT NULL
            THEN 'the tool prints no figure where the publication has one'
        WHEN beside.value IS NULL AND beside.lait_value IS NOT NULL
            THEN 'the publication held says ' || beside.status
        WHEN beside.value_differs
            AND abs(round(beside.value, cast(beside.decimals AS int)) - beside.lait_value) < 0.00000001
            THEN concat_ws(
                '; ',
                'the tool rounds',
                -- Rounding alone makes ties; another number of authorities moves ranks besides.
                CASE
                    WHEN (beside.rank_differs OR beside.band_differs) AND beside.rank_of <> beside.lait_rank_of
                        THEN beside.rank_of || ' are ranked here, ' || beside.lait_rank_of || ' there'
                END
            )
        WHEN beside.value_differs THEN 'the tool has the figure of another release'
        WHEN beside.polarity_differs THEN 'the tool takes ' || beside.lait_polarity || ' and we do not'
        WHEN beside.rank_differs OR beside.band_differs
            THEN 'other authorities'' figures differ: ' || beside.rank_of || ' are ranked here, ' || beside.lait_rank_of || ' there'
        ELSE 'a neighbour''s figure differs'
    END AS reason
FROM beside
INNER JOIN authority ON beside.authority_code = authority.authority_code
ORDER BY indicator_id, authority_code
