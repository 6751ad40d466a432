"""The schemas of the corpus, and damage to them."""

import os
import random
import re
from collections.abc import Iterator
from pathlib import Path

FOLDERS = ("prisma-validation", "prisma-migrations", "schemas")
OTHERS = ("mysql", "sqlite", "sqlserver", "mongodb")
PROVIDER = re.compile(r'^\s*provider\s*=\s*"(\w+)"', re.MULTILINE)
URL = re.compile(r"^\s*(?:url|directUrl|shadowDatabaseUrl)\s*=.*$", re.MULTILINE)
PIECE = re.compile(r'"(?:\\.|[^"\\\n])*"|@@?[\w.]*|[\w.-]+|\[\]|[^\w\s]|[ \t]+|\n')


def provider_of(text: str) -> str | None:
    """The datasource's provider, None without a datasource."""
    start = re.search(r"^\s*datasource\s+\w+\s*\{", text, re.MULTILINE)
    match = PROVIDER.search(text, start.end()) if start else None
    return match[1] if match else None


def schemas(corpus: Path, folder: str) -> list[Path]:
    """The schemas of a folder of the corpus whose provider is ours to read."""
    return [
        path
        for path in sorted((corpus / folder).rglob("*.prisma"))
        if provider_of(path.read_text(encoding="utf-8")) not in OTHERS
    ]


def mutated(text: str, lines: list[str], pieces: list[str], luck: random.Random) -> str:
    """A text with a line or a word too many, too few or in a wrong place."""
    if luck.random() < 0.5:
        rows = text.split("\n")
        place = luck.randrange(len(rows))
        if luck.random() < 0.4:
            del rows[place]
        else:
            rows.insert(place, luck.choice(lines if luck.random() < 0.7 else rows))
        return "\n".join(rows)
    words = PIECE.findall(text)
    places = [place for place, word in enumerate(words) if not word.isspace()]
    if places:
        place = luck.choice(places)
        kind = luck.randrange(4)
        if kind == 0:
            del words[place]
        elif kind == 1:
            words.insert(place, luck.choice(pieces))
        elif kind == 2:
            other = luck.choice(places)
            words[place], words[other] = words[other], words[place]
        else:
            words[place] = luck.choice(pieces)
    return "".join(words)


class Damage:
    """Makes schemas by damaging those of the corpus.

    Args:
        corpus: the corpus' folder.
    """

    def __init__(self, corpus: Path) -> None:
        paths = [path for folder in FOLDERS for path in schemas(corpus, folder)]
        texts = [URL.sub("", path.read_text(encoding="utf-8")) for path in paths]
        self.texts = [text for text in texts if len(text) < 6000]
        self.lines = sorted({line for text in self.texts for line in text.split("\n") if line.strip()})
        self.pieces = sorted({word for text in self.texts for word in PIECE.findall(text) if not word.isspace()})

    def schema(self, luck: random.Random, most: int) -> str:
        """A schema without URLs and with up to so many damages."""
        while True:
            text = luck.choice(self.texts)
            for _ in range(luck.randint(1, most)):
                text = mutated(text, self.lines, self.pieces, luck)
            if provider_of(text) not in OTHERS:
                return text

    def schemas(self, seed: int, most: int) -> Iterator[str]:
        """Such schemas without end."""
        luck = random.Random(seed)
        while True:
            yield self.schema(luck, most)


def find_corpus() -> Path | None:
    """The folder of real schemas and migrations, if there is one."""
    named = os.environ.get("SCHEMASYNC_CORPUS")
    folder = Path(named) if named else Path(__file__).resolve().parents[2] / "shared" / "corpus"
    return folder if folder.is_dir() else None
