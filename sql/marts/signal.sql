-- grain: one row per signal, as it stands on the day asked for; summary is empty until names can be masked
-- key: signal_id
-- class: restricted
--
-- A later file tells of the same signal again, when its status has changed. Of several the latest that was told by
-- $as_at holds, and of two of one day the last by name. Where only later ones are held the earliest of them stands for
-- it, and told_on shows that it was told later.
WITH

ranked AS (
    SELECT
        *,
        row_number() OVER (
            PARTITION BY signal_id
            ORDER BY
                CASE WHEN told_on <= $as_at THEN told_on END DESC NULLS LAST,
                told_on,
                file_name DESC,
                source_id,
                release,
                source_row
        ) AS place
    FROM signal_record
    WHERE received_on <= $as_at
)

SELECT
    signal_id,
    authority_code,
    received_on,
    channel,
    reporter_role,
    theme,
    severity,
    status,
    case_ref,
    cast(NULL AS varchar) AS summary,
    told_on,
    source_id,
    release,
    source_row
FROM ranked
WHERE place = 1
ORDER BY signal_id
