-- grain: one row per indicator, area and period: its headline figure as known at $as_at
-- key: indicator_id, geography_code, period_end
--
-- Of several vintages of a figure the latest that was public by then holds. Where only a later
-- vintage is held, that one stands for it ("as later revised"), the earliest first.
WITH

public_by_then AS (
    SELECT
        indicator_id,
        geography_level,
        geography_code,
        period_end,
        value,
        status,
        published_on,
        vintage_published_on,
        source_id,
        release,
        source_row,
        CASE WHEN vintage_published_on <= $as_at THEN vintage_published_on END AS known_vintage
    FROM observation
    WHERE breakdown = '' AND published_on <= $as_at
),

in_order AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY indicator_id, geography_code, period_end
            ORDER BY known_vintage DESC NULLS LAST, vintage_published_on, source_id, release, source_row
        ) AS place
    FROM public_by_then
)

SELECT
    indicator_id,
    geography_level,
    geography_code,
    period_end,
    value,
    status,
    published_on,
    vintage_published_on,
    source_id,
    release,
    source_row
FROM in_order
WHERE place = 1
