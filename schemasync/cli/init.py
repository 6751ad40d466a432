"""`schemasync init`: finds what a configuration names, and writes it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from schemasync.cli.output import write_file, write_standard_output
from schemasync.errors import ConfigurationError
from schemasync.paths import shown
from schemasync.report.layout import paragraph

if TYPE_CHECKING:
    from schemasync.discovery import Discovery

EXAMPLES = """\b
Examples:
  schemasync init
  schemasync init --force"""


@click.command("init", epilog=EXAMPLES)
@click.option("--force", is_flag=True, help="Write the file even if there is a configuration already.")
def command(force: bool) -> int:
    """Find the schema, the models and Alembic under this folder, and write schemasync.toml.

    Nothing is imported or run: the files are only read.
    """
    from schemasync.config import FILE_NAME, find
    from schemasync.discovery import discover

    folder = Path.cwd()
    target = folder / FILE_NAME
    existing = find(folder)
    if existing is not None and existing.parent == folder and not force:
        raise ConfigurationError(f"{shown(existing)} configures this project already", hint="--force writes it anew")
    found = discover(folder)
    if found.prisma is None and found.models is None:
        raise ConfigurationError(
            "there is neither a Prisma schema nor a SQLAlchemy metadata under this folder",
            hint="run schemasync init at the root of the project",
        )
    write_file(target, configuration_text(found))
    write_standard_output(f"{summary(found)}\nWrote {FILE_NAME}. Next: schemasync check\n")
    return 0


def summary(found: Discovery) -> str:
    """What was found and what is uncertain, for people."""
    rows = [(name, value) for name, value in _found(found) if value]
    width = max(len(name) for name, _ in rows)
    lines = []
    for name, value in rows:
        first, *rest = paragraph(value, 80 - width - 2)
        lines += [f"{name:{width}}  {first}", *(f"{'':{width}}  {line}" for line in rest)]
    if found.doubts:
        lines += ["", "Please check:"]
        for doubt in found.doubts:
            lines += paragraph(f"- {doubt}", 80, indent=2, hanging=2)
    return "\n".join(lines) + "\n"


def configuration_text(found: Discovery) -> str:
    """A commented configuration; settings for which nothing was found are left as comments."""
    prisma, models, alembic = found.prisma, found.models, found.alembic
    variable = prisma.variable[0] if prisma and prisma.variable else "DATABASE_URL"
    namespaces = prisma.namespaces if prisma and prisma.namespaces else ("public",)
    migrations = prisma.migrations if prisma else None
    beside = prisma is not None and migrations in (prisma.schema / "migrations", prisma.schema.parent / "migrations")
    path = models.root if models and models.root != found.root else None
    application = found.flask.reference if found.flask and alembic and alembic.is_flask_migrate else ""
    sections = [
        "# Schemasync's settings. Paths start from this file; $NAME is filled in from the environment.",
        "",
        "[prisma]",
        _setting(
            "schema",
            _text(prisma.schema if prisma else None, found.root),
            "prisma/schema.prisma",
            "a file, or a folder",
        ),
        *([] if beside else [_setting("migrations", _text(migrations, found.root), "prisma/migrations", "")]),
        "",
        "[sqlalchemy]",
        _setting("metadata", models and models.reference, "app.models:db", "module:attribute that knows all models"),
        _setting("path", [_text(path, found.root)] if path else None, ["backend"], "put on sys.path first"),
        "",
        "[alembic]",
        _setting(
            "config", _text(alembic.config if alembic else None, found.root), "alembic.ini", "or Flask-Migrate's folder"
        ),
        *([_setting("app", None, application, "the Flask application; by default FLASK_APP's")] if application else []),
        "",
        "[database]",
        _setting("url", f"${variable}", "", "never shown with its password"),
        _setting("schemas", list(namespaces), [], "PostgreSQL schemas to look at"),
        "",
        "# Prisma owns what its schema declares, SQLAlchemy the rest of its metadata. Names or patterns override that.",
        "[ownership]",
        "# prisma = []",
        "# sqlalchemy = []",
        '# ignore = ["spatial_ref_sys"]   # tables that no comparison looks at',
        '# mirror = "all"                 # Prisma\'s tables that need a model: "all", "none", or patterns',
        "",
        "[check]",
        '# ignore = ["column-comment"]    # kinds, or "kind:table.object" patterns',
        '# severity = { index-name = "warning" }',
        "",
    ]
    return "\n".join(sections)


def _found(found: Discovery) -> list[tuple[str, str]]:
    def place(path: Path) -> str:
        return shown(path, found.root)

    prisma, models, alembic, flask = found.prisma, found.models, found.alembic, found.flask
    named = f" (named by {place(prisma.named_by)})" if prisma and prisma.named_by else ""
    variable = f"${prisma.variable[0]} (named by {place(prisma.variable[1])})" if prisma and prisma.variable else ""
    rows = [
        ("Prisma schema", f"{place(prisma.schema)}{named}" if prisma else ""),
        ("Prisma migrations", _migrations(prisma.migrations, found.root) if prisma and prisma.migrations else ""),
        ("Database", variable),
    ]
    if models:
        count = f"{models.models} model{'' if models.models == 1 else 's'}"
        rows.append(("Models", f"{models.reference}, imported from {place(models.root)} ({count})"))
    if alembic:
        kind = "Flask-Migrate, " if alembic.is_flask_migrate else ""
        count = f"{alembic.revisions} revision{'' if alembic.revisions == 1 else 's'}"
        rows.append(("Alembic", f"{place(alembic.config)} ({kind}{count})"))
    if flask:
        rows.append(("Flask", flask.reference))
    return rows


def _migrations(folder: Path, root: Path) -> str:
    count = sum((entry / "migration.sql").is_file() for entry in folder.iterdir())
    return f"{shown(folder, root)} ({count} migration{'' if count == 1 else 's'})"


def _text(path: Path | None, root: Path) -> str | None:
    return shown(path, root) if path is not None else None


def _setting(name: str, value: object, example: object, comment: str) -> str:
    """A line of TOML; commented out, with an example, where there is no value."""
    written = _toml(value or example)
    line = f"{'' if value else '# '}{name} = {written}"
    return f"{line}   # {comment}" if comment else line


def _toml(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_toml(item) for item in value)}]"
    escaped = str(value).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
