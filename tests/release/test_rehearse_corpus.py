"""Real histories: every table gets rows, and no statement of a version that knows the database as it is fails."""

import dataclasses
from collections import Counter
from pathlib import Path

import pytest

from schemasync.compatibility import Service
from schemasync.errors import DatabaseError
from schemasync.mirror import mirror
from schemasync.release.rehearsal_services import Troupe
from schemasync.release.rehearsal_worker import ModelProcess, Models
from schemasync.release.synthetic_rows import RowMaker, fill
from schemasync.scratch import ScratchServer
from schemasync.witnesses.database import read_database
from schemasync.witnesses.replay import replay_prisma


def rehearsed(server: ScratchServer, history: Path, folder: Path) -> Counter[tuple[str, str]] | None:
    """How the statements of both kinds of client went; None where the server lacks an extension."""
    with server.create_database() as database:
        try:
            replay_prisma(history, database.url)
        except DatabaseError as error:
            if "extension" in error.message:
                return None
            raise
        state = read_database(database.url)
        opened = database.connect()
        filled = fill(opened, state, 5)
        assert filled.reasons == {}, history.name
        assert min(filled.rows.values()) > 0
        folder.mkdir()
        (folder / "deployed_models.py").write_text(mirror(state))
        services = {
            "front end": Service("front end", "prisma", dataclasses.replace(state, witness="prisma")),
            "back end": Service("back end", "sqlalchemy", dataclasses.replace(state, witness="sqlalchemy")),
        }
        models = ModelProcess("back end", Models("deployed_models:Base", (str(folder),), str(folder)))
        troupe = Troupe(services, {"back end": models})
        try:
            maker = RowMaker(opened, state)
            trials = [trial for name in services for trial in troupe.trials(name, database.url, maker)]
        finally:
            models.close()
            opened.close()
        assert troupe.untold == {}
        assert [trial for trial in trials if trial.outcome != "passed"] == []
        return Counter((trial.service, trial.statement) for trial in trials)


@pytest.mark.filterwarnings("ignore::schemasync.errors.PrismaSchemaWarning")  # real schemas have what Prisma warns of
def test_real_histories(corpus: Path, server: ScratchServer, tmp_path: Path) -> None:
    histories = sorted(path for path in (corpus / "histories").iterdir() if path.is_dir())
    found = {one.name: rehearsed(server, one, tmp_path / one.name) for one in histories}
    ran = {name: counts for name, counts in found.items() if counts is not None}
    if not ran:
        pytest.skip("the corpus has no history that this server can run")
    for counts in ran.values():
        # Neither client is left out, and each statement was sent.
        assert {key for key, count in counts.items() if count > 10} == {
            (service, statement)
            for service in ("front end", "back end")
            for statement in ("SELECT", "INSERT", "UPDATE")
        }
