-- The first row or cell that each rule set aside in each file, with how many there were.
WITH

placed AS (
    SELECT
        file_name,
        rule,
        column_name,
        source_row,
        value,
        message,
        count(*) OVER (PARTITION BY file_name, rule, column_name) AS rows,
        row_number() OVER (PARTITION BY file_name, rule, column_name ORDER BY source_row, value) AS place
    FROM quarantine
)

SELECT
    file_name,
    rule,
    column_name,
    rows,
    source_row AS first_row,
    value AS first_value,
    message
FROM placed
WHERE place = 1
ORDER BY file_name, rule, column_name
