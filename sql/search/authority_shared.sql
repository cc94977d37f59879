-- The authorities whose self-evaluations words can be found in on the day.
SELECT DISTINCT authority_code
FROM self_evaluation
WHERE shared_on <= $as_at
ORDER BY authority_code
