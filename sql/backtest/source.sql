-- The files that figures are from, with the day on which each was published.
SELECT *
FROM source
