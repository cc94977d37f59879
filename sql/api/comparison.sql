-- One authority's comparisons: each described indicator in its own latest period, or every period of the
-- one indicator that is named.
WITH

own AS (
    SELECT * FROM comparison WHERE authority_code = $authority_code
),

latest AS (
    SELECT
        indicator_id,
        max(period_end) AS period_end
    FROM own
    GROUP BY indicator_id
)

SELECT
    concat(
        'comparison/',
        own.indicator_id,
        '~',
        own.authority_code,
        '~',
        cast(own.period_end AS varchar),
        '/value@',
        $snapshot
    ) AS figure_id,
    indicator.criterion_id,
    indicator.title,
    indicator.unit,
    indicator.polarity,
    indicator.decimals,
    own.*
FROM own
INNER JOIN latest ON own.indicator_id = latest.indicator_id
INNER JOIN indicator ON own.indicator_id = indicator.indicator_id
WHERE
    (own.indicator_id = $indicator_id)
    OR ($indicator_id = '' AND indicator.curated AND own.period_end = latest.period_end)
ORDER BY indicator.criterion_id NULLS LAST, own.indicator_id, own.period_end
