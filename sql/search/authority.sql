-- The authorities of whose reports words can be found on the day.
SELECT DISTINCT inspection.authority_code
FROM finding
INNER JOIN inspection ON finding.event_id = inspection.event_id
WHERE inspection.published_on <= $as_at
ORDER BY authority_code
