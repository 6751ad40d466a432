"""Whole tables."""

from schemasync.compare.kinds import Kind

KINDS = (
    Kind(
        name="table-missing",
        group="tables",
        meaning="The owner declares the table, and the database (or a replayed history) lacks it.",
        breaks="Every statement on it fails with UndefinedTable.",
        fix="Run the owner's pending migrations; if there are none, write one that creates the table.",
    ),
    Kind(
        name="table-extra",
        group="tables",
        meaning="The database has a table that no witness declares.",
        breaks="Nothing fails now, but nobody vouches for it, and either side's autogenerate may offer to drop it.",
        fix="Declare it on the side that needs it, list it under [ownership] ignore, or drop it.",
    ),
    Kind(
        name="table-kind",
        group="tables",
        meaning="One witness has a table where another has a view, a foreign table or a materialized view.",
        breaks="Writes fail or go elsewhere than the owner expects.",
        fix="Make the object what its owner declares.",
    ),
    Kind(
        name="table-comment",
        group="tables",
        meaning="The table's comment differs from the one that its owner declares.",
        breaks="Nothing fails; the next autogenerate would change the comment.",
        fix="Set the comment by a migration of the owner.",
    ),
    Kind(
        name="owned-twice",
        group="tables",
        meaning="Both sides declare the table as their own to migrate.",
        breaks="Prisma Migrate and Alembic both change it, and the last one wins.",
        fix="Leave it to one side: list it under tables.external in prisma.config.ts, or mark the model as a mirror.",
    ),
    Kind(
        name="boundary",
        group="tables",
        meaning=(
            "A side declares a table that it must not own: a model marked as Prisma's mirror, or given to Prisma "
            "by configuration, which schema.prisma does not have."
        ),
        breaks="No side's migrations create or change the table.",
        fix="Declare the table in schema.prisma, or give it to SQLAlchemy.",
    ),
)
