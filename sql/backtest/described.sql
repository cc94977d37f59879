-- What is said of the indicators that are tried, for the models of a replay.
SELECT *
FROM indicator
