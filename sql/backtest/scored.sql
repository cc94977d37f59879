-- The figures that statistics are made of on a day, as stg_figure has them.
SELECT *
FROM stg_figure
WHERE value IS NOT NULL
