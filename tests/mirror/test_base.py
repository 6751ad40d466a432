"""The project's own base class: its columns are not written twice."""

from pathlib import Path

import pytest

import schemasync
from schemasync.mirror.base import find_base

BASE = """
from app.extensions import db


class BaseModel(db.Model):
    __abstract__ = True

    id = db.Column(UUID(as_uuid=True), primary_key=True, default=uuid.uuid4)
    created_at = db.Column(db.DateTime(timezone=True), nullable=False, server_default=db.text("CURRENT_TIMESTAMP"))

    def save(self):
        db.session.add(self)
"""

OF_BASE = """
    model Same {
      id        String   @id @default(uuid()) @db.Uuid
      createdAt DateTime @default(now()) @map("created_at") @db.Timestamptz
      save      Boolean
    }

    model Other {
      id        String   @id @default(uuid()) @db.Uuid
      createdAt DateTime @default(now()) @map("created_at")
    }

    model Less {
      id String @id @default(uuid()) @db.Uuid
    }
"""


@pytest.fixture
def application(tmp_path: Path) -> Path:
    folder = tmp_path / "app" / "models"
    folder.mkdir(parents=True)
    (folder / "base.py").write_text(BASE)
    return tmp_path


def test_columns_of_the_base_are_not_written_twice(prisma, application):
    files = schemasync.mirror_modules(
        prisma(OF_BASE), "flask-sqlalchemy", "app.models.base:BaseModel", path=[application]
    )
    assert "class Same(BaseModel):" in files["same.py"]
    assert " id:" not in files["same.py"]
    assert "created_at:" not in files["same.py"]
    assert 'save_: Mapped[bool] = mapped_column("save", Boolean)' in files["same.py"]
    assert "from app.models.base import BaseModel\n" in files["same.py"]


def test_columns_that_differ_from_the_bases_are_written(prisma, application):
    files = schemasync.mirror_modules(
        prisma(OF_BASE), "flask-sqlalchemy", "app.models.base:BaseModel", path=[application]
    )
    assert " id:" not in files["other.py"]
    assert (
        "    created_at: Mapped[datetime.datetime] = mapped_column(\n        TIMESTAMP(precision=3),"
        in files["other.py"]
    )


def test_a_table_that_lacks_a_column_of_the_base_has_the_bases_parent(prisma, application):
    files = schemasync.mirror_modules(
        prisma(OF_BASE), "flask-sqlalchemy", "app.models.base:BaseModel", path=[application]
    )
    assert "class Less(db.Model):" in files["less.py"]
    assert "from app.extensions import db\n" in files["less.py"]
    assert " id: Mapped[UUID]" in files["less.py"]


def test_a_base_that_is_no_reference():
    with pytest.raises(schemasync.ConfigurationError, match="no base for mirrors"):
        find_base("app.models.base", "declarative")
