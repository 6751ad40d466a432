"""Mirrors: SQLAlchemy models of tables that Prisma owns."""

from schemasync.compare.kinds import Kind

KINDS = (
    Kind(
        name="mirror-missing",
        group="mirrors",
        meaning="A Prisma-owned table has no SQLAlchemy model.",
        breaks=(
            "The back end can neither read nor write the table; foreign keys of its own models to it cannot be "
            "resolved."
        ),
        fix="Run: schemasync mirror --update. Or leave the table out of [ownership] mirror.",
    ),
    Kind(
        name="relationship-missing",
        group="mirrors",
        meaning=(
            "Prisma has a relation field, and the mirror has no relationship() that follows the same foreign key "
            "in the same direction."
        ),
        breaks="The back end cannot follow it; joins and cascades need hand-written SQL.",
        fix="Run: schemasync mirror --update.",
    ),
    Kind(
        name="relationship-mismatch",
        group="mirrors",
        meaning="A relationship() gives a list where Prisma's relation field gives one, or the other way round.",
        breaks="Code that treats one as the other fails.",
        fix="Set uselist, or correct the foreign key.",
    ),
    Kind(
        name="python-type",
        group="mirrors",
        meaning="A mapped annotation promises another Python type than the column's values have.",
        breaks="Type checkers pass what fails at run time.",
        fix="Run: schemasync mirror --update. It annotates the attribute with the type that is read.",
    ),
)
