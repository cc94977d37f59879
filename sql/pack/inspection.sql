-- Inspections and visits, by authority, the latest first.
SELECT
    event_id,
    authority_code,
    kind,
    framework,
    started_on,
    published_on,
    overall,
    overall_missing,
    leaders,
    leaders_missing,
    help_and_protection,
    help_and_protection_missing,
    in_care,
    in_care_missing,
    care_leavers,
    care_leavers_missing,
    outcome,
    confidence,
    focus_topics
FROM inspection
ORDER BY authority_code, coalesce(started_on, published_on) DESC, event_id
