-- The files that were read.
SELECT
    source_id,
    release,
    title,
    publisher,
    licence,
    landing_page,
    published_on,
    published_on_assumed,
    file_name
FROM source
ORDER BY source_id, release
