"""The styles of mirrors; imports nothing, so that `--help` can list them."""

from typing import Literal

Style = Literal["declarative", "flask-sqlalchemy", "table"]
STYLES: tuple[Style, ...] = ("declarative", "flask-sqlalchemy", "table")
