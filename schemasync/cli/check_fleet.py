"""The databases that `schemasync check` holds against the same schema, by a file and by options."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from schemasync.fleet_file import FleetDatabase


def fleet_of(databases: Sequence[str], file: Path | None) -> tuple[FleetDatabase, ...]:
    """The databases of a file, and those that `--database` names.

    Raises:
        ConfigurationError: the file cannot be read, or what is named is wrong.
    """
    from schemasync.fleet_file import all_named, given, listed, read_fleet_file

    found: tuple[FleetDatabase, ...] = ()
    if file is not None:
        found = listed(sys.stdin.read(), "standard input") if str(file) == "-" else read_fleet_file(file)
    return all_named([*found, *given(databases)])
