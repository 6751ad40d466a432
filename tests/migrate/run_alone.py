"""A run within the fence, as a process that can be killed: folder, URL, record."""

import sys
from pathlib import Path

from fence_project import DECLARED, LIVE

from schemasync.migrate.environment import AlembicProject
from schemasync.migrate.prepared import Settings
from schemasync.migrate.runs import Target
from schemasync.migrate.upgrade import migrate

folder, url, record = sys.argv[1:]
settings = Settings(url, AlembicProject(Path(folder) / "alembic.ini"), DECLARED, layers=LIVE, record=Path(record))
migrate(settings, Target("upgrade", "heads"))
