-- grain: one row per set published by $as_at, authority and neighbour
-- key: set_id, authority_code, neighbour_code
SELECT
    set_id,
    authority_code,
    neighbour_code
FROM neighbour
WHERE published_on <= $as_at
