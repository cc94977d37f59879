-- grain: one row per source record and judgement of which it says something
-- key: source_id, release, source_table, source_part, source_row, authority_code, judgement_id
--
-- A record settles a judgement where it gives the grade, or says that it was not made or did not exist. What could
-- not be read settles nothing.
WITH

said AS (
    SELECT *, 'overall' AS judgement_id, 1 AS position, overall AS grade, overall_missing AS missing
    FROM stg_inspection_record
    UNION ALL
    SELECT *, 'leaders' AS judgement_id, 2 AS position, leaders AS grade, leaders_missing AS missing
    FROM stg_inspection_record
    UNION ALL
    SELECT
        *,
        'help_and_protection' AS judgement_id,
        3 AS position,
        help_and_protection AS grade,
        help_and_protection_missing AS missing
    FROM stg_inspection_record
    UNION ALL
    SELECT *, 'in_care' AS judgement_id, 4 AS position, in_care AS grade, in_care_missing AS missing
    FROM stg_inspection_record
    UNION ALL
    SELECT *, 'care_leavers' AS judgement_id, 5 AS position, care_leavers AS grade, care_leavers_missing AS missing
    FROM stg_inspection_record
),

own_column AS (
    SELECT
        event_id,
        place,
        source_id,
        release,
        source_table,
        source_part,
        source_row,
        authority_code,
        judgement_id,
        position,
        grade,
        missing
    FROM said
    WHERE grade IS NOT NULL OR missing IS NOT NULL
),

other AS (
    SELECT
        stg_inspection_record.event_id,
        stg_inspection_record.place,
        judgement_record.source_id,
        judgement_record.release,
        judgement_record.source_table,
        judgement_record.source_part,
        judgement_record.source_row,
        judgement_record.authority_code,
        judgement_record.judgement_id,
        6 AS position,
        judgement_record.grade,
        judgement_record.missing
    FROM judgement_record
    INNER JOIN stg_inspection_record USING (source_id, release, source_table, source_part, source_row, authority_code)
)

SELECT *, grade IS NOT NULL OR missing <> 'not-readable' AS settles FROM own_column
UNION ALL
SELECT *, grade IS NOT NULL OR missing <> 'not-readable' AS settles FROM other
