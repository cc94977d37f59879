-- The described indicators.
SELECT
    indicator_id,
    title,
    topic,
    unit,
    polarity,
    decimals,
    criterion_id,
    comparable,
    computed_from
FROM indicator
WHERE curated
ORDER BY indicator_id
