"""Holds our reading of made-up and damaged schemas against Prisma's, one case after another.

`python tests/prisma_fuzz.py --seconds 600 --seed 1` runs for a time; a disagreement is made small and ends it.
"""

import argparse
import random
import re
import time
from collections import Counter
from collections.abc import Mapping

from databases import Database
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from prisma_corpus import PIECE, Damage, find_corpus, mutated
from prisma_database import differences, refusal
from prisma_ddl import ddl_facts, schema_facts
from prisma_generated import SchemaMaker
from prisma_heads import URL_MARK
from prisma_oracle import Oracle, find_oracle

from schemasync.schema.model import Schema
from schemasync.scratch import ScratchServer, scratch_server
from schemasync.witnesses.prisma.parser import parse
from schemasync.witnesses.prisma.resolve import resolve
from schemasync.witnesses.prisma.tables import schema_of

VERSIONS = (7, 6)
NAMES = re.compile(r'"[^"]*"')
SIGNS = [",", ",", ":", "(", ")", "[", "]", "{", "}", "?", "[]", "@", "@@", ".", "=", "//", "/*", "'", "-", "null"]
ROUND = 250  # cases between two looks at the clock


class Fuzzer:
    """Compares, and counts what was compared.

    Args:
        oracle: Prisma itself.
        damage: makes schemas by damaging real ones; None where there is no corpus.
        server: where the DDL of some is run; None where none is.
        share: every how many-th schema whose DDL was compared is run there.
    """

    def __init__(
        self, oracle: Oracle, damage: Damage | None, server: ScratchServer | None = None, share: int = 10
    ) -> None:
        self.oracle, self.damage, self.server, self.share = oracle, damage, server, share
        self.counts: Counter[str] = Counter()
        self.refusals: Counter[str] = Counter()  # PostgreSQL's reasons, without names
        self.trying = False  # whether a disagreement is being made small: then every schema is run

    def schema(self, luck: random.Random) -> dict[str, str]:
        """A schema's files by name; `//url//` stands where Prisma 6 wants a URL."""
        kind = luck.random()
        if self.damage is not None and kind < 0.3:
            return {"schema.prisma": self.damage.schema(luck, most=3)}
        made = SchemaMaker(luck).make()
        return damaged(made, luck) if kind > 0.8 else made

    def check(self, marked: Mapping[str, str]) -> None:
        """Compare verdict and DDL by both versions' rules; raises AssertionError, with few lines, where they differ."""
        try:
            self.compare(marked)
        except AssertionError as error:
            self.trying = True
            raise self._with_fewer_lines(marked, error) from None

    def _with_fewer_lines(self, marked: Mapping[str, str], error: AssertionError) -> AssertionError:
        for name in marked:
            number = 0
            while number < len(lines := marked[name].split("\n")):
                fewer = {**marked, name: "\n".join([*lines[:number], *lines[number + 1 :]])}
                try:
                    self.compare(fewer)
                    number += 1
                except AssertionError as smaller:
                    marked, error = fewer, smaller
        return error

    def compare(self, marked: Mapping[str, str]) -> None:
        """Compare verdict and DDL; raises AssertionError where they differ."""
        for version in VERSIONS:
            url = '  url = env("U")' if version == 6 else ""
            files = {name: text.replace(URL_MARK, url) for name, text in marked.items()}
            verdict = self.oracle.judge(files, version, quick=True)
            if verdict["valid"] is None or verdict.get("crash"):  # Prisma's own crash is no verdict
                self.counts["crashes of Prisma"] += 1
                continue
            trees, broken = [], []
            for name, text in files.items():
                tree, problems = parse(text, name)
                trees.append(tree)
                broken += problems
            schema, diagnostics = resolve(trees, broken, version=version)
            told = [item.render() for item in diagnostics if item.severity == "error"]
            assert (schema is not None) == verdict["valid"], (version, shown(files), verdict["errors"], told)
            self.counts["accepted" if schema is not None else "refused"] += 1
            on_postgresql = schema is None or schema.datasource is None or schema.datasource.provider == "postgresql"
            if schema is not None and on_postgresql:  # the DDL for CockroachDB is another
                self.counts["DDL compared"] += 1
                stated = schema_of(schema, "schema.prisma")
                theirs, ours = ddl_facts(verdict["ddl"]), schema_facts(stated)
                assert ours == theirs, (version, shown(files), sorted(theirs - ours), sorted(ours - theirs))
                if self.server is not None and (self.trying or self.counts["DDL compared"] % self.share == 0):
                    self.compare_in_database(self.server, stated, verdict["ddl"], shown(files))

    def compare_in_database(self, server: ScratchServer, stated: Schema, ddl: str, text: str) -> None:
        """Run Prisma's DDL and compare what the database says; raises AssertionError where it differs."""
        database = Database(server.create_database())
        try:
            reason = refusal(database, ddl)
            if reason is not None:
                self.counts["DDL that PostgreSQL refuses"] += 1
                self.refusals[NAMES.sub("…", reason)] += 1
                return
            self.counts["compared in a database"] += 1
            different = differences(stated, database)
            assert different == [], (text, different)
        finally:
            database.close()


def damaged(made: Mapping[str, str], luck: random.Random) -> dict[str, str]:
    """A schema's files, one of them with a line or a word too many, too few or in a wrong place."""
    name = luck.choice([*made])
    lines = [line for text in made.values() for line in text.split("\n") if line.strip()]
    words = [word for line in lines for word in PIECE.findall(line) if not word.isspace()]
    return {**made, name: mutated(made[name], lines, [*words, *SIGNS], luck)}


def shown(files: Mapping[str, str]) -> str:
    """The files as text."""
    return "\n".join(f"// {name}\n{text}" for name, text in files.items())


def run_round(fuzzer: Fuzzer, number: int, cases: int) -> None:
    """Judge so many schemas that follow from a number; a disagreement is made as small as it gets."""

    @seed(number)
    @settings(
        max_examples=cases,
        deadline=None,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, 3), st.randoms(use_true_random=False), st.integers(0, 2**64 - 1))
    def judge(kind: int, steered: random.Random, plain: int) -> None:
        # Hypothesis seeks extremes when it decides all, and can make what it finds small; even luck is more valid.
        fuzzer.check(fuzzer.schema(steered if kind == 0 else random.Random(plain)))

    judge()


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    corpus = find_corpus()
    damage = Damage(corpus) if corpus is not None else None
    with scratch_server("auto") as server:
        fuzzer = Fuzzer(Oracle(find_oracle()), damage, server)
        number, end = arguments.seed, time.monotonic() + arguments.seconds
        while time.monotonic() < end:
            run_round(fuzzer, number, ROUND)
            number += 1
            print(f"seeds {arguments.seed} to {number - 1}: {dict(fuzzer.counts)}", flush=True)
        fuzzer.oracle.close()
    print(f"why PostgreSQL refused DDL of Prisma's: {dict(fuzzer.refusals)}")


if __name__ == "__main__":
    main()
