-- The days on which a figure or a file became public: between two of them the models of figures answer alike.
SELECT published_on FROM observation
UNION
SELECT published_on FROM source
ORDER BY published_on
