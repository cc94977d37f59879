-- An inspection has an authority and a day, and each grade a value or a reason. One whose kind no source
-- says is kept where it has a grade, and its confidence says so.
SELECT
    inspection.event_id,
    inspection.kind,
    inspection.started_on,
    inspection.published_on
FROM inspection
LEFT JOIN authority ON inspection.authority_code = authority.authority_code
WHERE
    authority.authority_code IS NULL
    OR (inspection.started_on IS NULL AND inspection.published_on IS NULL)
    OR (inspection.overall IS NULL) <> (inspection.overall_missing IS NOT NULL)
    OR (inspection.leaders IS NULL) <> (inspection.leaders_missing IS NOT NULL)
    OR (inspection.help_and_protection IS NULL) <> (inspection.help_and_protection_missing IS NOT NULL)
    OR (inspection.in_care IS NULL) <> (inspection.in_care_missing IS NOT NULL)
    OR (inspection.care_leavers IS NULL) <> (inspection.care_leavers_missing IS NOT NULL)
    OR inspection.ended_on < inspection.started_on
    OR inspection.published_on < inspection.started_on
