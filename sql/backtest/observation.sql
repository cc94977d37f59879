-- The facts that the models of figures run over in a replay: the headline figures of authorities, of the indicators that
-- are tried, of deprivation and of poverty.
SELECT observation.*
FROM observation
INNER JOIN indicator ON observation.indicator_id = indicator.indicator_id
WHERE
    observation.breakdown = ''
    AND observation.geography_level = 'authority'
    AND (
        (indicator.curated AND indicator.comparable AND indicator.polarity <> 'none')
        OR indicator.indicator_id IN ('deprivation-idaci-score', 'lait-childpov')
    )
