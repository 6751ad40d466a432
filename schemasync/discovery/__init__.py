"""Finds in a project's files what a configuration names, and says where it is not sure. Nothing is imported or run."""

from dataclasses import dataclass
from pathlib import Path

from schemasync.discovery.files import project_files, text_of
from schemasync.discovery.models import FlaskFound, ModelsFound, find_flask, find_models, read_sources
from schemasync.discovery.prisma import PrismaFound, find_prisma
from schemasync.paths import shown


@dataclass(frozen=True, slots=True)
class AlembicFound:
    """An `alembic.ini`, or the folder that Flask-Migrate keeps, and how many revisions it has."""

    config: Path
    is_flask_migrate: bool
    revisions: int
    others: tuple[Path, ...]


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found under a folder, and what is uncertain about it, in sentences."""

    root: Path
    prisma: PrismaFound | None
    models: ModelsFound | None
    alembic: AlembicFound | None
    flask: FlaskFound | None

    @property
    def doubts(self) -> list[str]:
        """What the user should look at."""
        return [*_prisma_doubts(self), *_model_doubts(self), *_alembic_doubts(self)]


def discover(root: Path) -> Discovery:
    """Look for Prisma's schema, SQLAlchemy models, Alembic and Flask under a folder."""
    root = root.resolve()
    files = list(project_files(root))
    sources = read_sources(files)
    models = find_models(sources)
    return Discovery(
        root=root,
        prisma=find_prisma(files),
        models=models,
        alembic=_find_alembic(files, models),
        flask=find_flask(sources),
    )


def _find_alembic(files: list[Path], models: ModelsFound | None) -> AlembicFound | None:
    """The `alembic.ini` nearest to the models; Flask-Migrate's lies beside its env.py and stands for the folder."""
    found = []
    for file in files:
        if file.name == "alembic.ini":
            beside = file.parent / "env.py"
            is_flask_migrate = beside.is_file() and "current_app" in text_of(beside)
            found.append((file.parent if is_flask_migrate else file, is_flask_migrate))
    if not found:
        return None
    near = models.root if models is not None else None
    found.sort(key=lambda one: near is None or near not in one[0].parents)
    config, is_flask_migrate = found[0]
    folder = config if is_flask_migrate else config.parent
    revisions = [file for file in files if file.parent.name == "versions" and folder in file.parents]
    count = sum(file.suffix == ".py" and "down_revision" in text_of(file) for file in revisions)
    return AlembicFound(config, is_flask_migrate, count, tuple(other for other, _ in found[1:]))


def _prisma_doubts(found: Discovery) -> list[str]:
    if found.prisma is None:
        return ["There is no schema.prisma, and no prisma.config.ts that names a schema by a literal text."]
    doubts = []
    if found.prisma.others:
        others = ", ".join(shown(path, found.root) for path in found.prisma.others)
        doubts.append(f"There are further Prisma schemas: {others}.")
    if found.prisma.migrations is None:
        doubts.append("There is no folder of Prisma migrations beside the schema.")
    if found.prisma.variable is None:
        doubts.append("Prisma's files do not name the database's environment variable; DATABASE_URL is a guess.")
    return doubts


def _model_doubts(found: Discovery) -> list[str]:
    models = found.models
    if models is None:
        return ["There is no SQLAlchemy metadata, declarative base or Flask-SQLAlchemy db."]
    doubts = []
    if models.models < models.all_models:
        doubts.append(
            f"Importing {models.reference.partition(':')[0]} seems to reach {models.models} of "
            f"{models.all_models} models; name a module that imports them all."
        )
    elif not models.models:
        doubts.append(f"No models were found beside {models.reference}.")
    if models.others:
        doubts.append(f"It could also be {' or '.join(models.others)}.")
    return doubts


def _alembic_doubts(found: Discovery) -> list[str]:
    if found.alembic is None:
        return ["There is no alembic.ini."]
    if found.alembic.others:
        return [
            f"There are further alembic.ini: {', '.join(shown(path, found.root) for path in found.alembic.others)}."
        ]
    return []
