"""Importing models: what is said when it goes wrong, and what never gets out of the process."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from schemasync.schema.model import Schema
from schemasync.witnesses.import_errors import without_passwords
from schemasync.witnesses.loader import load_metadata

Load = Callable[..., Schema]
Refusal = Callable[..., str]

MODELS = """\
from sqlalchemy import Column, Integer, MetaData, Table
metadata = MetaData()
Table("t", metadata, Column("id", Integer, primary_key=True))
"""


def test_a_schema_comes_back_from_another_process(load: Load) -> None:
    imported = sys.modules.get("app.models")
    schema = load({"app/models.py": MODELS})
    assert (schema.witness, schema.source) == ("sqlalchemy", "app.models:metadata")
    assert [table.name for table in schema.tables] == ["t"]
    assert schema.notes == ()
    assert sys.modules.get("app.models") is imported


def test_paths_come_first_and_start_at_the_working_folder(load: Load) -> None:
    schema = load({"back/api/shop.py": MODELS, "shop.py": "metadata = 1"}, "shop:metadata", path=[Path("back/api")])
    assert schema.tables[0].location.path == "back/api/shop.py"


def test_a_users_module_may_have_any_name(load: Load) -> None:
    files = dict.fromkeys(("metadata.py", "guard.py", "loader.py", "errors.py"), MODELS)
    assert len(load({**files, "app/models.py": "from guard import metadata"}).tables) == 1


def test_prints_do_not_get_out(load: Load, capfd: pytest.CaptureFixture[str]) -> None:
    noise = (
        "import os, sys, warnings\nprint('one')\nprint('two', file=sys.stderr)\nos.write(1, b'three\\n')\n"
        "os.system('echo four')\nsys.stdout.reconfigure(encoding='utf-8')\n"
    )
    schema = load({"app/models.py": noise + MODELS})
    assert schema.notes == ("The models printed 4 lines while they were imported; not shown.",)
    assert capfd.readouterr() == ("", "")


def test_prints_are_kept_back_in_the_same_process_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "noisy_models.py").write_text(f"print('one')\nimport sys\nsys.stderr.write('two\\n')\n{MODELS}")
    path = list(sys.path)
    loaded = load_metadata("noisy_models:metadata", path=[tmp_path])
    assert loaded.notes == ("The models printed 2 lines while they were imported; not shown.",)
    assert list(loaded.metadata.tables) == ["t"]
    assert capsys.readouterr() == ("", "")
    assert sys.path == path


def test_input_and_arguments_are_not_ours(load: Load) -> None:
    check = "import sys\nassert sys.argv == ['schemasync'], sys.argv\nassert sys.stdin.read() == ''\n"
    assert len(load({"app/models.py": check + MODELS}).tables) == 1


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        (
            "app.models",
            '"app.models" is no reference to SQLAlchemy metadata\n    hint: write module:attribute, such as',
        ),
        (
            "app/models.py:db",
            '"app/models.py:db" is no reference to SQLAlchemy metadata\n'
            "    hint: modules are written with dots: app.models:db",
        ),
        ("app.modles:metadata", 'there is no module "app.modles" in app\n    hint: did you mean app.models?'),
        ("ap.models:metadata", 'there is no module "ap" in .\n    hint: did you mean app?'),
        ("app.models.tables:metadata", 'there is no module "app.models.tables": app.models is not a package'),
        ("app.models:metadat", 'app.models has no attribute "metadat"\n    hint: did you mean metadata?'),
        ("app.models:db", 'app.models has no attribute "db"\n    hint: app.models has app.models:metadata'),
        (
            "app.models:Table",
            "app.models:Table is a class without metadata, not SQLAlchemy metadata\n"
            "    hint: app.models has app.models:metadata",
        ),
        (
            "app.models:make",
            "app.models:make is a function, not SQLAlchemy metadata\n    hint: app.models has app.models:metadata",
        ),
        (
            "app.models:number",
            "app.models:number is of type int, not SQLAlchemy metadata\n    hint: app.models has app.models:metadata",
        ),
    ],
)
def test_references_that_lead_nowhere(refusal: Refusal, reference: str, said: str) -> None:
    files = {"app/models.py": MODELS + "number = 1\ndef make(): return metadata\n"}
    assert refusal(files, reference).startswith(f"error: {said}")


def test_an_error_of_the_users_code_is_shown_as_theirs(refusal: Refusal) -> None:
    files = {
        "app/models.py": "from app import helpers\n",
        "app/helpers.py": "import json\n\ndef fail():\n    json.loads('{')\n\nfail()\n",
    }
    assert refusal(files) == (
        "error: app/helpers.py:4: JSONDecodeError: Expecting property name enclosed in double quotes: "
        "line 1 column 2 (char 1)\n"
        "    app/models.py:1: from app import helpers\n"
        "    app/helpers.py:6: fail()\n"
        "    app/helpers.py:4: json.loads('{')"
    )


def test_a_syntax_error_has_its_own_place(refusal: Refusal) -> None:
    files = {"app/models.py": "from app import helpers\n", "app/helpers.py": "\nclass A\n"}
    assert refusal(files) == (
        "error: app/helpers.py:2: SyntaxError: expected ':'\n"
        "    app/models.py:1: from app import helpers\n    app/helpers.py:2: class A"
    )


def test_a_missing_package_is_named(refusal: Refusal) -> None:
    assert refusal({"app/models.py": "import boto3\n"}) == (
        "error: app/models.py:1: ModuleNotFoundError: No module named 'boto3'\n"
        "    hint: install boto3, or let stand-ins take its place with --stub-missing"
    )


def test_exiting_is_an_error(refusal: Refusal) -> None:
    assert refusal({"app/models.py": "import sys\nsys.exit('no settings')\n"}) == (
        "error: app/models.py:2: SystemExit: no settings"
    )
    assert refusal({"app/models.py": "import os\nprint('bye')\nos._exit(3)\n"}).startswith(
        "error: the process that imported app.models:metadata ended with exit code 3"
    )
    assert "ended with exit code 0" in refusal({"app/models.py": "import os\nos._exit(0)\n"})


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals on Windows")
def test_a_crash_is_an_error(refusal: Refusal) -> None:
    crash = "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n"
    assert "crashed with SIGSEGV" in refusal({"app/models.py": crash})


def test_a_hang_is_an_error_that_says_where(refusal: Refusal) -> None:
    files = {"app/models.py": "import time\n\ndef wait():\n    time.sleep(600)\nwait()\n"}
    for patience in (2, 10, 60):  # a machine with much to do is not yet there after two seconds
        said = refusal(files, timeout=float(patience))
        if said.startswith("error: app/models.py:4: "):
            break
    assert said.startswith(f"error: app/models.py:4: importing app.models:metadata took longer than {patience} seconds")


def test_threads_and_exit_handlers_do_not_hold_it_up(load: Load) -> None:
    waiting = "import atexit, threading, time\nthreading.Thread(target=time.sleep, args=(60,)).start()\n"
    waiting += "atexit.register(time.sleep, 60)\n"
    assert len(load({"app/models.py": waiting + MODELS}, timeout=20.0).tables) == 1


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("at postgresql://me:secret@host/db", "at postgresql://me:***@host/db"),
        ("('postgresql+psycopg2://me:se@cr/et@host:5/db?x=1')", "('postgresql+psycopg2://me:***@host:5/db?x=1')"),
        ("connect(password='s3cret', host='h')", "connect(password='***', host='h')"),
        ("host=h password=s3cret user=u", "host=h password=*** user=u"),
        ("https://host/path", "https://host/path"),
    ],
)
def test_passwords_are_hidden(text: str, shown: str) -> None:
    assert without_passwords(text) == shown


def test_no_password_in_an_error(refusal: Refusal) -> None:
    code = "URL = 'postgresql://me:geheim@host/db'\ndef start(url): raise ValueError(f'cannot reach {url}')\nstart('postgresql://me:geheim@host/db')\n"
    said = refusal({"app/models.py": code})
    assert said.startswith("error: app/models.py:2: ValueError: cannot reach postgresql://me:***@host/db")
    assert "geheim" not in said


def test_mappers_that_cannot_be_configured(refusal: Refusal) -> None:
    code = (
        "from sqlalchemy import *\nfrom sqlalchemy.orm import *\nclass Base(DeclarativeBase): pass\n"
        "class A(Base):\n    __tablename__ = 'a'\n    id = mapped_column(Integer, primary_key=True)\n"
        "    lost = relationship('Nowhere')\n"
    )
    assert refusal({"app/models.py": code}, "app.models:Base").startswith(
        "error: app/models.py:4: InvalidRequestError: When initializing mapper Mapper[A(a)], expression 'Nowhere'"
    )


def test_an_error_of_the_users_type_while_reading_is_theirs(refusal: Refusal) -> None:
    code = (
        "from sqlalchemy.types import UserDefinedType\nclass Odd(UserDefinedType):\n"
        "    def get_col_spec(self): raise KeyError('shape')\n"
        + MODELS
        + "metadata.tables['t'].append_column(Column('o', Odd()))\n"
    )
    assert refusal({"app/models.py": code}) == "error: app/models.py:3: KeyError: 'shape'"


def test_a_metadata_without_tables_says_why(load: Load) -> None:
    schema = load({"app/models.py": "from sqlalchemy import MetaData\nmetadata = MetaData()\n"})
    assert schema.notes == (
        "app.models:metadata has no tables: app.models does not import the modules that define the models.",
    )


def test_two_runs_give_the_same_json(load: Load, tmp_path: Path) -> None:
    many = "".join(
        f"Table('t{n}', metadata, Column('id', Integer, primary_key=True), Column('a', Integer, unique=True), "
        "Column('b', Integer, ForeignKey('t.id')), Column('c', Enum('x', name=f'e{n}')), "
        "CheckConstraint('a > 0'), UniqueConstraint('b'), CheckConstraint('b > 0'), "
        "Index(None, 'a', 'b'), Index(None, 'b'))\n".replace("{n}", str(n))
        for n in range(8)
    )
    (tmp_path / "app").mkdir()
    (tmp_path / "app/__init__.py").write_text("")
    (tmp_path / "app/models.py").write_text(f"from sqlalchemy import *\n{MODELS}{many}")
    program = (
        "import sys; sys.path.append(sys.argv[1]); from schemasync.witnesses.loader import load_schema; "
        "print(load_schema('app.models:metadata').to_json())"
    )
    root = str(Path(__file__).resolve().parents[2])
    texts = {
        subprocess.run(
            [sys.executable, "-c", program, root],
            cwd=tmp_path,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2", "77")
    }
    assert len(texts) == 1
    assert len(json.loads(texts.pop())["tables"]) == 9
