-- Whether there is an indicator of this id.
SELECT indicator_id FROM indicator
WHERE indicator_id = $indicator_id
