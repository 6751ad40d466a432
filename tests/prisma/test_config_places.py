"""A prisma.config is found where Prisma finds it, and names the schema where schemasync.toml names none."""

import json
from pathlib import Path

import pytest

from schemasync.config import load
from schemasync.discovery.files import project_files
from schemasync.discovery.prisma import find_prisma
from schemasync.errors import ConfigurationError
from schemasync.project import check
from schemasync.witnesses.prisma.project_files import configured_schema, find_config, is_config

SCHEMA = 'datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id\n}\n'
PLACES = (
    "prisma7.config.ts",
    ".config/prisma7.mjs",
    "prisma.config.js",
    "prisma.config.ts",
    "prisma.config/index.ts",
    ".config/prisma.ts",
    ".config/prisma/index.cts",
    ".config/prisma.config.mts",
)


def put(folder: Path, name: str, text: str) -> Path:
    """A file with its folders."""
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


@pytest.mark.parametrize("name", PLACES)
def test_a_configuration_is_found_in_each_of_prismas_places(name: str, tmp_path: Path) -> None:
    schema = put(tmp_path, "prisma/schema.prisma", SCHEMA)
    # Paths start from the folder of the configuration, not from the one that Prisma is run in.
    up = "../" * name.count("/")
    file = put(tmp_path, name, f"export default {{ schema: '{up}prisma/schema.prisma' }}")
    found = find_config(schema)
    assert found is not None
    assert found.file == file
    assert is_config(file)
    assert configured_schema(tmp_path)[0] == tmp_path / Path(name).parent / f"{up}prisma/schema.prisma"
    by_init = find_prisma(list(project_files(tmp_path)))
    assert by_init is not None
    assert (by_init.schema, by_init.named_by) == (schema, file)


def test_of_several_the_first_in_prismas_order_counts(tmp_path: Path) -> None:
    schema = put(tmp_path, "prisma/schema.prisma", SCHEMA)
    for name in reversed(PLACES):
        file = put(tmp_path, name, "export default { tables: { external: [] } }")
        found = find_config(schema)
        assert found is not None
        assert found.file == file


def test_prisma_6_does_not_know_the_names_of_7(tmp_path: Path) -> None:
    schema = put(tmp_path, "prisma/schema.prisma", SCHEMA)
    put(tmp_path, "prisma7.config.ts", "export default {}")
    put(tmp_path, ".config/prisma7.ts", "export default {}")
    assert find_config(schema) is not None
    put(tmp_path, "package.json", json.dumps({"devDependencies": {"prisma": "^6.19.0"}}))
    assert find_config(schema) is None


@pytest.mark.parametrize("name", ["prisma.ts", "prisma.config.json", "my-prisma.config.ts", "prisma8.config.ts"])
def test_other_names_are_none_of_prismas(name: str) -> None:
    assert not is_config(Path("web") / name)


def test_the_schema_of_a_prisma_config_beside_is_the_default(tmp_path: Path) -> None:
    toml = put(tmp_path, "schemasync.toml", '[database]\nurl = "postgresql://localhost/none"\n')
    assert load(toml).prisma.schema is None
    put(tmp_path, "prisma.config.ts", "export default { schema: 'db/$a.prisma', migrations: { path: 'db/m' } }")
    put(tmp_path, "db/$a.prisma", SCHEMA)
    configuration = load(toml)
    assert configuration.prisma.schema is not None
    assert configuration.path(configuration.prisma.schema, "[prisma] schema") == tmp_path / "db" / "$a.prisma"
    assert configuration.migrations() == tmp_path / "db" / "m"
    toml.write_text('[prisma]\nschema = "other.prisma"\n')
    assert load(toml).prisma.schema == "other.prisma"


def test_a_prisma_config_without_a_schema_means_prismas_default_places(tmp_path: Path) -> None:
    toml = put(tmp_path, "schemasync.toml", "")
    put(tmp_path, "prisma.config.ts", "export default { migrations: where() }")
    assert load(toml).prisma.schema is None
    put(tmp_path, "prisma/schema.prisma", SCHEMA)
    assert load(toml).prisma.schema == str(tmp_path / "prisma" / "schema.prisma")
    put(tmp_path, "schema.prisma", SCHEMA)
    assert load(toml).prisma.schema == str(tmp_path / "schema.prisma")


def test_a_schema_that_is_no_literal_is_said(tmp_path: Path) -> None:
    put(tmp_path, "prisma/schema.prisma", SCHEMA)
    put(tmp_path, "prisma.config.ts", "export default { schema: where() }")
    toml = put(tmp_path, "schemasync.toml", '[database]\nurl = "postgresql://localhost/none"\n')
    for wanted in ((), ("prisma", "database")):
        with pytest.raises(ConfigurationError, match=r"schema in prisma\.config\.ts is no plain literal and was not"):
            check(load(toml), wanted)
