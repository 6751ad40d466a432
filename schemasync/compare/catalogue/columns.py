"""Columns, their types, NULL, defaults and what applications fill in."""

from schemasync.compare.kinds import Kind

KINDS = (
    Kind(
        name="column-missing",
        group="columns",
        meaning="The owner has the column and another witness lacks it.",
        breaks=(
            "Statements that name it fail where the database lacks it; a mirror without it cannot write the table"
            " if the column is NOT NULL without a default."
        ),
        fix="Add the column; to a mirror: schemasync mirror --update.",
    ),
    Kind(
        name="column-extra",
        group="columns",
        meaning="Another witness has a column that the owner lacks.",
        breaks=(
            "A mirror's SELECT names a column that does not exist; a NOT NULL column that the owner does not know"
            " refuses its INSERTs."
        ),
        fix="Declare the column on the owner's side, or drop it from the other.",
    ),
    Kind(
        name="column-type",
        group="columns",
        meaning="The column's type differs in kind.",
        breaks="Values are refused, shifted or read as another Python type.",
        fix="Make the type the owner's; for a mirror: schemasync mirror --update.",
    ),
    Kind(
        name="column-length",
        group="columns",
        meaning="Length, precision, scale or time precision differ.",
        breaks="Values are refused, cut or rounded.",
        fix="Make length or precision the owner's; for a mirror: schemasync mirror --update.",
    ),
    Kind(
        name="column-nullability",
        group="columns",
        meaning="One witness allows NULL and the other does not.",
        breaks="INSERTs fail with NotNullViolation, or NULL turns up where code expects a value.",
        fix="Make it NULL or NOT NULL as the owner has it; for a mirror: schemasync mirror --update.",
    ),
    Kind(
        name="column-default",
        group="columns",
        meaning="The database's own default differs.",
        breaks="An INSERT that leaves the column out stores another value, NULL, or fails.",
        fix="Make the server default the owner's; for a mirror: schemasync mirror --update.",
    ),
    Kind(
        name="client-default",
        group="columns",
        meaning=(
            "Prisma Client makes the value (uuid(), cuid(), ulid(), nanoid(), @updatedAt) and the mirror has no "
            "Python-side default."
        ),
        breaks=(
            "The database has no default either: an INSERT through the mirror fails, or an UPDATE leaves a stale time."
        ),
        fix="Run: schemasync mirror --update. It gives the mirror's column default= or onupdate=.",
    ),
    Kind(
        name="column-identity",
        group="columns",
        meaning="One witness fills the column by an identity, another does not, or with other options.",
        breaks="An INSERT that names a value, or one that does not, fails.",
        fix="Make the identity the owner's.",
    ),
    Kind(
        name="column-generated",
        group="columns",
        meaning="A generated column's expression differs, or only one witness generates it.",
        breaks="The column holds other values than its owner declares, or an INSERT that names it fails.",
        fix="Make the expression the owner's.",
    ),
    Kind(
        name="column-collation",
        group="columns",
        meaning="The column sorts and compares by another collation.",
        breaks="Order, equality of unusual characters, and the use of indexes differ.",
        fix="Set the collation by a migration of the owner.",
    ),
    Kind(
        name="column-comment",
        group="columns",
        meaning="The column's comment differs from the one that its owner declares.",
        breaks="Nothing fails; the next autogenerate would change the comment.",
        fix="Set the comment by a migration of the owner.",
    ),
)
