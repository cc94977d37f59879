-- Regions, sub-regions and the country.
SELECT
    region_code,
    region_name,
    level
FROM region
ORDER BY region_code
