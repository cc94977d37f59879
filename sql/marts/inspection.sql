-- grain: one row per inspection or visit
-- key: event_id
--
-- Each value is that of the first record that gives one, in order of precedence; what other records
-- say otherwise is in inspection_source. The last day on site is not in any source yet.
WITH

first_record AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY event_id ORDER BY precedence, source_id, release, source_table, source_row
        ) AS place
    FROM stg_inspection_record
),

known AS (
    SELECT
        event_id,
        first_value(kind ORDER BY place) FILTER (WHERE kind IS NOT NULL) AS kind,
        first_value(started_on ORDER BY place) FILTER (WHERE started_on IS NOT NULL) AS started_on,
        first_value(published_on ORDER BY place) FILTER (WHERE published_on IS NOT NULL) AS published_on,
        first_value(overall ORDER BY place) FILTER (WHERE overall IS NOT NULL) AS overall,
        first_value(leaders ORDER BY place) FILTER (WHERE leaders IS NOT NULL) AS leaders,
        first_value(help_and_protection ORDER BY place) FILTER (WHERE help_and_protection IS NOT NULL) AS help_and_protection,
        first_value(in_care ORDER BY place) FILTER (WHERE in_care IS NOT NULL) AS in_care,
        first_value(care_leavers ORDER BY place) FILTER (WHERE care_leavers IS NOT NULL) AS care_leavers,
        first_value(focus_topics ORDER BY place) FILTER (WHERE focus_topics IS NOT NULL) AS focus_topics
    FROM first_record
    GROUP BY event_id
)

SELECT
    known.event_id,
    first_record.authority_code,
    known.kind,
    first_record.framework,
    known.started_on,
    cast(NULL AS date) AS ended_on,
    known.published_on,
    known.overall,
    CASE WHEN known.overall IS NULL THEN first_record.overall_missing END AS overall_missing,
    known.leaders,
    CASE WHEN known.leaders IS NULL THEN first_record.leaders_missing END AS leaders_missing,
    known.help_and_protection,
    CASE
        WHEN known.help_and_protection IS NULL THEN first_record.help_and_protection_missing
    END AS help_and_protection_missing,
    known.in_care,
    CASE WHEN known.in_care IS NULL THEN first_record.in_care_missing END AS in_care_missing,
    known.care_leavers,
    CASE WHEN known.care_leavers IS NULL THEN first_record.care_leavers_missing END AS care_leavers_missing,
    known.focus_topics,
    cast(NULL AS boolean) AS priority_action,
    CASE WHEN known.kind IS NULL THEN 'kind-unknown' ELSE 'official-statistics' END AS confidence
FROM known
INNER JOIN first_record ON known.event_id = first_record.event_id
WHERE first_record.place = 1
ORDER BY event_id
