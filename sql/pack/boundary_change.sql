-- Changes to authorities that break their series, by authority.
SELECT
    authority_code,
    changed_on,
    change,
    what,
    why
FROM boundary_change
WHERE breaks_series AND changed_on <= $as_at
ORDER BY authority_code, changed_on, change
