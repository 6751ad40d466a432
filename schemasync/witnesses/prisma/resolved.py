"""A Prisma schema whose names are resolved and whose rules are kept: what `resolve` yields.

It consists of what the rules have gathered (`rules/drafts.py`), which nothing changes from here on.
"""

from schemasync.errors import Diagnostic
from schemasync.records import record
from schemasync.witnesses.prisma.rules.database_names import ConstraintNames
from schemasync.witnesses.prisma.rules.drafts import ModelDraft
from schemasync.witnesses.prisma.rules.enum_draft import EnumDraft
from schemasync.witnesses.prisma.rules.inference import ListRelation, Relation
from schemasync.witnesses.prisma.settings import Datasource, Generator


@record(frozen=True, slots=True)
class ResolvedSchema:
    """A whole Prisma schema.

    Args:
        datasource: None where no file has one; the schema then means PostgreSQL.
        generators: in their order.
        enums: in the order of the files.
        models: models and views, in the order of the files.
        relations: one-to-one and one-to-many.
        many_to_many: the implicit ones.
        names: what keys and indexes are called in the database.
        warnings: what Prisma warns of; none of it makes the schema invalid.
    """

    datasource: Datasource | None
    generators: tuple[Generator, ...]
    enums: tuple[EnumDraft, ...]
    models: tuple[ModelDraft, ...]
    relations: tuple[Relation, ...]
    many_to_many: tuple[ListRelation, ...]
    names: ConstraintNames
    warnings: tuple[Diagnostic, ...] = ()

    def release(self) -> None:
        """Let go of the models' fields, when the schema is done with."""
        for model in self.models:
            model.release()
