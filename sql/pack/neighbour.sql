-- The statistical neighbours of the latest set published by $as_at.
SELECT
    set_id,
    authority_code,
    neighbour_code,
    rank,
    closeness,
    source_id,
    release,
    source_row
FROM neighbour
WHERE published_on = (SELECT max(published_on) FROM neighbour WHERE published_on <= $as_at)
ORDER BY authority_code, rank
