"""The process in which a back end's models live while a release is rehearsed: real SQLAlchemy on a scratch database.

It imports the models once, then tries their statements each time that it is asked, a line of JSON for each question and
each answer. Everything it writes is rolled back.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from schemasync.errors import SchemasyncError
from schemasync.release.rehearsal_models import CoreModel, MappedModel, MismatchError, values_by
from schemasync.release.rehearsal_trials import ALL, DEPENDS, FAILED, FEW, PASSED, judged_code
from schemasync.witnesses.loader import load_openly
from schemasync.witnesses.metadata_mappers import TableMapping, table_mappings
from schemasync.witnesses.replay import scratch_engine
from schemasync.witnesses.source_lines import SourceLines
from schemasync.witnesses.user_files import UserFiles


def main(folder: str) -> None:
    """Carries out `request.json` of a folder, then answers questions from standard input until it ends.

    Args:
        folder: where the request is.
    """
    request = json.loads((Path(folder) / "request.json").read_text())
    sys.argv[:] = ["schemasync"]
    # What the models print is none of our answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    working_folder = Path(request["working_folder"])
    path = [Path(entry) for entry in request["path"]]
    try:
        loaded = load_openly(
            request["reference"], path=path, stub_missing=request["stub_missing"], working_folder=working_folder
        )
        user_files = UserFiles((*(working_folder / entry for entry in path), working_folder))
        mappings = table_mappings(loaded.metadata, SourceLines(working_folder, user_files))
        first: dict[str, Any] = {"tables": len(loaded.metadata.tables)}
    except SchemasyncError as error:
        first = {"error": error.message}
    answers.write(json.dumps(first) + "\n")
    answers.flush()
    if "error" in first:
        os._exit(0)
    for line in sys.stdin:
        question = json.loads(line)
        trials = list(_trials(loaded.metadata, mappings, question))
        answers.write(json.dumps(trials) + "\n")
        answers.flush()
    # Threads and exit handlers of the user's code could hold the process up.
    os._exit(0)


def _trials(metadata: Any, mappings: Mapping[Any, TableMapping], question: Any) -> Iterator[dict[str, Any]]:
    engine = scratch_engine(question["url"])
    with engine.connect() as opened, engine.connect().execution_options(isolation_level="AUTOCOMMIT") as apart:
        value = values_by(apart)
        for table in metadata.sorted_tables:
            schema = table.schema or "public"
            there = question["tables"].get(f"{schema}.{table.name}") or {}
            mapping = mappings.get(table)
            mapper = mapping.mappers[0] if mapping is not None and mapping.mappers else None
            model = CoreModel(table, value) if mapper is None else MappedModel(table, value, mapper)
            for trial in _of_model(opened, model, there, question["tables"]):
                yield {"schema": schema, "table": table.name, **trial}


def _of_model(opened: Any, model: CoreModel, there: Any, tables: Any) -> Iterator[dict[str, Any]]:
    enums = frozenset(there.get("enums", ()))
    yield _tried(opened, "SELECT", "every row", model.select, enums)
    if there.get("existing") and model.has_key:
        yield _tried(opened, "SELECT", "by its key", lambda session: model.get(session, there))
    rows = model.rows(tables)
    if rows is not None:
        yield _tried(opened, "INSERT", ALL, lambda session: model.insert(session, rows, everything=True))
        yield _tried(opened, "INSERT", FEW, lambda session: model.insert(session, rows))
    if there.get("existing") and model.has_key and model.has_values:
        yield _tried(opened, "UPDATE", ALL, lambda session: model.update(session, there))


def _tried(
    opened: Any, statement: str, variant: str, run: Callable[[Any], None], enums: frozenset[str] = frozenset()
) -> dict[str, Any]:
    """Run one statement and roll it back; how that went."""
    from sqlalchemy.exc import DBAPIError
    from sqlalchemy.orm import Session

    outcome, reason, code = PASSED, "", ""
    try:
        with Session(opened, autoflush=False) as session:
            run(session)
            session.rollback()
    except LookupError as error:
        # The mapping does not know a value that the database's enum has, or that was made up for a text.
        reason, outcome = str(error), FAILED if enums and statement == "SELECT" else DEPENDS
    except MismatchError as error:
        outcome, reason = FAILED, str(error)
    except DBAPIError as error:
        cause: Any = error.orig
        code = getattr(cause, "pgcode", None) or ""
        outcome = judged_code(statement, code)
        reason = " ".join(str(getattr(getattr(cause, "diag", None), "message_primary", None) or cause).split())
    except Exception as error:  # noqa: BLE001 - listeners, validators and types are the user's own code
        outcome = DEPENDS
        reason = f"its own code refused the made-up row: {type(error).__name__}: {' '.join(str(error).split())[:200]}"
    return {"statement": statement, "variant": variant, "outcome": outcome, "reason": reason, "code": code}
