-- What a person must look at before it becomes a fact.
SELECT
    review.file_name,
    review.document,
    review.decide,
    review.source_row,
    authority.name AS authority,
    review.kind,
    review.started_on,
    review.published_on,
    review.field,
    review.value,
    review.page,
    review.reason,
    review.advice
FROM review
LEFT JOIN authority ON review.authority_code = authority.authority_code
ORDER BY review.file_name, review.source_row, review.authority_code, review.ordinal, review.field
