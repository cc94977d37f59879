-- grain: one row per set, authority and rank of a statistical neighbour
-- key: set_id, authority_code, rank
--
-- Where two files give a set, an authority is taken whole from the file that comes first by
-- precedence: the workbook of the Local Authority Interactive Tool before its copies.
WITH

in_order AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY set_id, authority_code, rank
            ORDER BY precedence, source_id, release, source_row
        ) AS place
    FROM neighbour_record
)

SELECT
    set_id,
    authority_code,
    neighbour_code,
    rank,
    closeness,
    published_on,
    source_id,
    release,
    source_row
FROM in_order
WHERE place = 1
ORDER BY set_id, authority_code, rank
