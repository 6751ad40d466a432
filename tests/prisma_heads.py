"""Datasource and generator blocks made up: mostly valid, odd throughout, now and then wrong."""

from random import Random

URL_MARK = "//url//"
PROVIDERS = ([*['"postgresql"'] * 8, '"postgres"', '"cockroachdb"'], ['"mongo"', 'env("P")'])
MODES = (['"prisma"', '"foreignKeys"', '"foreignKeys"'], ['"foreignkeys"', "prisma", '["prisma"]'])
EXTENSIONS = (
    ["citext", "pg_trgm", 'hstore(schema: "public")', 'vector(map: "pgvector", version: "0.5")', "postgis()"],
    [
        "citext()",
        "1",
        '"citext"',
        "postgis(version: 2.1)",
        'vector("x")',
        "vector(map: )",
        'uuid-ossp(map: "uuid-ossp")',
    ],
)
FEATURES = (
    ["relationJoins", "views", "nativeDistinct", "strictUndefinedChecks", "omitApi", "multiSchema"],
    ["metrics", "fullTextSearchPostgres", "bogus", "relationjoins", "fullTextSearch"],
)
VALUES = (
    ['"x"', '""', "1", "-1.5", "true", "word", "[]", '["a", 1, [b]]', 'env("X")', "f(1)", '[env("A"), env("B")]'],
    ["env()", "env(1)", 'env("A",)', 'env(a: "A")', "[env()]", "'x'", "1e5", "", "[1,]", '"\\q"', "{ a: 1 }"],
)
TEXTS = (['"x"', '""'], ["1", "[1]", "f()", "env()"])
OF_TEXT = ("output", "binaryTargets", "engineType")
SETTINGS = ["output", "binaryTargets", "engineType", "moduleFormat", "config", "runtime", "größe"]

Words = tuple[list[str], list[str]]


def made_head(luck: Random, wrong: float, schemas: list[str], features: list[str]) -> list[str]:
    """The blocks above the models; `//url//` stands where Prisma 6 wants a URL.

    Args:
        luck: decides everything.
        wrong: how often something is likely to be refused.
        schemas: the datasource's schemas; none for a plain one.
        features: preview features that the models need.
    """

    def either(words: Words) -> str:
        right, refused = words
        return luck.choice(refused if luck.random() < wrong else right)

    def several(words: Words) -> str:
        return f"[{', '.join(either(words) for _ in range(luck.randint(0, 3)))}]"

    provider = either(PROVIDERS)
    datasource = [f"  provider = {provider}", URL_MARK]
    datasource += [f"  relationMode = {either(MODES)}"] if luck.random() < 0.4 else ["  // none"]
    if schemas:
        datasource.append(f"  schemas = [{', '.join(_quoted(name) for name in schemas)}]")
    if luck.random() < 0.15 and (provider != '"cockroachdb"' or luck.random() < wrong):
        datasource.append(f"  extensions = {several(EXTENSIONS)}")
        features = [*features, *(["postgresqlExtensions"] if luck.random() < 0.7 else [])]
    if luck.random() < wrong:
        datasource.append(f"  {luck.choice(['mode', 'previewFeatures', 'directUrl'])} = {either(VALUES)}")
    features = [*features, *(either(FEATURES) for _ in range(luck.choice([0, 0, 1, 2])))]
    generator = ['  provider = "prisma-client"', f"  previewFeatures = [{', '.join(map(_quoted, features))}]"]
    settings = luck.sample(SETTINGS, luck.choice([0, 0, 0, 1, 2]))
    generator += [f"  {setting} = {either(TEXTS if setting in OF_TEXT else VALUES)}" for setting in settings]
    if luck.random() < 0.2:
        luck.shuffle(generator)
        luck.shuffle(datasource)
    return ["\n".join(["datasource db {", *datasource, "}\n"]), "\n".join(["generator client {", *generator, "}\n"])]


def _quoted(text: str) -> str:
    return f'"{text}"'
