"""Primary keys, foreign keys and other constraints."""

from schemasync.compare.kinds import Kind

KINDS = (
    Kind(
        name="primary-key",
        group="keys",
        meaning="The primary key is missing or covers other columns.",
        breaks="Rows are identified otherwise: updates, upserts and foreign keys fail or hit other rows.",
        fix="Make the primary key the owner's.",
    ),
    Kind(
        name="foreign-key-missing",
        group="keys",
        meaning="The owner declares a foreign key that another witness lacks.",
        breaks="Rows that refer to nothing can be stored and deletes no longer cascade; a mirror cannot join by it.",
        fix="Add the foreign key; for a mirror: schemasync mirror --update.",
    ),
    Kind(
        name="foreign-key-extra",
        group="keys",
        meaning="Another witness has a foreign key that the owner lacks.",
        breaks="INSERTs and deletes that the owner allows are refused.",
        fix="Declare it on the owner's side, or drop it.",
    ),
    Kind(
        name="foreign-key-action",
        group="keys",
        meaning="ON DELETE, ON UPDATE or MATCH differ.",
        breaks="Deleting a row cascades, sets NULL or is refused, other than the owner says.",
        fix="Make the actions the owner's; for a mirror: schemasync mirror --update.",
    ),
    Kind(
        name="foreign-key-deferrable",
        group="keys",
        meaning="One witness checks the key at the statement, the other at the commit.",
        breaks="Statements inside a transaction fail at another moment.",
        fix="Make it deferrable, or not, as the owner has it.",
    ),
    Kind(
        name="check-missing",
        group="keys",
        meaning="The owner declares a CHECK that another witness lacks.",
        breaks="Rows that the owner forbids can be stored.",
        fix="Add the constraint.",
    ),
    Kind(
        name="check-extra",
        group="keys",
        meaning="Another witness has a CHECK that the owner lacks.",
        breaks="INSERTs that the owner allows are refused with CheckViolation.",
        fix="Declare it on the owner's side, or drop it.",
    ),
    Kind(
        name="check-expression",
        group="keys",
        meaning="A CHECK of the same name has another expression.",
        breaks="Other rows are allowed than the owner says.",
        fix="Make the expression the owner's.",
    ),
    Kind(
        name="exclusion",
        group="keys",
        meaning="An exclusion constraint is missing, extra or different.",
        breaks="Other combinations of rows are allowed than the owner says.",
        fix="Make the constraint the owner's.",
    ),
    Kind(
        name="constraint-name",
        group="keys",
        meaning="The constraint does the same under another name.",
        breaks="Nothing fails, but a migration that names it would not find it.",
        fix="Rename it to the owner's name.",
    ),
    Kind(
        name="constraint-not-valid",
        group="keys",
        meaning="The constraint was added NOT VALID and never validated.",
        breaks="Rows from before it was added may break it.",
        fix="ALTER TABLE … VALIDATE CONSTRAINT.",
    ),
)
