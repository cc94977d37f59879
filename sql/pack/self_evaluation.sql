-- Self-evaluations shared by $as_at, by authority, the latest first.
SELECT
    document_id,
    authority_code,
    shared_on,
    quality_and_impact,
    how_it_is_known,
    plans,
    words,
    source_id,
    release,
    file_name,
    source_row
FROM self_evaluation
WHERE shared_on <= $as_at
ORDER BY authority_code, shared_on DESC, file_name DESC, document_id
