-- Every code, name and spelling with the authority it means.
SELECT
    authority_known_as.known_as,
    authority.authority_code,
    authority.name,
    authority.valid_to IS NULL AS lives
FROM authority_known_as
INNER JOIN authority ON authority_known_as.authority_code = authority.authority_code
