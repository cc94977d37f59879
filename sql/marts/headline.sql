-- grain: one row per indicator, area and period: its headline figure as known on the day $as_at
-- key: indicator_id, geography_code, period_end
--
-- Figures of periods that were public by then, each from the vintage that holds (stg_vintage). Every figure has its
-- source, so that the left join loses nothing; of an inner one the engine expects no more rows than there are sources.
WITH

public_by_then AS (
    SELECT
        observation.*,
        stg_vintage.preference
    FROM observation
    LEFT JOIN stg_vintage
        ON observation.source_id = stg_vintage.source_id AND observation.release = stg_vintage.release
    WHERE observation.breakdown = '' AND observation.published_on <= $as_at
),

-- Nearly every period of an indicator is in one vintage alone, and then nothing has to be chosen area by area.
contested AS (
    SELECT
        indicator_id,
        period_end
    FROM public_by_then
    GROUP BY indicator_id, period_end
    HAVING min(preference) <> max(preference)
),

chosen AS (
    SELECT
        public_by_then.indicator_id,
        public_by_then.geography_code,
        public_by_then.period_end,
        min(public_by_then.preference) AS preference
    FROM public_by_then
    INNER JOIN contested
        ON public_by_then.indicator_id = contested.indicator_id AND public_by_then.period_end = contested.period_end
    GROUP BY public_by_then.indicator_id, public_by_then.geography_code, public_by_then.period_end
)

SELECT
    public_by_then.indicator_id,
    public_by_then.geography_level,
    public_by_then.geography_code,
    public_by_then.period_end,
    public_by_then.period_label,
    public_by_then.shared_service,
    public_by_then.value,
    public_by_then.numerator,
    public_by_then.denominator,
    public_by_then.status,
    public_by_then.published_on,
    public_by_then.published_on_assumed,
    public_by_then.vintage_published_on,
    public_by_then.source_id,
    public_by_then.release,
    public_by_then.source_row,
    public_by_then.source_column
FROM public_by_then
LEFT JOIN chosen
    ON
        public_by_then.indicator_id = chosen.indicator_id
        AND public_by_then.geography_code = chosen.geography_code
        AND public_by_then.period_end = chosen.period_end
WHERE coalesce(chosen.preference, public_by_then.preference) = public_by_then.preference
ORDER BY indicator_id, geography_code, period_end
