-- The days on which a figure or a file with figures became public: between two of them the models of figures answer alike.
SELECT published_on FROM observation
UNION
SELECT source.published_on
FROM source
INNER JOIN observation ON source.source_id = observation.source_id AND source.release = observation.release
ORDER BY published_on
