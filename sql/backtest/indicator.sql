-- Every indicator that is tried as a signal: described by a person, comparable, and with a worse end; and the day on which
-- a figure of it first became public.
SELECT
    indicator.indicator_id,
    min(indicator.title) AS title,
    min(indicator.polarity) AS polarity,
    min(indicator.criterion_id) AS criterion_id,
    min(observation.published_on) AS first_public
FROM indicator
INNER JOIN observation ON indicator.indicator_id = observation.indicator_id
WHERE
    indicator.curated
    AND indicator.comparable
    AND indicator.polarity <> 'none'
    AND observation.breakdown = ''
    AND observation.geography_level = 'authority'
    AND observation.value IS NOT NULL
GROUP BY indicator.indicator_id
ORDER BY indicator_id
