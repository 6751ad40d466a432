"""What the rules share: the schema under construction and the diagnostics found so far."""

from collections.abc import Sequence
from typing import Literal, TypeAlias

from schemasync.errors import Diagnostic
from schemasync.witnesses.prisma.meanings import SortOrder
from schemasync.witnesses.prisma.positions import Place
from schemasync.witnesses.prisma.rules.drafts import ModelDraft
from schemasync.witnesses.prisma.rules.enum_draft import EnumDraft
from schemasync.witnesses.prisma.syntax import SchemaFile

Provider: TypeAlias = Literal["postgresql", "cockroachdb"]
SORT_ORDERS: dict[str, SortOrder] = {"Asc": "Asc", "Desc": "Desc"}


class Context:
    """One run of the rules.

    Args:
        files: the whole schema.
        version: the major version of Prisma whose rules hold; None accepts what 6 or 7 accepts.
    """

    def __init__(self, files: Sequence[SchemaFile], version: int | None) -> None:
        self.files = files
        self.version = version
        self.errors: list[Diagnostic] = []
        self.later: list[Diagnostic] = []  # errors that Prisma mentions only where there are no others so far
        self.warnings: list[Diagnostic] = []
        self.drafts: list[ModelDraft] = []  # every model and view, one of a name that is taken included
        self.models: dict[str, ModelDraft] = {}
        self.enums: dict[str, EnumDraft] = {}
        self.complete: set[int] = set()  # the identities of attributes that lack nothing and have no comma too many
        self.provider: Provider | None = None
        self.features: set[str] = set()
        self.relation_mode: Literal["foreignKeys", "prisma"] = "foreignKeys"
        self.datasource_name: str | None = None
        self.schemas: tuple[str, ...] | None = None

    def complaints(self) -> int:
        """How many diagnostics there are: as many as before means that nothing was wrong since."""
        return len(self.errors) + len(self.later) + len(self.warnings)

    def error(self, place: Place, message: str, hint: str = "") -> None:
        """Report an error at a place."""
        self.errors.append(place.error(message, hint))

    def error_later(self, place: Place, message: str, hint: str = "") -> None:
        """Report an error unless names, types or attributes have one."""
        self.later.append(place.error(message, hint))

    def warn(self, place: Place, message: str, hint: str = "") -> None:
        """Report a warning at a place."""
        self.warnings.append(place.warning(message, hint))
