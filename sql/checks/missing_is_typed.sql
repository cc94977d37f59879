-- A figure is there where it was observed, and nowhere else.
SELECT
    indicator_id,
    geography_code,
    period_end,
    value,
    status
FROM observation
WHERE (status = 'observed') <> (value IS NOT NULL)
