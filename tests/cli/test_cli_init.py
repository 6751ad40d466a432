"""Project layouts in; configuration out."""

import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
from command_line import Result, schemasync

from schemasync.config import load
from schemasync.demo import example_folder

DATASOURCE = 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n'
MODEL = "model User {\n  id Int @id\n}\n"
DB = "from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n"
BASE = "from sqlalchemy.orm import DeclarativeBase\n\nclass Base(DeclarativeBase):\n    pass\n"
INI = "[alembic]\nscript_location = alembic\n"
FLASK_ENV = "from flask import current_app\n"


def layout(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def model(name: str, module: str = "app.extensions", base: str = "db.Model", imported: str = "db") -> str:
    return f"from {module} import {imported}\n\nclass {name}({base}):\n    __tablename__ = '{name.lower()}'\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def settings(folder: Path) -> dict[str, Any]:
    load(folder / "schemasync.toml")  # the file that was written is a valid configuration
    return {
        section: values
        for section, values in tomllib.loads((folder / "schemasync.toml").read_text()).items()
        if section not in ("ownership", "check")
    }


def initialised(capsys: pytest.CaptureFixture[str], *arguments: str) -> Result:
    result = schemasync(capsys, "init", *arguments)
    assert (result.code, result.err) == (0, ""), result.err
    return result


def test_front_end_and_back_end_side_by_side(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(example_folder(), folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("schemasync.toml"))
    result = initialised(capsys)
    assert settings(folder) == {
        "prisma": {"schema": "frontend/prisma/schema.prisma"},
        "sqlalchemy": {"metadata": "app.models:db", "path": ["backend/api"]},
        "alembic": {"config": "backend/api/migrations"},
        "database": {"url": "$DATABASE_URL", "schemas": ["public"]},
    }
    assert (
        result.out
        == """\
Prisma schema      frontend/prisma/schema.prisma (named by
                   frontend/prisma.config.ts)
Prisma migrations  frontend/prisma/migrations (7 migrations)
Database           $DATABASE_URL (named by frontend/prisma.config.ts)
Models             app.models:db, imported from backend/api (26 models)
Alembic            backend/api/migrations (Flask-Migrate, 7 revisions)
Flask              app:create_app

Wrote schemasync.toml. Next: schemasync check
"""
    )


def test_a_monorepo_with_a_src_layout(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    layout(
        folder,
        {
            "packages/db/prisma/schema/base.prisma": DATASOURCE.replace("DATABASE_URL", "SHOP_URL"),
            "packages/db/prisma/schema/schema.prisma": MODEL,
            "packages/db/package.json": '{"prisma": {"schema": "./prisma/schema"}}',
            "packages/db/prisma/migrations/20250101_a/migration.sql": "",
            "packages/db/node_modules/prisma/schema.prisma": DATASOURCE,
            "services/api/alembic.ini": INI,
            "services/api/alembic/env.py": "",
            "services/api/alembic/versions/1_a.py": "down_revision = None\n",
            "services/api/src/shop/__init__.py": "",
            "services/api/src/shop/db.py": BASE,
            "services/api/src/shop/orders.py": model("Order", ".db", "Base", "Base"),
            "services/api/src/shop/users.py": model("User", ".db", "Base", "Base"),
            "services/api/src/shop/models.py": "from .db import Base\nfrom . import orders\nfrom .users import User\n",
            "services/api/tests/test_x.py": BASE,
        },
    )
    initialised(capsys)
    assert settings(folder) == {
        "prisma": {"schema": "packages/db/prisma/schema"},
        "sqlalchemy": {"metadata": "shop.models:Base", "path": ["services/api/src"]},
        "alembic": {"config": "services/api/alembic.ini"},
        "database": {"url": "$SHOP_URL", "schemas": ["public"]},
    }
    assert load(folder / "schemasync.toml").migrations() == folder / "packages/db/prisma/migrations"


def test_everything_in_one_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    layout(
        folder,
        {
            "prisma/schema.prisma": DATASOURCE.replace("}", '  schemas = ["public", "audit"]\n}') + MODEL,
            "models.py": DB + "\nclass User(db.Model):\n    id = db.Column(db.Integer, primary_key=True)\n",
            "app.py": "from flask import Flask\n\napp = Flask(__name__)\n",
            "migrations/alembic.ini": "[alembic]\n",
            "migrations/env.py": FLASK_ENV,
            "pyproject.toml": "[project]\nname = 'x'\n",
        },
    )
    result = initialised(capsys)
    assert settings(folder) == {
        "prisma": {"schema": "prisma/schema.prisma"},
        "sqlalchemy": {"metadata": "models:db"},
        "alembic": {"config": "migrations"},
        "database": {"url": "$DATABASE_URL", "schemas": ["public", "audit"]},
    }
    assert "Flask          app:app" in result.out
    assert "There is no folder of Prisma migrations beside the schema." in result.out


def test_what_prisma_config_names(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    layout(
        folder,
        {
            "prisma.config.ts": """
                export default defineConfig({
                  schema: path.join("db", "main.prisma"),
                  migrations: { path: 'db/history' },
                  datasource: { url: process.env.POSTGRES_URL },
                })""",
            "db/main.prisma": MODEL,
            "db/history/20250101_a/migration.sql": "",
            "prisma/schema.prisma": MODEL,
        },
    )
    result = initialised(capsys)
    assert settings(folder)["prisma"] == {"schema": "db/main.prisma", "migrations": "db/history"}
    assert settings(folder)["database"]["url"] == "$POSTGRES_URL"
    assert "There are further Prisma schemas: prisma/schema.prisma." in result.out
    assert "There is no SQLAlchemy metadata" in result.out
    assert "# metadata = " in (folder / "schemasync.toml").read_text()


def test_models_that_nothing_imports_are_a_doubt(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    layout(
        folder,
        {
            "app/__init__.py": "from flask import Flask\n\ndef create_app():\n    return Flask(__name__)\n",
            "app/extensions.py": DB,
            "app/user.py": model("User"),
            "app/order.py": model("Order"),
        },
    )
    text = " ".join(initialised(capsys).out.split())
    assert settings(folder)["sqlalchemy"] == {"metadata": "app.user:db"} or settings(folder)["sqlalchemy"] == {
        "metadata": "app.order:db"
    }
    assert "seems to reach 1 of 2 models; name a module that imports them all." in text


def test_an_existing_configuration_is_kept(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    layout(folder, {"schema.prisma": MODEL, "schemasync.toml": "# mine\n"})
    result = schemasync(capsys, "init")
    assert (result.code, result.out) == (2, "")
    assert result.err == "error: schemasync.toml configures this project already\n    hint: --force writes it anew\n"
    assert (folder / "schemasync.toml").read_text() == "# mine\n"
    initialised(capsys, "--force")
    assert settings(folder)["prisma"] == {"schema": "schema.prisma"}


def test_a_table_in_pyproject_counts_as_a_configuration(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    layout(folder, {"schema.prisma": MODEL, "pyproject.toml": "[tool.schemasync]\n"})
    assert schemasync(capsys, "init").err.startswith("error: pyproject.toml configures this project already")


def test_an_empty_folder(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    result = schemasync(capsys, "init")
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("error: there is neither a Prisma schema nor a SQLAlchemy metadata under this folder")
    assert not (folder / "schemasync.toml").exists()


def test_files_that_cannot_be_read_are_passed_over(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    layout(folder, {"schema.prisma": MODEL, "broken.py": "import (", "package.json": '{"prisma": [}'})
    (folder / "binary.py").write_bytes(b"import \xff\x00")
    (folder / "loop").symlink_to(folder)
    initialised(capsys)
    assert settings(folder)["prisma"] == {"schema": "schema.prisma"}


def test_a_flask_factory_whose_package_imports_all_models(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    layout(
        folder,
        {
            "frontend/prisma/schema.prisma": DATASOURCE + MODEL,
            "backend/app/__init__.py": (
                "from flask import Flask\nfrom .extensions import db\n\ndef create_app():\n    return Flask(__name__)\n"
            ),
            "backend/app/extensions.py": "from flask_sqlalchemy import SQLAlchemy\n\ndb = SQLAlchemy()\n",
            "backend/app/models/__init__.py": "from .orders import Order\nfrom .users import User\n",
            "backend/app/models/orders.py": model("Order"),
            "backend/app/models/users.py": model("User"),
            "backend/migrations/alembic.ini": INI,
            "backend/migrations/env.py": "from flask import current_app\n",
        },
    )
    result = initialised(capsys)
    # Importing a module imports its package first, and with it all the others.
    assert settings(folder)["sqlalchemy"] == {"metadata": "app.models.users:db", "path": ["backend"]}
    assert "(2 models)" in result.out
    assert "seems to reach" not in result.out
    assert '# app = "app:create_app"' in (folder / "schemasync.toml").read_text()


def test_tables_without_classes(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    layout(
        folder,
        {
            "schema.prisma": DATASOURCE + MODEL,
            "server/__init__.py": "",
            "server/tables.py": (
                "import sqlalchemy as sa\n\nmetadata = sa.MetaData()\n"
                "users = sa.Table('users', metadata)\nsa.Table('orders', metadata)\n"
            ),
        },
    )
    assert "server.tables:metadata, imported from . (2 models)" in initialised(capsys).out
