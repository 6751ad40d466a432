"""What the user configured: `schemasync.toml`, or `[tool.schemasync]` in `pyproject.toml`.

Strings may name environment variables as `$NAME` or `${NAME}` (`$$` is a dollar sign). They are filled in when a
setting is used, not when it is read: a check without the database needs no `DATABASE_URL`.
"""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from schemasync.config_file import Entry, read_settings
from schemasync.errors import ConfigurationError
from schemasync.ownership import Ownership

FILE_NAME = "schemasync.toml"
VARIABLE = re.compile(r"\$(?:(?P<escaped>\$)|(?P<name>[A-Za-z_]\w*)|\{(?P<braced>[A-Za-z_]\w*)\})")


@dataclass(frozen=True, slots=True)
class PrismaSettings:
    """`[prisma]`: where the front end's schema and migrations are; a schema may be a folder of files.

    `version` is Prisma's major version, 6 or 7, where `package.json` does not tell it.
    """

    schema: str | None = None
    migrations: str | None = None
    version: int | None = None


@dataclass(frozen=True, slots=True)
class SqlalchemySettings:
    """`[sqlalchemy]`: `module:attribute` of the models' metadata, and the folders to find the module in."""

    metadata: str | None = None
    path: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AlembicSettings:
    """`[alembic]`: an `alembic.ini`, or the folder that Flask-Migrate keeps; the Flask application as `module:name`."""

    config: str | None = None
    app: str | None = None


@dataclass(frozen=True, slots=True)
class DatabaseSettings:
    """`[database]`: the live database and the PostgreSQL schemas to look at."""

    url: str | None = None
    schemas: tuple[str, ...] = ("public",)


@dataclass(frozen=True, slots=True)
class OwnershipSettings:
    """`[ownership]`: what overrides the default rule; `mirror` is `("*",)` for all tables and empty for none."""

    prisma: tuple[str, ...] = ()
    sqlalchemy: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    mirror: tuple[str, ...] = ("*",)


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """`[check]`: drifts to leave out, severities to change, the file of accepted drifts."""

    ignore: tuple[str, ...] = ()
    severity: Mapping[str, str] = field(default_factory=dict)
    baseline: str | None = None


@dataclass(frozen=True, slots=True)
class MirrorSettings:
    """`[mirror]`: where mirror models are written, how they look, and names that are not the rule's."""

    output: str | None = None
    style: str = "declarative"
    base: str | None = None
    names: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ScratchSettings:
    """`[scratch]`: the server of throw-away databases: `auto`, `embedded`, `container`, or a URL."""

    server: str = "auto"


@dataclass(frozen=True, slots=True)
class Configuration:
    """All settings.

    Args:
        folder: what relative paths start from: the file's folder, or the working folder where there is no file.
        file: the file that was read; None where there is none.
    """

    folder: Path = field(default_factory=Path.cwd)
    file: Path | None = None
    prisma: PrismaSettings = PrismaSettings()
    sqlalchemy: SqlalchemySettings = SqlalchemySettings()
    alembic: AlembicSettings = AlembicSettings()
    database: DatabaseSettings = DatabaseSettings()
    ownership: OwnershipSettings = OwnershipSettings()
    check: CheckSettings = field(default_factory=CheckSettings)
    mirror: MirrorSettings = field(default_factory=MirrorSettings)
    scratch: ScratchSettings = ScratchSettings()

    def text(self, value: str, setting: str) -> str:
        """A setting's text with its environment variables filled in.

        Args:
            value: the text as configured.
            setting: its name for an error message: `[database] url`.

        Raises:
            ConfigurationError: a variable is not set.
        """

        def filled(found: re.Match[str]) -> str:
            if found["escaped"]:
                return "$"
            name = found["name"] or found["braced"]
            if name not in os.environ:
                raise ConfigurationError(
                    f"{setting} needs the environment variable {name}, which is not set",
                    hint=f"set {name}, or change {setting} in {self.file or FILE_NAME}",
                )
            return os.environ[name]

        return VARIABLE.sub(filled, value)

    def path(self, value: str, setting: str) -> Path:
        """A path setting, absolute; relative ones start from the configuration's folder.

        Raises:
            ConfigurationError: it names an environment variable that is not set.
        """
        return self.folder / Path(self.text(value, setting)).expanduser()

    def migrations(self) -> Path | None:
        """Prisma's folder of migrations: as configured here or in prisma.config, else beside the schema.

        None without a schema.

        Raises:
            ConfigurationError: a path names an environment variable that is not set.
        """
        if self.prisma.migrations is not None:
            return self.path(self.prisma.migrations, "[prisma] migrations")
        if self.prisma.schema is None:
            return None
        from schemasync.witnesses.prisma.project_files import find_config

        schema = self.path(self.prisma.schema, "[prisma] schema")
        config = find_config(schema)
        if config is not None and config.migrations is not None:
            return config.migrations
        beside = schema.parent / "migrations"
        if not schema.is_dir():
            return beside
        # A folder of schema files holds its migrations since Prisma 6.7; before, they stood beside it.
        inside = schema / "migrations"
        return beside if beside.is_dir() and not inside.is_dir() else inside

    def table_ownership(self) -> Ownership:
        """The owners as the comparison wants them.

        Raises:
            ConfigurationError: the same table stands under both owners.
        """
        settings = self.ownership
        return Ownership(settings.prisma, settings.sqlalchemy, settings.ignore, settings.mirror)


def literal(value: str) -> str:
    """A text that `Configuration.text` gives back as it is: for what the command line gave."""
    return value.replace("$", "$$")


def load(file: Path | None = None, *, start: Path | None = None) -> Configuration:
    """Read the configuration.

    Args:
        file: a `schemasync.toml` or `pyproject.toml`; None looks upwards for one.
        start: the folder to look upwards from; the working folder by default.

    Returns:
        The configuration; all defaults where no file is found.

    Raises:
        ConfigurationError: the file is missing or cannot be read, or is no TOML, or has unknown or ill-typed
            settings. All of a file's errors are reported at once, each with its line.
    """
    found = find(start or Path.cwd()) if file is None else file.absolute()
    if found is None:
        return Configuration(folder=(start or Path.cwd()).absolute())
    sections = read_settings(found, SETTINGS)
    values = {name: SECTIONS[name](**settings) for name, settings in sections.items()}
    return Configuration(folder=found.parent, file=found, **values)


def find(start: Path) -> Path | None:
    """The nearest configuration in a folder or above it: `schemasync.toml` before a `pyproject.toml` that has one."""
    for folder in (start.absolute(), *start.absolute().parents):
        own = folder / FILE_NAME
        if own.is_file():
            return own
        shared = folder / "pyproject.toml"
        if shared.is_file() and re.search(rb"(?m)^\s*\[\s*tool\s*\.\s*[\"']?schemasync\b", shared.read_bytes()):
            return shared
    return None


SECTIONS: dict[str, type] = {
    "prisma": PrismaSettings,
    "sqlalchemy": SqlalchemySettings,
    "alembic": AlembicSettings,
    "database": DatabaseSettings,
    "ownership": OwnershipSettings,
    "check": CheckSettings,
    "mirror": MirrorSettings,
    "scratch": ScratchSettings,
}

TEXT, TEXTS = Entry("text"), Entry("texts")
SETTINGS: dict[str, dict[str, Entry]] = {
    "prisma": {"schema": TEXT, "migrations": TEXT, "version": Entry("number", ("6", "7"))},
    "sqlalchemy": {"metadata": TEXT, "path": TEXTS},
    "alembic": {"config": TEXT, "app": TEXT},
    "database": {"url": TEXT, "schemas": TEXTS},
    "ownership": {"prisma": TEXTS, "sqlalchemy": TEXTS, "ignore": TEXTS, "mirror": Entry("mirror")},
    "check": {"ignore": Entry("kinds"), "severity": Entry("severities"), "baseline": TEXT},
    "mirror": {
        "output": TEXT,
        "style": Entry("choice", ("declarative", "flask-sqlalchemy", "table")),
        "base": TEXT,
        "names": Entry("names"),
    },
    "scratch": {"server": TEXT},
}
