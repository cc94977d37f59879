-- grain: one row per authority and code, name or other spelling that it is known by
-- key: known_as, authority_code
WITH

spelling AS (
    SELECT authority_code, concat(authority_code, '') AS known_as FROM authority
    UNION ALL
    SELECT authority_code, dfe_code AS known_as FROM authority
    UNION ALL
    SELECT authority_code, concat(name, '') AS known_as FROM authority
    UNION ALL
    SELECT authority_code, published_code AS known_as FROM authority_code_history
    UNION ALL
    SELECT authority_code, alias AS known_as FROM authority_alias
)

SELECT DISTINCT
    known_as,
    authority_code
FROM spelling
ORDER BY known_as, authority_code
