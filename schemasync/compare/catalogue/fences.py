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
        name="unfiltered-env",
        group="fences",
        meaning="Alembic's autogenerate, with this env.py, would drop or alter tables that the models do not own.",
        breaks="The next alembic revision --autogenerate writes a revision that drops Prisma's tables.",
        fix="Give context.configure() schemasync.integrations.alembic.include_object, or use schemasync revision.",
    ),
)
