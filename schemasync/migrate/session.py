"""Settings of a session under which the server reads a text otherwise than PostgreSQL's grammar by itself does."""

from typing import Any

# Encodings of clients in which the second byte of a character may be a backslash (PostgreSQL manual, "Character Set
# Support": those that a server cannot have).
SWALLOWING = frozenset({"BIG5", "GB18030", "GBK", "JOHAB", "SJIS", "SHIFT_JIS_2004", "UHC"})


def misreads(connection: Any) -> str | None:
    """Why the connection's next statement may not mean what it seems to, as a sentence; None where it does.

    The server reports both settings by itself whenever they change, so that this asks nothing.
    """
    if connection.info.parameter_status("standard_conforming_strings") == "off":
        return "it switches standard_conforming_strings off, with which the server reads strings otherwise"
    encoding = connection.info.parameter_status("client_encoding")
    if encoding in SWALLOWING:
        return f"it sets the client encoding {encoding}, in which a character may swallow a backslash"
    return None
