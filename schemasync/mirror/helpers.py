"""What mirror modules need and neither SQLAlchemy nor Python has.

The text of these functions and classes is copied into the modules that use them, so that the applications need no
package for it: only names from the standard library and SQLAlchemy, and lines of at most 88 columns.

Sources: RFC 9562, section 5.7 (UUID version 7); the specifications of cuid (version 1), cuid2, ULID and Nano ID.
"""

import datetime
import hashlib
import itertools
import os
import secrets
import socket
import threading
import time
from enum import StrEnum
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.types import UserDefinedType


def labels(members: type[StrEnum]) -> list[str]:
    """The labels that PostgreSQL knows an enum's members by."""
    return [member.value for member in members]


class PostgresqlType(UserDefinedType[Any]):
    """A type that SQLAlchemy has no class for; its values pass as the driver has them."""

    cache_ok = True

    def __init__(self, spelling: str) -> None:
        self.spelling = spelling

    def get_col_spec(self, **_: Any) -> str:
        """The type as CREATE TABLE has it."""
        return self.spelling


_Model = TypeVar("_Model", bound=type[Any])


def read_only(model: _Model) -> _Model:
    """Refuse to write through the model of a view."""

    def refuse(*_: Any) -> None:
        raise TypeError(f"{model.__name__} is a view: it can be read, not written")

    for moment in ("before_insert", "before_update", "before_delete"):
        event.listen(model, moment, refuse)
    return model


def utc_now() -> datetime.datetime:
    """The current time."""
    return datetime.datetime.now(datetime.UTC)


def naive_utc_now() -> datetime.datetime:
    """The current time in UTC without its zone, as Prisma keeps it in a `timestamp`."""
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None)


_uuid7_lock = threading.Lock()
_uuid7_last = (0, 0)


def uuid7() -> UUID:
    """A UUID of version 7 (RFC 9562); those of one process ascend."""
    global _uuid7_last
    with _uuid7_lock:
        moment, tail = time.time_ns() // 1_000_000, secrets.randbits(74)
        last_moment, last_tail = _uuid7_last
        if moment <= last_moment:
            moment, tail = last_moment, last_tail + 1 + secrets.randbits(32)
            if tail >> 74:
                moment, tail = moment + 1, secrets.randbits(74)
        _uuid7_last = (moment, tail)
    high, low = tail >> 62, tail & (1 << 62) - 1
    return UUID(int=moment << 80 | 7 << 76 | high << 64 | 2 << 62 | low)


_BASE36 = "0123456789abcdefghijklmnopqrstuvwxyz"


def _base36(number: int, width: int = 0) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _BASE36[digit] + digits
    return digits.rjust(width, "0")[-width:] if width else digits or "0"


_cuid_counter = itertools.count()


def cuid() -> str:
    """An identifier by cuid, version 1: time, counter, machine and chance."""
    host = socket.gethostname()
    machine = sum(map(ord, host)) + len(host) + 36
    return "".join(
        (
            "c",
            _base36(time.time_ns() // 1_000_000),
            _base36(next(_cuid_counter) % 36**4, 4),
            _base36(os.getpid(), 2) + _base36(machine, 2),
            _base36(secrets.randbelow(36**4), 4) + _base36(secrets.randbelow(36**4), 4),
        )
    )


_cuid2_counter = itertools.count(secrets.randbelow(476_782_367))
_cuid2_fingerprint = secrets.token_hex(16)


def cuid2() -> str:
    """An identifier by cuid2: a letter, then 23 digits of a hash in base 36."""
    entropy = "".join(
        (
            _base36(time.time_ns() // 1_000_000),
            _base36(secrets.randbits(128)),
            _base36(next(_cuid2_counter)),
            _cuid2_fingerprint,
        )
    )
    digest = hashlib.sha3_512(entropy.encode()).digest()
    return secrets.choice(_BASE36[10:]) + _base36(int.from_bytes(digest))[1:24]


_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ulid_lock = threading.Lock()
_ulid_last = (0, 0)


def ulid() -> str:
    """An identifier by the ULID specification; those of one process ascend."""
    global _ulid_last
    with _ulid_lock:
        moment, tail = time.time_ns() // 1_000_000, secrets.randbits(80)
        last_moment, last_tail = _ulid_last
        if moment <= last_moment:
            moment, tail = last_moment, last_tail + 1
            if tail >> 80:
                moment, tail = moment + 1, secrets.randbits(80)
        _ulid_last = (moment, tail)
    number = moment << 80 | tail
    return "".join(_CROCKFORD[number >> shift & 31] for shift in range(125, -1, -5))


_NANOID = "useandom-26T198340PX75pxJACKVERYMINDBUSHWOLF_GQZbfghjklqvwyzrict"


def nanoid(size: int = 21) -> str:
    """An identifier by Nano ID, from its own URL-safe alphabet."""
    return "".join(secrets.choice(_NANOID) for _ in range(size))
