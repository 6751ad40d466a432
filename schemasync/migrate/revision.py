"""`revision`: autogenerate for owned tables only, with what Alembic alone misses on them."""

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemasync.migrate.environment import quiet
from schemasync.migrate.extras import extra_operations
from schemasync.migrate.filter import Filter
from schemasync.migrate.prepared import Settings, loaded_scripts, prepare
from schemasync.migrate.probe import probe, read_models
from schemasync.migrate.refusals import MigrationError
from schemasync.migrate.theirs import their_errors
from schemasync.schema.model import Schema


@dataclass(frozen=True, slots=True)
class RevisionOptions:
    """What `alembic revision` takes too."""

    message: str | None = None
    head: str = "head"
    splice: bool = False
    branch_label: str | None = None
    version_path: str | None = None
    revision_id: str | None = None
    depends_on: str | None = None


def write_revision(settings: Settings, options: RevisionOptions) -> tuple[Path, ...]:
    """Write a revision with what the models and the database differ in on owned tables.

    Args:
        settings: as for a run; the scratch server spells expressions that the text alone cannot compare.
        options: as for `alembic revision`.

    Returns:
        The files that were written; none where there is nothing to write.

    Raises:
        MigrationError: the database is not up to date, or env.py or autogenerate failed.
    """
    from alembic.autogenerate.api import RevisionContext
    from alembic.runtime.environment import EnvironmentContext
    from alembic.util import CommandError

    with ExitStack() as stack:
        prepared = prepare(settings, stack)
        config = prepared.config
        seen = probe(config, settings.project, prepared.anchor, prepared.connections)
        declared = dict(settings.declared)
        models = seen.models or declared.get("sqlalchemy")
        if models is None:
            raise MigrationError(
                "env.py configures no target_metadata, so that there is nothing to compare",
                hint="set target_metadata to the models' metadata",
            )
        declared["sqlalchemy"] = models
        created = prepared.created
        rules = Filter(declared, settings.ownership, created)
        extras = extra_operations(settings, prepared.anchor.url, declared, rules)

        def directives(_context: Any, _revision: Any, scripts: list[Any]) -> None:
            for script in scripts:
                extras.add_to(script)
            if all(script.upgrade_ops.is_empty() for script in scripts):
                scripts.clear()

        script_directory = loaded_scripts(prepared, settings.project)
        context = RevisionContext(config, script_directory, _arguments(options), process_revision_directives=directives)

        def retrieve(heads: Any, migration: Any) -> list[Any]:
            context.run_autogenerate(heads, migration)
            return []

        environment = EnvironmentContext(
            config,
            script_directory,
            fn=retrieve,
            as_sql=False,
            template_args=context.template_args,
            revision_context=context,
        )
        filtered(environment, rules)
        with their_errors(settings.project, "autogenerate failed"):
            try:
                with environment:
                    script_directory.run_env()
                written: Sequence[Any] = [script for script in context.generate_scripts() if script is not None]
            except CommandError as error:
                hint = "run schemasync upgrade first, if it is not up to date"
                raise MigrationError(str(error), hint=hint) from error
    return tuple(Path(script.path) for script in written)


def filtered(environment: Any, rules: Filter) -> None:
    """Have an EnvironmentContext compare owned tables only, beside whatever filter env.py has itself."""
    configure = environment.configure

    def configured(*arguments: Any, **options: Any) -> None:
        theirs = options.get("include_object")

        def include(item: Any, name: Any, kind: str, reflected: bool, compare_to: Any) -> bool:
            ours = rules.include_object(item, name, kind, reflected, compare_to)
            return ours and (theirs is None or bool(theirs(item, name, kind, reflected, compare_to)))

        configure(*arguments, **{**options, "include_object": include})

    environment.configure = configured


def foreign_operations(settings: Settings) -> tuple[str, ...]:
    """What the project's own autogenerate would do to tables that it does not own, in sentences.

    Alembic is asked itself, with env.py's own filter, or the lack of one; nothing is written.

    Raises:
        MigrationError: env.py or autogenerate failed.
    """
    from alembic.autogenerate import produce_migrations
    from alembic.runtime.environment import EnvironmentContext

    with ExitStack() as stack:
        prepared = prepare(settings, stack)
        scripts = loaded_scripts(prepared, settings.project)
        created = prepared.created
        found: list[str] = []

        def look(_heads: Any, migration: Any) -> list[Any]:
            metadata = migration.opts.get("target_metadata")
            models: Schema | None = read_models(metadata)
            if models is None:
                return []
            rules = Filter({**settings.declared, "sqlalchemy": models}, settings.ownership, created)
            script = produce_migrations(migration, metadata)
            found.extend(_foreign(script.upgrade_ops, rules))
            return []

        environment = EnvironmentContext(prepared.config, scripts, fn=look, as_sql=False, dont_mutate=True)
        # What env.py commits by itself is rolled back, and what it logs concerns nobody here.
        prepared.connections.looking = True
        with their_errors(settings.project, "autogenerate failed"), environment, quiet():
            scripts.run_env()
    return tuple(dict.fromkeys(found))


def _foreign(operations: Any, rules: Filter) -> list[str]:
    found = []
    for operation in operations.ops:
        if hasattr(operation, "ops"):
            found += _foreign(operation, rules)
            continue
        table = getattr(operation, "table_name", None)
        if table is not None and not rules.owns(getattr(operation, "schema", None), table):
            verb = type(operation).__name__.removesuffix("Op")
            words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in verb).strip()
            found.append(f"{words} on {table}" if "table" not in words else f"{words} {table}")
    return found


def _arguments(options: RevisionOptions) -> dict[str, Any]:
    return {
        "message": options.message,
        "autogenerate": True,
        "sql": False,
        "head": options.head,
        "splice": options.splice,
        "branch_label": options.branch_label,
        "version_path": options.version_path,
        "rev_id": options.revision_id,
        "depends_on": options.depends_on,
    }
