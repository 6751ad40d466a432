"""What `package.json` and `prisma.config.ts` say is read; what is no plain literal is said, not guessed."""

import json
from pathlib import Path

import pytest

import schemasync
from schemasync.errors import PrismaSchemaError
from schemasync.witnesses.prisma.javascript import Code, Variable, exported
from schemasync.witnesses.prisma.project_files import find_config, find_version, read_config

CONFIG = """\
import path from "node:path";
import "dotenv/config";
import { defineConfig, env } from "prisma/config";

// export default { schema: "not/this.prisma" };
export default defineConfig({
  schema: path.join("prisma", 'schema.prisma'), /* a comment, with { */
  "migrations": { path: `prisma/migrations`, seed: "tsx seed.ts" },
  datasource: { url: env<Env>("DATABASE_URL"), shadowDatabaseUrl: process.env.SHADOW! },
  tables: {
    external: ["public.invoices", "public.audit_\\u006cogs",],
  },
  enums: { external: [] as string[] },
  experimental: { externalTables: true },
} satisfies PrismaConfig);
"""
SCHEMA = 'datasource db {\n  provider = "postgresql"\n}\nmodel User {\n  id Int @id\n}\n'


def written(folder: Path, config: str) -> Path:
    """A configuration in a folder."""
    file = folder / "prisma.config.ts"
    file.write_text(config, encoding="utf-8")
    return file


def test_plain_literals_are_read(tmp_path: Path) -> None:
    config = read_config(written(tmp_path, CONFIG))
    assert config is not None
    assert config.schema == tmp_path / "prisma/schema.prisma"
    assert config.migrations == tmp_path / "prisma/migrations"
    assert config.tables == ("public.invoices", "public.audit_logs")
    assert config.enums == ()
    assert config.variable == "DATABASE_URL"
    assert config.notes == ()


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("export default {a: 'x', b: [1, true, null]}", {"a": "x", "b": [1.0, True, None]}),
        ("module.exports = { a: 'it\\'s' };", {"a": "it's"}),
        ("const config: PrismaConfig = { a: 1 }\n\nexport default config", {"a": 1.0}),
        ("export default defineConfig({ a: process.env.URL })", {"a": Variable("URL")}),
        ("export default { a: process.env.URL ?? 'x', b: 2 }", {"a": Code("process.env.URL ?? 'x'"), "b": 2.0}),
        ("export default { a: `x${y}`, b: 'c' + 'd' }", {"a": Code("`x${y}`"), "b": Code("'c' + 'd'")}),
        ("export default { ...base, run() { return '}' }, a: 1 }", {"...": Code("...base"), "a": 1.0, "run": Code}),
        ("export default { a: [...names, 'x'] }", {"a": [Code("...names"), "x"]}),
        ("export default { a: path.join(__dirname, 'p', 'q') }", {"a": "p/q"}),
        ("export default { a: on ? 'x' : 'y', }", {"a": Code("on ? 'x' : 'y'")}),
        ("export default { a: ", {"a": Code("")}),
        ("const nothing = 1", Code("")),
    ],
)
def test_what_is_no_literal_is_code(source: str, value: object) -> None:
    found = exported(source)
    if isinstance(found, dict) and isinstance(value, dict):
        assert list(found) == list(value) or set(found) == set(value)
        found = {key: type(item) if value[key] is Code else item for key, item in found.items()}
    assert found == value


def test_what_is_not_read_is_said(tmp_path: Path) -> None:
    text = "export default { schema: where(), tables: { external: ['a', ...more] }, enums: names, experimental: on }"
    config = read_config(written(tmp_path, text))
    assert config is not None
    assert (config.schema, config.tables, config.enums) == (None, None, None)
    assert config.notes == (
        "schema in prisma.config.ts is no plain literal and was not read: where()",
        "tables.external in prisma.config.ts was read in part only, without ...more",
        "enums.external in prisma.config.ts is no plain literal and was not read: names",
    )


def test_what_prisma_would_refuse_is_said(tmp_path: Path) -> None:
    config = read_config(written(tmp_path, "export default { tables: { external: ['invoices', 'public.logs'] } }"))
    assert config is not None
    assert config.tables == ("invoices", "public.logs")
    assert config.notes == (
        "Prisma refuses tables.external in prisma.config.ts without experimental.externalTables: true",
        "tables.external in prisma.config.ts names invoices without a schema, which Prisma refuses (P3023): "
        'write "public.invoices"',
    )


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("^7.1.0", 7),
        ("~6.19", 6),
        ("6.x", 6),
        ("7.0.0-dev.3", 7),
        (">=6.1.0 <7.0.0", 6),
        ("^6.1 || ^6.2", 6),
        (">=6 <8", None),
        ("latest", None),
        ("catalog:", None),
        ("workspace:*", None),
        ("^5.0.0", None),
    ],
)
def test_the_version_is_the_packages(text: str, version: int | None, tmp_path: Path) -> None:
    schema = tmp_path / "web" / "prisma" / "schema.prisma"
    schema.parent.mkdir(parents=True)
    (tmp_path / "package.json").write_text(json.dumps({"dependencies": {"prisma": "6.0.0"}}))
    (tmp_path / "web" / "package.json").write_text(json.dumps({"devDependencies": {"@prisma/client": text}}))
    assert find_version(schema) == version


def test_read_prisma_goes_by_the_project(tmp_path: Path) -> None:
    schema = tmp_path / "prisma" / "schema.prisma"
    schema.parent.mkdir()
    schema.write_text(SCHEMA.replace("}\n", '  url = env("U")\n}\n', 1))
    assert schemasync.read_prisma(schema).external_place is None
    written(tmp_path, CONFIG)
    found = schemasync.read_prisma(schema)
    assert found.external == ("public.invoices", "public.audit_logs")
    assert found.external_place is not None
    (tmp_path / "package.json").write_text('{"dependencies": {"prisma": "^7.0.0"}}')
    with pytest.raises(PrismaSchemaError, match="url does not belong") as caught:
        schemasync.read_prisma(schema)
    which = (tmp_path / "package.json").as_posix()
    assert caught.value.rules.startswith("by the rules of Prisma 7, which ")
    assert caught.value.rules.endswith("package.json names")
    assert Path(caught.value.rules.split(" which ")[1].removesuffix(" names")).resolve() == Path(which).resolve()
    assert caught.value.render().endswith(f"1 error in the Prisma schema, {caught.value.rules}")
    assert schemasync.read_prisma(schema, 6).table("User") is not None


def test_a_configuration_that_names_another_schema_is_not_asked(tmp_path: Path) -> None:
    schema = tmp_path / "other" / "schema.prisma"
    schema.parent.mkdir()
    written(tmp_path, CONFIG)
    assert find_config(schema) is None
    assert find_config(tmp_path / "prisma" / "schema.prisma") is not None
