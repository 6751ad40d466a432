"""What the user configured: `schemasync.toml`, or `[tool.schemasync]` in `pyproject.toml`.

Strings may name environment variables as `$NAME` or `${NAME}` (`$$` is a dollar sign). They are filled in when a
setting is used, not when it is read: a check without the database needs no `DATABASE_URL`.
"""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from schemasync.config_file import Entry, read_settings
from schemasync.errors import ConfigurationError, SchemasyncError
from schemasync.late_patterns import late_pattern
from schemasync.ownership import HISTORY_TABLES, Ownership
from schemasync.records import beside, record, replace

FILE_NAME = "schemasync.toml"
VARIABLE = late_pattern(r"\$(?:(?P<escaped>\$)|(?P<name>[A-Za-z_]\w*)|\{(?P<braced>[A-Za-z_]\w*)\})")


@record(frozen=True, slots=True)
class PrismaSettings:
    """`[prisma]`: where the front end's schema and migrations are; a schema may be a folder of files.

    Where the file names no schema, the one of a `prisma.config.ts` beside it counts.
    `version` is Prisma's major version, 6 or 7, where `package.json` does not tell it.
    """

    schema: str | None = None
    migrations: str | None = None
    version: int | None = None


@record(frozen=True, slots=True)
class SqlalchemySettings:
    """`[sqlalchemy]`: `module:attribute` of the models' metadata, and the folders to find the module in."""

    metadata: str | None = None
    path: tuple[str, ...] = ()


@record(frozen=True, slots=True)
class AlembicSettings:
    """`[alembic]`: an `alembic.ini`, or the folder that Flask-Migrate keeps; the Flask application as `module:name`."""

    config: str | None = None
    app: str | None = None


@record(frozen=True, slots=True)
class DatabaseSettings:
    """`[database]`: the live database and the PostgreSQL schemas to look at."""

    url: str | None = None
    schemas: tuple[str, ...] = ("public",)


@record(frozen=True, slots=True)
class OwnershipSettings:
    """`[ownership]`: what overrides the default rule; `mirror` is `("*",)` for all tables and empty for none."""

    prisma: tuple[str, ...] = ()
    sqlalchemy: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    mirror: tuple[str, ...] = ("*",)


@record(frozen=True, slots=True)
class CheckSettings:
    """`[check]`: drifts to leave out, severities to change, the file of accepted drifts."""

    ignore: tuple[str, ...] = ()
    severity: Mapping[str, str] = beside(default_factory=dict)
    baseline: str | None = None


@record(frozen=True, slots=True)
class MirrorSettings:
    """`[mirror]`: where mirror models are written, how they look, and names that are not the rule's."""

    output: str | None = None
    style: str = "declarative"
    base: str | None = None
    names: Mapping[str, str] = beside(default_factory=dict)


@record(frozen=True, slots=True)
class ScratchSettings:
    """`[scratch]`: the server of throw-away databases: `auto`, `embedded`, `container`, or a URL."""

    server: str = "auto"


@record(frozen=True, slots=True)
class Configuration:
    """All settings.

    Args:
        folder: what relative paths start from: the file's folder, or the working folder where there is no file.
        file: the file that was read; None where there is none.
    """

    folder: Path = beside(default_factory=Path.cwd)
    file: Path | None = None
    prisma: PrismaSettings = PrismaSettings()
    sqlalchemy: SqlalchemySettings = SqlalchemySettings()
    alembic: AlembicSettings = AlembicSettings()
    database: DatabaseSettings = DatabaseSettings()
    ownership: OwnershipSettings = OwnershipSettings()
    check: CheckSettings = beside(default_factory=CheckSettings)
    mirror: MirrorSettings = beside(default_factory=MirrorSettings)
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
        ignore = (*settings.ignore, *self._version_tables())
        return Ownership(settings.prisma, settings.sqlalchemy, ignore, settings.mirror)

    def _version_tables(self) -> tuple[str, ...]:
        """The table in which env.py has Alembic keep its versions, where that is not Alembic's own choice."""
        if self.alembic.config is None:
            return ()
        from schemasync.witnesses.alembic_history import version_table

        try:
            schema, name = version_table(self.path(self.alembic.config, "[alembic] config"))
        except SchemasyncError:
            return ()  # whoever needs Alembic's history says what is wrong with it
        return () if name in HISTORY_TABLES else (f"{schema or 'public'}.{name}",)


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
    return _with_schema(Configuration(folder=found.parent, file=found, **values))


def _with_schema(configuration: Configuration) -> Configuration:
    """The configuration with the schema that a `prisma.config.ts` beside it names, where it names none itself."""
    if configuration.prisma.schema is not None:
        return configuration
    from schemasync.witnesses.prisma.project_files import configured_schema

    schema, _ = configured_schema(configuration.folder)
    if schema is None:
        return configuration
    return replace(configuration, prisma=replace(configuration.prisma, schema=literal(str(schema))))


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

# The meanings stand in the published JSON schema, which editors show, and in the documentation.
SETTINGS: dict[str, dict[str, Entry]] = {
    "prisma": {
        "schema": Entry(
            "text", "Prisma's schema: a file, or a folder of .prisma files; by default as in prisma.config.ts."
        ),
        "migrations": Entry(
            "text", "Prisma's folder of migrations; by default as in prisma.config.ts, else beside the schema."
        ),
        "version": Entry(
            "number",
            "Prisma's major version, whose rules hold; by default as in the nearest package.json, and where none "
            "tells, what 6 or 7 accepts.",
            ("6", "7"),
        ),
    },
    "sqlalchemy": {
        "metadata": Entry(
            "text",
            "module:attribute of a MetaData, a declarative base, or a Flask-SQLAlchemy db; the module must import all "
            "models.",
        ),
        "path": Entry("texts", "Folders that are put on sys.path first; by default the configuration's own."),
    },
    "alembic": {
        "config": Entry("text", "An alembic.ini, or the folder that Flask-Migrate keeps."),
        "app": Entry(
            "text",
            "The Flask application that env.py needs, as module:factory; by default FLASK_APP, or what is found.",
        ),
    },
    "database": {
        "url": Entry("text", "The live database; its password is never shown."),
        "schemas": Entry("texts", "The PostgreSQL schemas to look at; * is all but the system's."),
    },
    "ownership": {
        "prisma": Entry("texts", "Tables, by name or pattern, that are Prisma's against the default rule."),
        "sqlalchemy": Entry("texts", "Tables, by name or pattern, that are SQLAlchemy's against the default rule."),
        "ignore": Entry("texts", "Tables, by name or pattern, that no comparison looks at."),
        "mirror": Entry("mirror", 'Prisma\'s tables that need a model: "all", "none", or patterns; by default all.'),
    },
    "check": {
        "ignore": Entry("kinds", "Drifts to leave out: a kind, kind:table or kind:table.object, each part a pattern."),
        "severity": Entry("severities", "Another severity for a kind."),
        "baseline": Entry(
            "text", "The file of accepted drifts; by default schemasync-baseline.json beside the configuration."
        ),
    },
    "mirror": {
        "output": Entry("text", "Where models are written: a folder, for a module a model, or one .py file."),
        "style": Entry("choice", "How the models look.", ("declarative", "flask-sqlalchemy", "table")),
        "base": Entry("text", "module:attribute of the base class, the db or the MetaData that the models belong to."),
        "names": Entry("names", "Names that are not the rule's, by Model.field, table.column or Model."),
    },
    "scratch": {
        "server": Entry("text", "The server of throw-away databases: auto, embedded, container, or a URL."),
    },
}
