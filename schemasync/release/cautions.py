"""What people must refrain from while a release is carried out: enum values that not all can handle yet, or any more.

A value that the database has and a running reader does not know breaks nothing until somebody writes it; one that a
service knows and the database does not have breaks nothing until the service writes it, or asks for it. Such a release
has a safe order as long as the value is held back, and a caution says from when until when.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from schemasync.compatibility import Breakage
from schemasync.release.lattice import ReleaseStep, State
from schemasync.release.world import World
from schemasync.schema.names import qualified


@dataclass(frozen=True, slots=True)
class Caution:
    """An enum value that must not be written for a while.

    Args:
        schema, table, column: where.
        value: the value.
        is_new: whether the database did not have it before the release. Rows may hold one that is not new.
        since: the first step that may be taken only if nobody writes the value.
        until: the step that ends it, once it is done.
        because: what fails if somebody writes it, or asks for it.
    """

    schema: str
    table: str
    column: str
    value: str
    is_new: bool
    since: ReleaseStep
    until: ReleaseStep
    because: tuple[str, ...]

    @property
    def place(self) -> str:
        """The column that the value is for."""
        return f"{qualified(self.schema, self.table)}.{self.column}"


def cautions_of(world: World, order: Sequence[ReleaseStep]) -> tuple[Caution, ...]:
    """The cautions of a safe order, each value of a column once.

    Args:
        world: the release.
        order: all its steps.
    """
    found: dict[tuple[str, str, str | None, str | None], list[tuple[int, Breakage]]] = {}
    state: State = frozenset()
    for number, step in enumerate(order):
        for one in world.held_back(state, step):
            found.setdefault((one.schema, one.table, one.object, one.value), []).append((number, one))
        state |= {step.id}
    return tuple(_caution(world, order, places) for places in found.values())


def _caution(world: World, order: Sequence[ReleaseStep], places: Sequence[tuple[int, Breakage]]) -> Caution:
    first, one = places[0]
    assert one.object is not None
    assert one.value is not None
    value = (one.schema, one.table, one.object, one.value)
    return Caution(
        *value,
        is_new=not world.had_value(value),
        since=order[first],
        until=order[_end(world, order, places)],
        because=tuple(dict.fromkeys(each.sentence for _, each in places)),
    )


def _end(world: World, order: Sequence[ReleaseStep], places: Sequence[tuple[int, Breakage]]) -> int:
    """The step that ends it: the last one during which it matters, or the next where it matters between the two."""
    last, one = places[-1]
    after = frozenset(step.id for step in order[: last + 1])
    same = (one.schema, one.table, one.object, one.value)
    still = any((each.schema, each.table, each.object, each.value) == same for each in world.held_between(after))
    return last + 1 if still else last
