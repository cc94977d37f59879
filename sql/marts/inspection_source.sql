-- grain: one row per source record of an inspection or visit
-- key: event_id, source_id, release, source_table, source_part, source_row
--
-- A record agrees where everything it says is what holds; what does not is shown, with what holds in brackets. A grade
-- where none holds, and the word that there was none where one holds, are differences too.
WITH

judged_otherwise AS (
    SELECT
        stg_judgement.event_id,
        stg_judgement.place,
        string_agg(
            concat(
                stg_judgement.judgement_id, ' ', coalesce(stg_judgement.grade, stg_judgement.missing),
                ' (holds: ', coalesce(judgement.grade, judgement.missing), ')'
            ),
            '; ' ORDER BY stg_judgement.position, stg_judgement.judgement_id
        ) AS difference
    FROM stg_judgement
    INNER JOIN judgement
        ON stg_judgement.event_id = judgement.event_id AND stg_judgement.judgement_id = judgement.judgement_id
    WHERE
        stg_judgement.settles
        AND coalesce(stg_judgement.grade, '') <> coalesce(judgement.grade, '')
    GROUP BY stg_judgement.event_id, stg_judgement.place
),

held_against AS (
    SELECT
        record.event_id,
        record.source_id,
        record.release,
        record.source_table,
        record.source_part,
        record.source_row,
        record.evidence,
        record.published_code,
        record.remarks,
        concat_ws(
            '; ',
            CASE
                WHEN record.kind <> inspection.kind
                    THEN concat('kind ', record.kind, ' (holds: ', inspection.kind, ')')
            END,
            CASE
                WHEN record.started_on <> inspection.started_on
                    THEN
                        concat(
                            'started_on ', cast(record.started_on AS varchar),
                            ' (holds: ', cast(inspection.started_on AS varchar), ')'
                        )
            END,
            CASE
                WHEN record.ended_on <> inspection.ended_on
                    THEN
                        concat(
                            'ended_on ', cast(record.ended_on AS varchar),
                            ' (holds: ', cast(inspection.ended_on AS varchar), ')'
                        )
            END,
            CASE
                WHEN record.published_on <> inspection.published_on
                    THEN
                        concat(
                            'published_on ', cast(record.published_on AS varchar),
                            ' (holds: ', cast(inspection.published_on AS varchar), ')'
                        )
            END,
            judged_otherwise.difference,
            CASE
                WHEN record.outcome <> inspection.outcome
                    THEN concat('outcome ', record.outcome, ' (holds: ', inspection.outcome, ')')
            END,
            CASE
                WHEN record.focus_topics <> inspection.focus_topics
                    THEN concat('focus_topics ', record.focus_topics, ' (holds: ', inspection.focus_topics, ')')
            END
        ) AS difference
    FROM stg_inspection_record AS record
    INNER JOIN inspection ON record.event_id = inspection.event_id
    LEFT JOIN judged_otherwise
        ON record.event_id = judged_otherwise.event_id AND record.place = judged_otherwise.place
)

SELECT
    event_id,
    source_id,
    release,
    source_table,
    source_part,
    source_row,
    evidence,
    published_code,
    difference = '' AS agrees,
    CASE WHEN difference <> '' THEN difference END AS difference,
    remarks
FROM held_against
ORDER BY event_id, source_id, release, source_table, source_part, source_row
