-- How many documents wait in review and are not searched: by authority, empty where that is not known either.
SELECT
    authority_code,
    count(DISTINCT file_name) AS files
FROM review
GROUP BY authority_code
ORDER BY authority_code
