-- grain: one row per authority and neighbour of the latest set published by $as_at
-- key: authority_code, neighbour_code
SELECT
    set_id,
    authority_code,
    neighbour_code
FROM neighbour
WHERE published_on = (SELECT max(published_on) FROM neighbour WHERE published_on <= $as_at)
