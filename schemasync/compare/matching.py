"""Pairs what two witnesses state: first by what it does, then by name, then by a looser likeness."""

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

Item = TypeVar("Item")


def paired(
    ours: Sequence[Item],
    theirs: Sequence[Item],
    keys: Sequence[Callable[[Item], Hashable]],
    name: Callable[[Item], str | None],
) -> tuple[list[tuple[Item, Item]], list[Item], list[Item]]:
    """Pairs items that agree on a key, trying the keys in order; among several candidates the namesake wins.

    Args:
        keys: from the strictest to the loosest; a key of None matches nothing.
        name: the item's name, None where the witness leaves it open.

    Returns:
        The pairs in our order, what only we have, what only they have.
    """
    if ours == theirs and None not in map(keys[0], ours):
        return list(zip(ours, theirs, strict=True)), [], []
    pairs: dict[int, Item] = {}
    left = list(range(len(theirs)))
    for key in keys:
        candidates: dict[Hashable, list[int]] = {}
        for index in left:
            found = key(theirs[index])
            if found is not None:
                candidates.setdefault(found, []).append(index)
        # Namesakes first, so that a twin does not take the place of the one that is meant.
        for namesakes in (True, False):
            for position, item in enumerate(ours):
                if position in pairs:
                    continue
                matching = [index for index in candidates.get(key(item), ()) if index in left]
                if namesakes:
                    matching = [index for index in matching if name(theirs[index]) == name(item)]
                if matching:
                    pairs[position] = theirs[matching[0]]
                    left.remove(matching[0])
    return (
        [(ours[position], pairs[position]) for position in sorted(pairs)],
        [item for position, item in enumerate(ours) if position not in pairs],
        [theirs[index] for index in left],
    )
