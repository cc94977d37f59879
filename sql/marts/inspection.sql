-- grain: one row per inspection or visit
-- key: event_id
--
-- Each value is that of the first record by place that gives one (judgement says how for grades); what other
-- records say otherwise is in inspection_source. An event of which no source says the kind or any grade is no
-- more than a listed document: it waits in review.
WITH

known AS (
    SELECT
        event_id,
        min(authority_code) AS authority_code,
        first_value(kind ORDER BY place) FILTER (WHERE kind IS NOT NULL) AS kind,
        first_value(framework ORDER BY place) FILTER (WHERE framework <> '') AS framework,
        first_value(started_on ORDER BY place) FILTER (WHERE started_on IS NOT NULL) AS started_on,
        first_value(ended_on ORDER BY place) FILTER (WHERE ended_on IS NOT NULL) AS ended_on,
        first_value(published_on ORDER BY place) FILTER (WHERE published_on IS NOT NULL) AS published_on,
        first_value(outcome ORDER BY place) FILTER (WHERE outcome IS NOT NULL) AS outcome,
        first_value(focus_topics ORDER BY place) FILTER (WHERE focus_topics IS NOT NULL) AS focus_topics,
        first_value(priority_action ORDER BY place) FILTER (WHERE priority_action IS NOT NULL) AS priority_action,
        first_value(evidence ORDER BY place) AS evidence,
        count(DISTINCT source_id) AS source_count,
        bool_or(shared_service) AS shared_service
    FROM stg_inspection_record
    GROUP BY event_id
),

graded AS (
    SELECT
        event_id,
        max(grade) FILTER (WHERE judgement_id = 'overall') AS overall,
        max(missing) FILTER (WHERE judgement_id = 'overall') AS overall_missing,
        max(grade) FILTER (WHERE judgement_id = 'leaders') AS leaders,
        max(missing) FILTER (WHERE judgement_id = 'leaders') AS leaders_missing,
        max(grade) FILTER (WHERE judgement_id = 'help_and_protection') AS help_and_protection,
        max(missing) FILTER (WHERE judgement_id = 'help_and_protection') AS help_and_protection_missing,
        max(grade) FILTER (WHERE judgement_id = 'in_care') AS in_care,
        max(missing) FILTER (WHERE judgement_id = 'in_care') AS in_care_missing,
        max(grade) FILTER (WHERE judgement_id = 'care_leavers') AS care_leavers,
        max(missing) FILTER (WHERE judgement_id = 'care_leavers') AS care_leavers_missing,
        count(grade) AS grades
    FROM judgement
    GROUP BY event_id
)

SELECT
    known.event_id,
    known.authority_code,
    known.kind,
    coalesce(known.framework, '') AS framework,
    known.started_on,
    known.ended_on,
    known.published_on,
    graded.overall,
    CASE WHEN graded.overall IS NULL THEN coalesce(graded.overall_missing, 'not-judged') END AS overall_missing,
    graded.leaders,
    CASE WHEN graded.leaders IS NULL THEN coalesce(graded.leaders_missing, 'not-judged') END AS leaders_missing,
    graded.help_and_protection,
    CASE
        WHEN graded.help_and_protection IS NULL THEN coalesce(graded.help_and_protection_missing, 'not-judged')
    END AS help_and_protection_missing,
    graded.in_care,
    CASE WHEN graded.in_care IS NULL THEN coalesce(graded.in_care_missing, 'not-judged') END AS in_care_missing,
    graded.care_leavers,
    CASE
        WHEN graded.care_leavers IS NULL THEN coalesce(graded.care_leavers_missing, 'not-judged')
    END AS care_leavers_missing,
    known.outcome,
    known.focus_topics,
    known.priority_action,
    known.shared_service,
    known.source_count,
    CASE WHEN known.kind IS NULL THEN 'kind-unknown' ELSE known.evidence END AS confidence
FROM known
LEFT JOIN graded ON known.event_id = graded.event_id
WHERE known.kind IS NOT NULL OR coalesce(graded.grades, 0) > 0
ORDER BY event_id
