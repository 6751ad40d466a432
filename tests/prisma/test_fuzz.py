"""Made-up and damaged schemas are read as Prisma reads them; `make fuzz SECONDS=600` tries many more."""

from prisma_corpus import Damage, find_corpus
from prisma_fuzz import Fuzzer, run_round
from prisma_oracle import Oracle

from schemasync.scratch import ScratchServer

CASES = 40


def test_made_up_schemas_are_read_as_prisma_reads_them(oracle: Oracle) -> None:
    fuzzer = Fuzzer(oracle, None)
    run_round(fuzzer, 20260201, CASES)
    assert fuzzer.counts["accepted"] > CASES / 10
    assert fuzzer.counts["refused"] > CASES / 10


def test_damaged_schemas_are_read_as_prisma_reads_them(oracle: Oracle) -> None:
    corpus = find_corpus()
    fuzzer = Fuzzer(oracle, Damage(corpus) if corpus is not None else None)
    run_round(fuzzer, 20260202, CASES)
    assert fuzzer.counts.total() > CASES


def test_made_up_schemas_mean_what_the_database_says_after_prismas_ddl(oracle: Oracle, server: ScratchServer) -> None:
    fuzzer = Fuzzer(oracle, None, server, share=1)
    for number in (20260203, 20260204, 20260205):  # what follows from a number depends on the modules that are imported
        run_round(fuzzer, number, CASES)
    assert fuzzer.counts["compared in a database"] > CASES / 20
