"""What the attributes of a column say, kept once for all columns that are written alike but for their names.

A schema of 12,000 columns has some hundreds of different ones. Only what nothing was wrong with is shared, so that
every mistake is reported where it stands.
"""

from schemasync.witnesses.prisma.meanings import Default, NativeType
from schemasync.witnesses.prisma.syntax import Attribute


class Reading:
    """What the attributes of a column say, as far as they are read; `indexes` are those that make one of the column."""

    __slots__ = (
        "default",
        "default_node",
        "indexes",
        "is_ignored",
        "is_sound",
        "is_updated_at",
        "map_name",
        "native_attribute",
        "native_type",
    )

    def __init__(self) -> None:
        self.map_name: str | None = None
        self.is_ignored = self.is_updated_at = False
        self.default: Default | None = None
        self.default_node: Attribute | None = None
        self.native_type: NativeType | None = None
        self.native_attribute: Attribute | None = None
        self.indexes: tuple[Attribute, ...] = ()
        self.is_sound = False  # whether the rules that need the whole schema have found nothing wrong either


UNREAD = Reading()
