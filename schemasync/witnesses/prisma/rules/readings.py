"""What a column's attributes say, remembered: the same attributes on a field of the same type say the same again.

A schema of 12,000 columns has a few hundred different ones. Only what nothing was wrong with is remembered, so that
every mistake is reported where it stands.
"""

from typing import TypeAlias

from schemasync.witnesses.prisma.rules.context import Context
from schemasync.witnesses.prisma.rules.drafts import ScalarDraft
from schemasync.witnesses.prisma.syntax import Attribute

# The identity of the attributes, which lines share (see `syntax`); the type; the arity.
Key: TypeAlias = tuple[int, str, str]

# The attributes that make an index of the very field, or the like.
_INDEXES = ("id", "unique", "shardKey")


class Reading:
    """What was noted on one column while its attributes were read.

    Args:
        field: the column, after its attributes were read without a complaint.
    """

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

    def __init__(self, field: ScalarDraft) -> None:
        self.map_name, self.is_ignored, self.is_updated_at = field.map_name, field.is_ignored, field.is_updated_at
        self.default, self.default_node = field.default, field.default_node
        self.native_type, self.native_attribute = field.native_type, field.native_attribute
        self.indexes: tuple[Attribute, ...] = tuple(
            attribute for attribute in field.field.attributes if attribute.name in _INDEXES
        )
        self.is_sound = False  # whether the rules that need the whole schema have found nothing wrong either

    def note(self, field: ScalarDraft) -> None:
        """Note the same on another column, but for its name and its indexes."""
        field.is_ignored, field.is_updated_at = self.is_ignored, self.is_updated_at
        field.default, field.default_node = self.default, self.default_node
        field.native_type, field.native_attribute = self.native_type, self.native_attribute


def key_of(field: ScalarDraft) -> Key | None:
    """What a reading is remembered by; None for a field that is read by itself."""
    written = field.field
    if not written.attributes or field.kind == "unsupported":
        return None
    return id(written.attributes), written.type_name, written.arity


def complaints(ctx: Context) -> int:
    """How many diagnostics there are: as many as before means that nothing was wrong since."""
    return len(ctx.errors) + len(ctx.later) + len(ctx.warnings)
