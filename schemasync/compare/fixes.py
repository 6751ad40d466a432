"""What to do about a drift: which side has to change, and with which of its own tools."""

from schemasync.compare.sides import TableSides, in_words

UPDATE = "schemasync mirror --update"


PRUNE = f"{UPDATE} --prune"


def fix(sides: TableSides, behind: list[str], what: str, *, update: str | None = UPDATE) -> str:
    """The instruction for a drift in which the owner is right.

    Args:
        what: the change that is needed, in the imperative: `add the column generated_by`.
        update: the command that does it to a mirror; None where that leaves it to people.
    """
    steps = []
    for name in behind:
        role = sides.role(name)
        if role == "mirror":
            steps.append(f"{f'{update}, or ' if update else ''}in {sides.where(name)}: {what}")
        elif role == "prisma":
            steps.append(f"in schema.prisma: {what}")
        elif sides.owner == "prisma":
            steps.append(f"in a Prisma migration (prisma migrate dev, then prisma migrate deploy): {what}")
        elif sides.owner == "sqlalchemy":
            steps.append(f"in an Alembic revision (alembic revision, then alembic upgrade head): {what}")
        else:
            steps.append(f"in the database: {what}")
    return "; ".join(dict.fromkeys(steps))


def fix_extra(sides: TableSides, behind: list[str], what: str, declare: str, *, update: str | None = None) -> str:
    """The instruction for something that others have and the owner does not.

    Args:
        what: the change on the side that has it: `drop the column legacy`.
        declare: the change on the owner's side: `declare it`.
        update: the command that does it to a mirror; None where that leaves it to people.
    """
    in_database = [name for name in behind if sides.role(name) == "database"]
    elsewhere = [name for name in behind if name not in in_database]
    steps = [fix(sides, elsewhere, what, update=update)] if elsewhere else []
    if in_database:
        owner_file = {"prisma": "schema.prisma", "sqlalchemy": "the SQLAlchemy model"}.get(sides.owner or "")
        if owner_file is None:
            steps.append(f"{what}, or {declare} on the side that needs it")
        else:
            steps.append(f"{declare} in {owner_file} if it is meant to be; else {fix(sides, in_database, what)}")
    return "; ".join(steps)


def nothing_fails(sides: TableSides, witness: str) -> str:
    """What acts on a declaration that differs although nothing fails now."""
    role = sides.role(witness)
    if role == "mirror":
        return "Nothing fails now; create_all and autogenerate would act on the mirror's version."
    if sides.owner == "prisma":
        return "Nothing fails now; the next prisma migrate dev would undo it."
    if sides.owner == "sqlalchemy":
        return "Nothing fails now; the next alembic revision --autogenerate would undo it."
    return "Nothing fails now."


def differing(sides: TableSides, names: list[str]) -> str:
    """The witnesses that differ, in words."""
    return in_words(sides.where(name) for name in names)
