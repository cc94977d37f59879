-- grain: one row per source and release, with its preference on the day $as_at
-- key: source_id, release
--
-- Of several vintages of a figure the one with the least preference holds: the latest that was public
-- by then. Of two files of one release, which a build warns of, the last by name. Where only later vintages are held, the earliest of them stands for it ("as later revised").
WITH

vintage AS (
    SELECT
        source_id,
        release,
        published_on,
        file_name,
        CASE WHEN published_on <= $as_at THEN published_on END AS known_on
    FROM source
)

SELECT
    source_id,
    release,
    row_number() OVER (ORDER BY known_on DESC NULLS LAST, published_on, source_id, file_name DESC, release) AS preference
FROM vintage
