"""An Alembic project as its own tools load it: `alembic.ini`, or Flask-Migrate's folder inside the application."""

import logging
import os
import sys
from argparse import Namespace
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, chdir, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemasync.errors import ConfigurationError
from schemasync.migrate.refusals import MigrationError
from schemasync.migrate.theirs import their_error, their_errors
from schemasync.paths import shown

if TYPE_CHECKING:
    from alembic.config import Config


@dataclass(frozen=True, slots=True)
class AlembicProject:
    """Where an Alembic project is.

    Args:
        config: an `alembic.ini`, or the folder that Flask-Migrate keeps.
        path: folders to import the application from.
        app: the Flask application as `module:name` or `module:factory`; None looks for it where it is needed.
        x: what `-x name=value` would give to env.py.
        start: the folder that paths are shown from.
    """

    config: Path
    path: tuple[Path, ...] = ()
    app: str | None = None
    x: tuple[str, ...] = ()
    start: Path = field(default_factory=Path.cwd)

    @property
    def file(self) -> Path:
        """The `alembic.ini`."""
        return self.config / "alembic.ini" if self.config.is_dir() else self.config


@contextmanager
def opened_project(project: AlembicProject) -> Iterator["Config"]:
    """Alembic's settings of a project, with whatever its env.py needs around it, until the end.

    Raises:
        ConfigurationError: the file is missing or malformed, or the Flask application cannot be found.
        MigrationError: the application raised something while it was loaded.
    """
    import configparser

    from alembic.config import Config

    file = project.file.absolute()
    if not file.is_file():
        raise ConfigurationError(f"there is no {shown(file)}", hint="set [alembic] config to an alembic.ini")
    settings = Config(str(file))
    try:
        location = settings.get_main_option("script_location")
    except (configparser.Error, UnicodeError) as error:
        raise ConfigurationError(f"cannot read {shown(file)}: {' '.join(str(error).split())}") from error
    with ExitStack() as stack:
        stack.enter_context(_importing([*project.path, *([] if project.path else [Path.cwd()])]))
        if _is_flask(file, location):
            settings = _of_flask(project, file, stack)
        else:
            # Relative settings in alembic.ini are meant from its folder, where alembic itself is run.
            stack.enter_context(chdir(file.parent))
            if location is None:
                settings.set_main_option("script_location", str(file.parent).replace("%", "%%"))
        settings.cmd_opts = Namespace(x=list(project.x) or None, autogenerate=False)
        yield settings


@contextmanager
def quiet() -> Iterator[None]:
    """Let nothing be logged until the end: for runs of env.py that only look, or rehearse."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)


@contextmanager
def _importing(folders: Sequence[Path]) -> Iterator[None]:
    before = list(sys.path)
    sys.path[:0] = [str(folder.absolute()) for folder in folders]
    try:
        yield
    finally:
        sys.path[:] = before


def _is_flask(file: Path, location: str | None) -> bool:
    """Whether env.py needs an application: Flask-Migrate's ini names no script_location, and its env.py current_app."""
    folder = file.parent if location is None else file.parent / location.replace("%(here)s", str(file.parent))
    try:
        return "current_app" in (folder / "env.py").read_text(errors="replace")
    except OSError:
        return False


def _of_flask(project: AlembicProject, file: Path, stack: ExitStack) -> "Config":
    application = find_application(project)
    stack.enter_context(application.app_context())
    extension = application.extensions.get("migrate")
    if extension is None:
        raise ConfigurationError(
            f"the Flask application {application.name!r} has no Flask-Migrate",
            hint="call Migrate(app, db), or point [alembic] config at a plain alembic.ini",
        )
    with their_errors(project, "Flask-Migrate's settings could not be had"):
        config: Config = extension.migrate.get_config(str(file.parent))
    return config


def find_application(project: AlembicProject) -> Any:
    """The Flask application: the one in whose context we are, as configured, as FLASK_APP names it, or as found.

    Raises:
        ConfigurationError: there is none.
        MigrationError: it raised something while it was loaded.
    """
    from flask import current_app, has_app_context
    from flask.cli import NoAppException, ScriptInfo

    if has_app_context():
        return current_app._get_current_object()  # type: ignore[attr-defined]  # the proxy's own way out
    named = project.app or os.environ.get("FLASK_APP")
    candidates = [named] if named else _candidates(project)
    problem = "no module with an application was found"
    broken: MigrationError | None = None
    for candidate in candidates:
        what = f"the Flask application of {shown(project.file, project.start)} could not be loaded"
        with their_errors(project, what):
            try:
                return ScriptInfo(app_import_path=candidate, set_debug_flag=False).load_app()
            except NoAppException as error:
                problem = str(error)
                # Flask puts the whole traceback of an import that failed within the module into its text.
                cause = error.__context__
                if isinstance(cause, ImportError) and cause.__traceback__ and cause.__traceback__.tb_next:
                    broken = broken or their_error(cause, project, what)
    if broken is not None:
        raise broken
    raise ConfigurationError(
        f"the Flask application for {shown(project.file)} cannot be loaded: {problem}",
        hint='set FLASK_APP, or [alembic] app = "module:create_app"',
    )


def _candidates(project: AlembicProject) -> list[str]:
    found: list[str] = []
    for folder in project.path or (Path.cwd(),):
        names = ("wsgi", "app")
        found += [
            name for name in names if any((folder / file).is_file() for file in (f"{name}.py", f"{name}/__init__.py"))
        ]
    return found
