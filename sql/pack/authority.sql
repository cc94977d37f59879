-- The register of authorities.
SELECT
    authority_code,
    dfe_code,
    name,
    kind,
    region_code,
    region_name,
    ofsted_region,
    valid_from,
    valid_to,
    successor_codes
FROM authority
ORDER BY name, authority_code
