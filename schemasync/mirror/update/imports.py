"""Writes the imports that a file came to need: into statements that are there, or where isort would put new ones."""

import re
from collections import Counter
from collections.abc import Iterator

import libcst as cst

from schemasync.mirror.symbols import from_import, name_order, section_of
from schemasync.mirror.update.names import FileNames
from schemasync.mirror.update.source import SourceFile
from schemasync.mirror.update.statements import bindings_of, import_keys, module_of


class ImportWriter:
    """The imports of one file.

    Args:
        names: what the file's names are called, and which of them it still has to import.
    """

    def __init__(self, names: FileNames) -> None:
        self.names = names
        self.source = names.source
        self.for_typing = names.wanted_for_typing
        self._pending: dict[str, set[str]] = {}
        self._inserted: list[tuple[int, bool, str, str]] = []

    def write(self) -> None:
        """Asks the file for all of them."""
        if self.for_typing and self._typing_block() is None:
            self.names.require(["TYPE_CHECKING"])
        for module, name in self.names.wanted.values():
            self._pending.setdefault(self.names.written(module), set()).add(name)
        self._grouped()
        if self.for_typing:
            self._import_for_typing()

    def _grouped(self) -> None:
        for module, names in sorted(self._pending.items()):
            statement = None if not module else self._statement_of(module)
            plain = {name for name in names if " as " not in name}
            if statement is not None and plain:
                self._extend(statement, module, plain)
                names = names - plain
            for text in _statements(module, names, self.source.width):
                self._insert(module or text.split()[1], text, is_plain=not module)
        self._flush()

    def _statement_of(self, module: str) -> cst.SimpleStatementLine | None:
        for statement in self.source.module.body:
            if isinstance(statement, cst.SimpleStatementLine) and len(statement.body) == 1:
                found = statement.body[0]
                if (
                    isinstance(found, cst.ImportFrom)
                    and module_of(found) == module
                    and not isinstance(found.names, cst.ImportStar)
                    and not self.source.has_comment(found)
                ):
                    return statement
        return None

    def _extend(self, statement: cst.SimpleStatementLine, module: str, names: set[str]) -> None:
        found = statement.body[0]
        assert isinstance(found, cst.ImportFrom)
        assert not isinstance(found.names, cst.ImportStar)
        present = {self.source.text(alias).rstrip(",").strip().rstrip(",") for alias in found.names}
        exploded = "\n" in self.source.text(found)
        self.source.replace(found, from_import(module, present | names, 0 if exploded else self.source.width))

    def _insert(self, module: str, text: str, *, is_plain: bool) -> None:
        self._inserted.append((section_of(module), not is_plain, module.lower(), text))

    def _flush(self) -> None:
        """Puts new import statements where isort would: by section, whole modules first, then by name."""
        existing = [
            (section_of(module), not is_plain, module.lower(), statement)
            for statement in self.source.module.body
            if isinstance(statement, cst.SimpleStatementLine)
            for module, is_plain in import_keys(statement)
        ]
        places: dict[int, list[tuple[int, bool, str, str]]] = {}
        for one in sorted(self._inserted):
            after = -1
            for number, (section, is_from, module, _) in enumerate(existing):
                if (section, is_from, module) <= one[:3]:
                    after = number
            places.setdefault(after, []).append(one)
        for after, ones in places.items():
            self._put(existing, after, ones)

    def _put(
        self,
        existing: list[tuple[int, bool, str, cst.SimpleStatementLine]],
        after: int,
        ones: list[tuple[int, bool, str, str]],
    ) -> None:
        following = existing[after + 1] if after + 1 < len(existing) else None
        before = existing[after] if after >= 0 else None
        if before is None and following is None:
            self._put_first(_by_section(ones))
            return
        for section in sorted({one[0] for one in ones}):
            text = "\n".join(one[3] for one in ones if one[0] == section)
            if before is not None and before[0] == section:
                self.source.insert_after(before[3], text)
            elif following is not None and following[0] == section:
                self.source.insert_before(following[3], text)
            elif before is not None:
                self.source.insert_after(before[3], f"\n{text}")
            elif following is not None:
                self.source.insert_before(following[3], f"{text}\n")

    def _put_first(self, lines: list[str]) -> None:
        body = self.source.module.body
        if body and isinstance(body[0], cst.SimpleStatementLine) and _is_docstring(body[0]):
            self.source.insert_after(body[0], "\n".join(["", *lines]))
        elif body:
            self.source.insert_before(body[0], "\n".join([*lines, "", ""]))
        else:
            self.source.append("\n".join(lines))

    def _typing_block(self) -> cst.If | None:
        for statement in self.source.module.body:
            if isinstance(statement, cst.If) and self.source.text(statement.test).endswith("TYPE_CHECKING"):
                return statement
        return None

    def _import_for_typing(self) -> None:
        pairs = sorted((self.names.written(module), name) for module, name in self.for_typing)
        lines = [from_import(module, [name], self.source.width) for module, name in pairs]
        indented = ["\n".join(f"    {part}" for part in line.split("\n")) for line in lines]
        found = self._typing_block()
        if found is not None:
            for (module, _), line in zip(pairs, indented, strict=True):
                before = [
                    inner
                    for inner in found.body.body
                    if isinstance(inner, cst.SimpleStatementLine)
                    and any(key.lower() <= module.lower() for key, _ in import_keys(inner))
                ]
                if before:
                    self.source.insert_after(before[-1], line)
                else:
                    self.source.insert_before(found.body.body[0], line)
            return
        block = "\n".join([f"if {self.names('TYPE_CHECKING')}:", *indented])
        imports = [
            statement
            for statement in self.source.module.body
            if isinstance(statement, cst.SimpleStatementLine) and list(import_keys(statement))
        ]
        if imports:
            self.source.insert_after(imports[-1], f"\n{block}")
        else:
            self.source.append(f"\n{block}", rank=0)


def _by_section(ones: list[tuple[int, bool, str, str]]) -> list[str]:
    """Lines, with an empty one between sections."""
    lines: list[str] = []
    for number, one in enumerate(ones):
        lines += [""] if number and ones[number - 1][0] != one[0] else []
        lines.append(one[3])
    return lines


def _statements(module: str, names: set[str], width: int) -> list[str]:
    if not module:
        return [f"import {name}" for name in sorted(names)]
    plain = {name for name in names if " as " not in name}
    found = [from_import(module, plain, width)] if plain else []
    return found + [f"from {module} import {name}" for name in sorted(names - plain, key=name_order)]


def _is_docstring(statement: cst.SimpleStatementLine) -> bool:
    first = statement.body[0]
    return isinstance(first, cst.Expr) and isinstance(first.value, (cst.SimpleString, cst.ConcatenatedString))


def without_unused_imports(source: SourceFile, after: bytes) -> bytes:
    """A file's new text without the imports that it used before the edits and does not use any more."""
    counts = Counter(re.findall(r"\w+", after.decode(source.module.encoding)))
    if all(counts[name] > 1 for name in _imported(source)):
        return after
    edited = SourceFile(source.path, after, source.width)
    before = _uses(source)
    now = _uses(edited)
    for statement in edited.module.body:
        if not isinstance(statement, cst.SimpleStatementLine) or len(statement.body) != 1:
            continue
        found = statement.body[0]
        if not isinstance(found, cst.ImportFrom) or isinstance(found.names, cst.ImportStar):
            continue
        gone = [alias for alias in found.names if before[_local_name(alias)] and not now[_local_name(alias)]]
        if not gone or edited.has_comment(found):
            continue
        kept = {edited.text(alias).rstrip(",").strip().rstrip(",") for alias in found.names if alias not in gone}
        if kept:
            exploded = "\n" in edited.text(found)
            edited.replace(found, from_import(module_of(found), kept, 0 if exploded else edited.width))
        else:
            edited.remove_statement(statement)
    return edited.result()


def _imported(source: SourceFile) -> Iterator[str]:
    for statement in source.module.body:
        yield from bindings_of(statement)


def _local_name(alias: cst.ImportAlias) -> str:
    return str(alias.evaluated_alias or alias.evaluated_name)


def _uses(source: SourceFile) -> Counter[str]:
    """How often each name stands in a file outside of import statements, in strings and comments too."""
    counts: Counter[str] = Counter()
    for statement in source.module.body:
        if not (isinstance(statement, cst.SimpleStatementLine) and list(import_keys(statement))):
            counts.update(re.findall(r"\w+", source.text(statement)))
    return counts
