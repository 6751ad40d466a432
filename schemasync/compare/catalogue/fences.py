"""The fence between the two sides' migrations."""

from schemasync.compare.kinds import Kind

KINDS = (
    Kind(
        name="fence-breach",
        group="fences",
        meaning="An Alembic run changed something that Prisma owns, or that nobody here declared.",
        breaks="Its owner's migrations no longer describe it.",
        fix="Restore it by the SQL that the refusal prints, and change it by a migration of its owner.",
    ),
    Kind(
        name="external-tables",
        group="fences",
        meaning=(
            "A prisma.config.ts was read, and its tables.external (or enums.external) does not list a table (or an "
            "enum) of the SQLAlchemy side in a schema that Prisma manages, or the database's alembic_version. Prisma "
            "goes by qualified names (public.invoices) and knows no patterns."
        ),
        breaks="prisma migrate dev takes it for drift, and offers to reset the database.",
        fix="Add it to tables.external (or enums.external), and set experimental.externalTables.",
    ),
    Kind(
        name="unfiltered-env",
        group="fences",
        meaning="Alembic's autogenerate, with this env.py, would drop or alter tables that the models do not own.",
        breaks="The next alembic revision --autogenerate writes a revision that drops Prisma's tables.",
        fix="Give context.configure() schemasync.integrations.alembic.include_object, or use schemasync revision.",
    ),
)
