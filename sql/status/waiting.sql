-- How many documents wait in review, and for what.
SELECT
    count(DISTINCT file_name) AS files,
    count(*) FILTER (WHERE field <> 'what-was-read') AS doubts
FROM review
HAVING count(*) > 0
