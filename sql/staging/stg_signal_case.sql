-- grain: one row per authority, channel and case: when it was first heard of, and how often
-- key: authority_code, channel, case_key
-- class: restricted
--
-- Several signals of one case are one event; a signal without a case is one by itself.
WITH

named AS (
    SELECT
        authority_code,
        channel,
        received_on,
        told_on,
        CASE WHEN case_ref IS NULL THEN concat('signal ', signal_id) ELSE concat('case ', case_ref) END AS case_key,
        CASE WHEN severity = 'serious' AND status <> 'closed' THEN 1 ELSE 0 END AS serious_open
    FROM signal
)

SELECT
    authority_code,
    channel,
    case_key,
    min(received_on) AS received_on,
    max(told_on) AS told_on,
    count(*) AS signals,
    sum(serious_open) AS serious_open
FROM named
GROUP BY authority_code, channel, case_key
