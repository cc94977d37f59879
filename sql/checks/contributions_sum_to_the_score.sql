-- What figures contribute comes to the score of the authority, in all domains together, but for rounding of 1e-12.
WITH

contributed AS (
    SELECT
        authority_code,
        sum(cast(contribution AS decimal(38, 18))) AS total
    FROM risk_contribution
    GROUP BY authority_code
)

SELECT
    risk.authority_code,
    risk.score,
    contributed.total
FROM risk
LEFT JOIN contributed ON risk.authority_code = contributed.authority_code
WHERE
    risk.domain = 'all'
    AND risk.score IS NOT NULL
    AND (contributed.total IS NULL OR abs(risk.score - cast(contributed.total AS double)) > 0.000000000001)
