"""Alembic within the fence: revisions run on owned tables only, and what Prisma owns stays as it was."""
