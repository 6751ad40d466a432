"""Indexes and unique constraints."""

from schemasync.compare.kinds import Kind

KINDS = (
    Kind(
        name="unique-missing",
        group="indexes",
        meaning="The owner declares a unique constraint or index that another witness lacks.",
        breaks="Duplicates can be stored; ON CONFLICT and upserts over its columns fail.",
        fix="Add it.",
    ),
    Kind(
        name="unique-extra",
        group="indexes",
        meaning="Another witness has a unique constraint or index that the owner lacks.",
        breaks="INSERTs that the owner allows are refused with UniqueViolation.",
        fix="Declare it on the owner's side, or drop it.",
    ),
    Kind(
        name="index-missing",
        group="indexes",
        meaning="The owner declares an index that another witness lacks.",
        breaks="Queries that rely on it scan the whole table; in a mirror nothing fails.",
        fix="Add it.",
    ),
    Kind(
        name="index-extra",
        group="indexes",
        meaning="Another witness has an index that the owner lacks.",
        breaks="Every write keeps it up; the owner's next migration would drop it.",
        fix="Declare it on the owner's side, or drop it.",
    ),
    Kind(
        name="index-definition",
        group="indexes",
        meaning=(
            "An index of the same name or columns differs in method, order, operator class, predicate or uniqueness."
        ),
        breaks="Queries may scan, or other rows are unique than the owner says.",
        fix="Make the definition the owner's.",
    ),
    Kind(
        name="index-name",
        group="indexes",
        meaning="The index does the same under another name.",
        breaks="Nothing fails, but a migration that names it would not find it.",
        fix="Rename it to the owner's name.",
    ),
    Kind(
        name="index-invalid",
        group="indexes",
        meaning="The index is invalid: a CREATE INDEX CONCURRENTLY failed and left it behind.",
        breaks="No query uses it, a unique one vouches for nothing, and every write keeps it up.",
        fix="REINDEX INDEX CONCURRENTLY, or drop it and create it again.",
    ),
)
