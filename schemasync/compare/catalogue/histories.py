"""The two migration histories beside the database."""

from schemasync.compare.kinds import Kind

KINDS = (
    Kind(
        name="prisma-pending",
        group="histories",
        meaning="A Prisma migration is in the folder and has not been applied, or was rolled back.",
        breaks="Code that relies on it fails until it has run.",
        fix="Run: prisma migrate deploy.",
    ),
    Kind(
        name="prisma-failed",
        group="histories",
        meaning="A Prisma migration was begun and has not finished: it failed, runs now, or its client was killed.",
        breaks="prisma migrate deploy refuses (P3009), and what a script with its own transactions did remains.",
        fix="Undo or finish what it did, then run: prisma migrate resolve --rolled-back NAME (or --applied NAME).",
    ),
    Kind(
        name="prisma-edited",
        group="histories",
        meaning="A Prisma migration's script is another than the one that was applied.",
        breaks="A database that is built anew is not the one that is deployed; prisma migrate dev wants to reset.",
        fix="Restore the script from version control, and put the change into a migration of its own.",
    ),
    Kind(
        name="prisma-unknown",
        group="histories",
        meaning="The database has seen a Prisma migration that the folder lacks.",
        breaks="This tree is older than the database, or of another branch; its migrations do not build the database.",
        fix="Deploy from the branch that has it, or restore its folder.",
    ),
    Kind(
        name="prisma-baseline",
        group="histories",
        meaning="The database has tables, and no history of Prisma's.",
        breaks="The first prisma migrate deploy refuses (P3005).",
        fix="Mark what the database has: prisma migrate resolve --applied NAME, for each migration.",
    ),
    Kind(
        name="prisma-history",
        group="histories",
        meaning="Prisma's migrations, run on an empty database, do not build what schema.prisma declares.",
        breaks="A new environment gets other tables than the schema says.",
        fix="Write a migration that closes the gap: prisma migrate dev.",
    ),
    Kind(
        name="alembic-pending",
        group="histories",
        meaning="An Alembic revision has not been applied.",
        breaks="Code that relies on it fails until it has run.",
        fix="Run: schemasync upgrade.",
    ),
    Kind(
        name="alembic-heads",
        group="histories",
        meaning="Several Alembic revisions are nobody's down_revision.",
        breaks="alembic upgrade head refuses, since there is no single one.",
        fix="Join them: alembic merge heads.",
    ),
    Kind(
        name="alembic-unknown",
        group="histories",
        meaning="The database is at an Alembic revision that no file has.",
        breaks="Every Alembic command refuses: it cannot locate the revision.",
        fix="Deploy from the branch that has it, or restore its file.",
    ),
    Kind(
        name="alembic-history",
        group="histories",
        meaning="Alembic's revisions, run after Prisma's migrations, do not build what the models declare.",
        breaks="A new environment gets other tables than the models say.",
        fix="Write a revision that closes the gap: schemasync revision.",
    ),
    Kind(
        name="prisma-drop",
        group="histories",
        meaning="schema.prisma lets go of a table or column that the deployed or the new mirror still maps.",
        breaks="The mirror's SELECT fails as soon as Prisma's migration has dropped or renamed it.",
        fix="Take it out of the mirror first, then out of Prisma Client by @ignore, and drop it in a third release.",
    ),
)
