"""Whole Prisma schemas made up from the grammar: mostly valid, odd throughout, now and then wrong."""

import re
from random import Random

from prisma_heads import made_head
from prisma_words import (
    ACTIONS,
    CONDITIONS,
    ENUM_MAPPED,
    ENUM_VALUES,
    FIELDS,
    FUNCTIONS,
    GENERATED,
    LITERALS,
    MAPPED,
    METHODS,
    NAMES,
    NATIVE,
    OPERATOR_CLASSES,
    RAW_CLASSES,
    SCALARS,
)

KEY = r' @id(?:\(map: "[^"]*"\))?'


class SchemaMaker:
    """Makes one schema.

    Args:
        luck: decides everything.
    """

    def __init__(self, luck: Random) -> None:
        self.luck = luck
        self.wrong = 0.0 if luck.random() < 0.6 else 0.04  # how often something is likely to be refused
        self.schemas = self.some(["public", "base", "auth"]) if luck.random() < 0.25 else []
        self.enums: dict[str, list[str]] = {}
        self.models: dict[str, dict[str, str]] = {}
        self.lines: dict[str, list[str]] = {}
        self.with_where = luck.random() < 0.15
        self.views: set[str] = set()
        self.related: set[tuple[str, str]] = set()
        self.count = 0

    def chance(self, likely: float) -> bool:
        return self.luck.random() < likely

    def some(self, items: list[str]) -> list[str]:
        return self.luck.sample(items, self.luck.randint(1, len(items)))

    def either(self, right: list[str], wrong: list[str]) -> str:
        return self.luck.choice(wrong if wrong and self.chance(self.wrong) else right)

    def make(self) -> dict[str, str]:
        """The schema's files by name; `//url//` stands where Prisma 6 wants a URL."""
        luck = self.luck
        names = luck.sample(NAMES, luck.randint(1, 6))
        enums = luck.randint(0, min(2, len(names) - 1))
        blocks = [self.enum(name) for name in names[:enums]]
        for name in names[enums:]:
            if self.chance(0.08):
                self.views.add(name)
            self.columns(name)
        for _ in range(luck.randint(0, 3)):
            self.relation()
        for name in self.models:
            self.indexes(name)
        blocks += [self.block(name) for name in self.models]
        head = self.head()
        if self.chance(0.8):
            return {"schema.prisma": "\n".join([*head, *blocks])}
        luck.shuffle(blocks)
        cut = luck.randint(0, len(blocks))
        return {"a.prisma": "\n".join([*head, *blocks[:cut]]), "models/b.prisma": "\n".join(blocks[cut:])}

    def head(self) -> list[str]:
        features = ["partialIndexes"] if self.with_where else []
        features += [] if self.chance(self.wrong) else ["views"]
        return made_head(self.luck, self.wrong, self.schemas, features)

    def attributes(self, *found: str) -> str:
        chosen = [item for item in found if item]
        self.luck.shuffle(chosen)
        return "".join(" " + item for item in chosen)

    def mapped(self, likely: float) -> str:
        return f"map: {quoted(self.mapping())}" if self.chance(likely) else ""

    def mapping(self) -> str:
        """A name for the database, rarely one that is taken."""
        self.count += 1
        name, number = self.luck.choice(MAPPED), str(self.count)
        if self.chance(self.wrong + 0.02):
            return name
        return name[: -len(number)] + number if len(name) > 20 else name + number

    def enum(self, name: str) -> str:
        values = self.luck.sample(ENUM_VALUES, self.luck.randint(1, 4))
        if self.chance(self.wrong):
            values.append(self.luck.choice(["_c", "9", "A", "a-b"]))
        self.enums[name] = values
        lines = []
        for value in values:
            lines.append(
                f"  {value}" + (f" @map({quoted(self.luck.choice(ENUM_MAPPED))})" if self.chance(0.15) else "")
            )
            if self.chance(0.1):
                lines.append(self.luck.choice(["  // note", "  /// documented", ""]))
        return "\n".join([f"enum {name} {{", *lines, *self.block_names(), "}\n"])

    def block_names(self) -> list[str]:
        lines = [f"  @@map({quoted(self.mapping())})"] if self.chance(0.15) else []
        if bool(self.schemas) != self.chance(self.wrong / 5):
            lines.append(f"  @@schema({quoted(self.luck.choice(self.schemas or ['public']))})")
        return lines

    def columns(self, name: str) -> None:
        fields = self.models[name] = {}
        lines = self.lines[name] = []
        names = self.luck.sample(FIELDS, self.luck.randint(1, 7))
        for number, field in enumerate(names):
            fields[field] = self.column(field, lines, first=number == 0)
        kind = self.luck.random()
        if name in self.views and not self.chance(self.wrong):
            lines[0] = re.sub(KEY, "", lines[0])
        elif kind < 0.15 and len(names) > 1:
            lines[0] = re.sub(KEY, "", lines[0])
            several = [field for field in names if fields[field].endswith("!")] or names[:1]
            listed = ", ".join(field + self.optional(self.sort(self.wrong)) for field in several[:3])
            lines.append(f"  @@id({self.arguments(f'[{listed}]', self.mapped(0.3))})")
        elif kind < 0.25:
            lines[0] = re.sub(KEY, " @unique", lines[0])

    def column(self, field: str, lines: list[str], *, first: bool) -> str:
        luck = self.luck
        kind = luck.choice([*SCALARS, *self.enums]) if not first else luck.choice(["Int", "String", "BigInt", "String"])
        arity = "" if first else luck.choice(["", "", "", "?", "[]"])
        native = f"@db.{self.either(*NATIVE[kind])}" if kind in NATIVE and self.chance(0.3) else ""
        default = f"@default({self.default(kind, arity)})" if self.chance(0.35) else ""
        if not first and self.chance(0.05):
            kind, native, default = 'Unsupported("circle")', "", ""
        column = f"@map({quoted(self.mapping() + field[:5])})" if self.chance(0.12) else ""
        unique = f"@unique{self.optional(self.mapped(0.2), self.sort(0.2))}" if self.chance(0.1) and not first else ""
        key = f"@id{self.optional(self.mapped(0.2))}" if first else ""
        updated = "@updatedAt" if kind == "DateTime" and arity != "[]" and self.chance(0.2) else ""
        ignored = "@ignore" if self.chance(0.03) and "Unsupported" not in kind else ""
        comment = luck.choice(["", "", "", "", " // note", " /// documented"])
        space = luck.choice([" ", " ", "  ", "\t"])
        attributes = self.attributes(key, native, default, column, unique, updated, ignored)
        lines.append(f"  {field}{space}{kind}{arity}{attributes}{comment}")
        return kind + (arity or "!")

    def default(self, kind: str, arity: str) -> str:
        if self.chance(0.1):
            return self.either(*GENERATED)
        if self.chance(0.4) and kind in FUNCTIONS and arity != "[]":
            return self.either(*FUNCTIONS[kind])
        literals = (self.enums[kind], ["Unknown", '"A"']) if kind in self.enums else LITERALS[kind]
        if arity == "[]":
            return f"[{', '.join(self.either(*literals) for _ in range(self.luck.randint(0, 3)))}]"
        return self.either(*literals)

    def sort(self, likely: float) -> str:
        return f"sort: {self.either(['Asc', 'Desc'], ['asc'])}" if self.chance(likely) else ""

    def optional(self, *found: str) -> str:
        return f"({self.arguments(*found)})" if any(found) else ""

    def arguments(self, *found: str) -> str:
        return ", ".join(item for item in found if item)

    def index_field(self, field: str, method: str) -> str:
        fitting = [*OPERATOR_CLASSES.get(method, []), *RAW_CLASSES]
        ops = f"ops: {self.either(fitting, ['JsonbPathOps', 'InetOps'])}" if method and self.chance(0.3) else ""
        return field + self.optional(ops, self.sort(0.15 if method in ("", "BTree") else self.wrong))

    def method(self, kind: str) -> str:
        """An index method that suits a field, mostly."""
        suiting = ["BTree", "Hash"]
        if "[]" in kind or "Json" in kind:
            suiting.append("Gin")
        elif "String" in kind:
            suiting += ["SpGist", "Brin", "Gist"]
        elif kind[:3] in ("Int", "Big", "Flo", "Dec", "Dat", "Byt"):
            suiting.append("Brin")
        return self.either(suiting, METHODS)

    def indexes(self, name: str) -> None:
        luck, fields = self.luck, self.models[name]
        of_view = name in self.views and not self.chance(self.wrong)
        if self.chance(0.3 if of_view else self.wrong / 3):
            keys = ", ".join(luck.sample([*fields], luck.randint(1, min(2, len(fields)))))
            self.lines[name].append(f"  @@{luck.choice(['unique', 'unique', 'shardKey'])}([{keys}])")
        for _ in range(0 if of_view else luck.choice([0, 0, 1, 1, 2, 3])):
            kind = luck.choice(["index", "index", "unique"])
            chosen = luck.sample([*fields], luck.randint(1, min(3, len(fields))))
            method = self.method(fields[chosen[0]]) if kind == "index" and self.chance(0.3) else ""
            chosen = chosen[:1] if method else chosen
            listed = ", ".join(self.index_field(field, method) for field in chosen)
            where = f"where: {self.condition(fields)}" if self.with_where and self.chance(0.5) else ""
            typed = f"type: {method}" if method else ""
            self.lines[name].append(f"  @@{kind}({self.arguments(f'[{listed}]', typed, self.mapped(0.15), where)})")

    def condition(self, fields: dict[str, str]) -> str:
        luck = self.luck
        if self.chance(0.3):
            return self.either(*CONDITIONS)
        field = luck.choice([*fields])
        kind = fields[field].rstrip("!?[]")
        literals = LITERALS[kind][0] if kind in LITERALS else self.enums.get(kind, ["1"])
        value = luck.choice([*literals[:2], "null"])
        return f"{{ {field}: {f'{{ not: {value} }}' if self.chance(0.3) else value} }}"

    def relation(self) -> None:
        luck = self.luck
        holder, target = luck.choice([*self.models]), luck.choice([*self.models])
        number = sum(len(lines) for lines in self.lines.values())
        name = quoted(luck.choice([f"rel{number}", f"R {number}", f"R{number}" + "long" * 18]))
        pair = (min(holder, target), max(holder, target))
        name = name if pair in self.related or holder == target or self.chance(0.4) else ""
        self.related.add(pair)
        if self.views & {holder, target} and not self.chance(self.wrong):
            return
        here, there = f"to{number}", f"from{number}"
        if self.chance(0.2):
            for model, field, other in ((holder, here, target), (target, there, holder)):
                self.lines[model].append(f"  {field} {other}[]{f' @relation({name})' if name else ''}")
            return
        keys = [field for field, kind in self.models[target].items() if kind.endswith("!")][: luck.choice([1, 1, 1, 2])]
        if len(keys) < 2 and not self.chance(self.wrong):
            keys = [*self.models[target]][:1]
        optional = luck.choice(["", "?"])
        key_names = []
        for position, key in enumerate(keys):
            key_name = f"key{number}_{position}"
            kind = self.models[target][key].rstrip("!?[]")
            source = next((line for line in self.lines[target] if line.split()[:1] == [key]), "")
            native = next(
                (word for word in source.split() if word.startswith("@db.") and word.count("(") == word.count(")")), ""
            )
            mark = optional if not self.chance(0.1) else luck.choice(["", "?"])
            single = self.chance(0.4) and len(keys) == 1
            self.lines[holder].append(f"  {key_name} {kind}{mark} {native}{' @unique' if single else ''}")
            self.models[holder][key_name] = kind + (mark or "!")
            key_names.append(key_name)
        if len(keys) > 1:
            self.lines[target].append(f"  @@unique([{', '.join(keys)}])")
            if self.chance(0.4):
                self.lines[holder].append(f"  @@unique([{', '.join(key_names)}])")
        actions = [f"{kind}: {luck.choice(ACTIONS)}" for kind in ("onDelete", "onUpdate") if self.chance(0.3)]
        if holder == target and not self.chance(self.wrong):
            actions = ["onDelete: NoAction", "onUpdate: NoAction"]
        listed = self.arguments(
            name,
            f"fields: [{', '.join(key_names)}]",
            f"references: [{', '.join(keys)}]",
            *actions,
            self.mapped(0.15),
        )
        self.lines[holder].append(f"  {here} {target}{optional} @relation({listed})")
        if not self.chance(self.wrong):
            unique = any("@unique" in line and key_names[0] in line for line in self.lines[holder])
            back = "?" if unique else "[]"
            self.lines[target].append(f"  {there} {holder}{back}{f' @relation({name})' if name else ''}")

    def block(self, name: str) -> str:
        lines = [*self.lines[name], *self.block_names()]
        if self.chance(0.05):
            lines.append("  @@ignore")
        if self.chance(0.15):
            lines.insert(self.luck.randrange(len(lines)), self.luck.choice(["", "  /* a\n  comment */", "  /// text"]))
        keyword = "view" if name in self.views else "model"
        if self.chance(self.wrong):
            self.luck.shuffle(lines)
        end = self.luck.choice(["\n", "\n", "\n", "\r\n"])
        return end.join([f"{keyword} {name} {{", *lines, f"}}{end}"])


def quoted(text: str) -> str:
    """A string literal."""
    return '"' + text + '"'
