-- Every graded inspection of the record, with the name of its authority and the day on which its council ended.
SELECT
    inspection.event_id,
    inspection.authority_code,
    authority.name,
    authority.valid_to,
    inspection.kind,
    inspection.started_on,
    inspection.published_on,
    inspection.overall,
    inspection.leaders,
    inspection.help_and_protection,
    inspection.in_care,
    inspection.care_leavers
FROM inspection
INNER JOIN authority ON inspection.authority_code = authority.authority_code
WHERE inspection.kind IN ('standard', 'short', 'sif', 'sif-reinspection')
ORDER BY started_on NULLS FIRST, authority_code, event_id
