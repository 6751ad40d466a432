"""Both histories as JSON. `docs/status.md` describes it; `version` changes when a reader would break."""

import json
from typing import Any

from schemasync.compare.drift import SEVERITIES
from schemasync.paths import shown
from schemasync.release.status import Status
from schemasync.report.layout import no_command_in_json
from schemasync.witnesses.alembic_history import AlembicHistory
from schemasync.witnesses.prisma_history import PrismaHistory

VERSION = 1


def render(status: Status) -> str:
    """The status as one JSON object."""
    histories = status.histories
    content = {
        "version": VERSION,
        "database": histories.database,
        "prisma": None if histories.prisma is None else _prisma(histories.prisma),
        "alembic": None if histories.alembic is None else _alembic(histories.alembic),
        "summary": {name: sum(drift.severity == name for drift in status.drifts) for name in SEVERITIES},
        "drifts": [drift.to_dict() for drift in status.drifts],
        "next": list(status.next_steps),
    }
    return no_command_in_json(json.dumps(content, ensure_ascii=False, indent=2)) + "\n"


def _prisma(history: PrismaHistory) -> dict[str, Any]:
    return {
        "migrations": shown(history.folder),
        "has_table": history.has_table,
        "locked": history.locked,
        "refuses_first_deploy": history.refuses_first_deploy,
        "applied": list(history.applied),
        "pending": list(history.pending),
        "history": [
            {
                "name": one.name,
                "state": one.state,
                "in_folder": one.in_folder,
                "has_script": one.has_script,
                "edited": one.edited,
                "attempts": one.attempts,
                "by_hand": one.by_hand,
                "started_at": one.started_at,
                "finished_at": one.finished_at,
                "logs": one.logs,
            }
            for one in history.migrations
        ],
    }


def _alembic(history: AlembicHistory) -> dict[str, Any]:
    applied = frozenset(history.applied)
    return {
        "config": shown(history.config),
        "has_table": history.has_table,
        "at": list(history.at),
        "heads": list(history.heads),
        "unknown": list(history.unknown),
        "applied": list(history.applied),
        "pending": list(history.pending),
        "history": [
            {
                "revision": one.id,
                "needs": list(one.needs),
                "message": one.message,
                "state": "applied" if one.id in applied else "pending",
                "path": shown(one.path),
            }
            for one in history.revisions
        ],
    }
