-- grain: one row per signal, with whether it is the first of its case
-- key: signal_id
-- class: restricted
--
-- Several signals of one authority, channel and case are one event, on the day of the first; a signal without a case is
-- one by itself.
SELECT
    signal_id,
    authority_code,
    channel,
    received_on,
    told_on,
    case_ref IS NULL OR row_number() OVER (
        PARTITION BY authority_code, channel, case_ref
        ORDER BY received_on, signal_id
    ) = 1 AS opens_case,
    severity = 'serious' AND status <> 'closed' AS serious_open
FROM signal
