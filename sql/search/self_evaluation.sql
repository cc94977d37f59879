-- Every self-evaluation that was shared, whenever that was, with its answers.
SELECT
    self_evaluation.document_id,
    self_evaluation.authority_code,
    coalesce(authority.name, self_evaluation.authority_code) AS authority_name,
    self_evaluation.shared_on,
    self_evaluation.quality_and_impact,
    self_evaluation.how_it_is_known,
    self_evaluation.plans,
    self_evaluation.other_text,
    self_evaluation.source_id,
    self_evaluation.release,
    self_evaluation.file_name
FROM self_evaluation
LEFT JOIN authority ON self_evaluation.authority_code = authority.authority_code
ORDER BY self_evaluation.document_id
