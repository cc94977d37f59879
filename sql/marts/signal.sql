-- grain: one row per signal, as it stands on the day asked for; summary is empty until names can be masked
-- key: signal_id
-- class: restricted
WITH

ranked AS (
    SELECT
        *,
        -- A later file tells of the same signal again, when its status has changed.
        row_number() OVER (PARTITION BY signal_id ORDER BY release DESC, file_name DESC, source_row) AS place
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
    source_id,
    release,
    source_row
FROM ranked
WHERE place = 1
ORDER BY signal_id
