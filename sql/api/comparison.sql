-- One authority's comparisons: each described indicator in its own latest period, or every period of the
-- one indicator that is named. Of an authority that ended, periods after its end in which it has no figure are no
-- periods of its own, though files go on to list it.
WITH

own AS (
    SELECT comparison.*
    FROM comparison
    INNER JOIN authority ON comparison.authority_code = authority.authority_code
    WHERE
        comparison.authority_code = $authority_code
        AND (
            authority.valid_to IS NULL
            OR comparison.period_end <= authority.valid_to
            OR comparison.value IS NOT NULL
        )
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
