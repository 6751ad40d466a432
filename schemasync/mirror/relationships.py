"""Prisma's relation fields as `relationship()`s: both ways, typed, each following its own foreign key."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from schemasync.mirror.layout import INDENT, LINE_LENGTH, Argument, Call, annotated, literal
from schemasync.mirror.naming import Key, Names
from schemasync.schema.model import ForeignKey, Relationship, Table


@dataclass(frozen=True, slots=True)
class RelationshipText:
    """A relationship in Python.

    Args:
        attribute: its name.
        target: the class at the other end.
        is_list: whether it gives a list.
        nullable: whether it may give None.
        arguments: what `relationship()` is told.
    """

    attribute: str
    target: str
    is_list: bool
    nullable: bool
    arguments: tuple[Argument, ...]
    source: Relationship


class RelationshipWriter:
    """Writes the relationships of a set of mirrors.

    Args:
        tables: the mirrored tables, by schema and name.
        names: what they and their attributes are called.
        join_tables: the variables of the tables of implicit many-to-many relations.
    """

    def __init__(self, tables: Mapping[Key, Table], names: Names, join_tables: Mapping[Key, str]) -> None:
        self.tables = tables
        self.names = names
        self.join_tables = join_tables
        self._paths: Counter[tuple[Key, Key]] = Counter()
        self._sharing: Counter[tuple[Key, str]] = Counter()
        self._holders: dict[Key, list[tuple[Key, Relationship]]] = {}
        for table in tables.values():
            for one in table.relationships:
                place = table.key if one.on_this_side else (one.target_schema, one.target_table)
                if one.secondary is None:
                    self._holders.setdefault(place, []).append((table.key, one))
            for key in table.foreign_keys:
                target = (key.referenced_schema, key.referenced_table)
                self._paths[(table.key, target)] += 1
                for column in key.columns:
                    self._sharing[(table.key, column)] += 1

    def relationships(self, table: Table) -> Iterable[RelationshipText]:
        """The relationships of one table whose other end is mirrored too."""
        for one in table.relationships:
            target = self._target(table, one)
            if target is not None:
                yield self._relationship(table, one, target)

    def targets(self, table: Table) -> Iterable[str]:
        """The classes that a table's relationships lead to."""
        for one in table.relationships:
            target = self._target(table, one)
            if target is not None:
                yield self.names.models[target.key].class_name

    def _target(self, table: Table, one: Relationship) -> Table | None:
        """The other end; None where that, or the join table, is not mirrored."""
        target = self.tables.get((one.target_schema, one.target_table))
        return None if one.secondary is not None and self._join_key(table, one) is None else target

    def _relationship(self, table: Table, one: Relationship, target: Table) -> RelationshipText:
        names = self.names.models
        is_list = one.kind in ("one-to-many", "many-to-many")
        arguments: list[Argument] = []
        if one.secondary is not None:
            arguments += self._many_to_many(table, one, target)
        else:
            holder, referenced = (table, target) if one.on_this_side else (target, table)
            arguments += self._join(one, holder, referenced)
        if one.reverse is not None:
            attribute = names[target.key].relationships.get(one.reverse)
            arguments += [f"back_populates={literal(attribute)}"] if attribute else []
        if one.secondary is None and not one.on_this_side:
            arguments += ["uselist=False"] if one.kind == "one-to-one" else []
            arguments += self._passive_deletes(one, target, table)
        elif one.secondary is not None and self._has_keys(table, one):
            arguments.append("passive_deletes=True")
        if "view" in (table.kind, target.kind):
            arguments.append("viewonly=True")
        else:
            overlaps = self._overlaps(table, one, target)
            arguments += [f"overlaps={literal(','.join(overlaps))}"] if overlaps else []
        return RelationshipText(
            names[table.key].relationships[one.name],
            names[target.key].class_name,
            is_list,
            not is_list and self._nullable(table, one),
            tuple(arguments),
            one,
        )

    def _nullable(self, table: Table, one: Relationship) -> bool:
        if not one.on_this_side:
            return True
        return any(column.nullable for column in table.columns if column.name in one.columns)

    def _foreign_key(self, one: Relationship, holder: Table, referenced: Table) -> ForeignKey | None:
        for key in holder.foreign_keys:
            if set(key.columns) == set(one.columns) and (
                (key.referenced_schema, key.referenced_table) == referenced.key
                and (not one.referenced_columns or set(key.referenced_columns) == set(one.referenced_columns))
            ):
                return key
        return None

    def _join(self, one: Relationship, holder: Table, referenced: Table) -> Iterable[str]:
        """What says how to join: nothing where one foreign key alone connects the tables."""
        key = self._foreign_key(one, holder, referenced)
        if key is None:
            yield f"primaryjoin={literal(self._primary_join(one, holder, referenced))}"
            return
        paths = self._paths[(holder.key, referenced.key)]
        if holder.key != referenced.key:
            paths += self._paths[(referenced.key, holder.key)]
        if paths > 1:
            yield f"foreign_keys={self._columns(holder, key.columns)}"
        if holder.key == referenced.key and one.on_this_side:
            yield f"remote_side={self._columns(referenced, key.referenced_columns)}"

    def _columns(self, table: Table, columns: tuple[str, ...]) -> str:
        named = [self._column(table, column) for column in columns]
        return literal(named[0] if len(named) == 1 else f"[{', '.join(named)}]")

    def _column(self, table: Table, column: str) -> str:
        names = self.names.models[table.key]
        return f"{names.class_name}.{names.attributes[column]}"

    def _primary_join(self, one: Relationship, holder: Table, referenced: Table) -> str:
        """The join where the database has no foreign key: `relationMode = "prisma"`, and views."""
        terms = []
        for column, target in zip(one.columns, one.referenced_columns, strict=True):
            local, remote = f"foreign({self._column(holder, column)})", self._column(referenced, target)
            if holder.key == referenced.key:
                local, remote = (local, f"remote({remote})") if one.on_this_side else (f"remote({local})", remote)
            terms.append(f"{local} == {remote}")
        return terms[0] if len(terms) == 1 else f"and_({', '.join(terms)})"

    def _passive_deletes(self, one: Relationship, holder: Table, referenced: Table) -> Iterable[str]:
        """What SQLAlchemy leaves to the database when a row is deleted that others refer to."""
        key = self._foreign_key(one, holder, referenced)
        if key is not None and "view" not in (holder.kind, referenced.kind):
            yield f"passive_deletes={'True' if key.on_delete == 'SET NULL' else literal('all')}"

    def _join_key(self, table: Table, one: Relationship) -> Key | None:
        schemas = (table.schema, one.target_schema)
        return next((key for schema in schemas if (key := (schema, one.secondary or "")) in self.join_tables), None)

    def _has_keys(self, table: Table, one: Relationship) -> bool:
        key = self._join_key(table, one)
        return key is not None and bool(self.tables[key].foreign_keys)

    def _many_to_many(self, table: Table, one: Relationship, target: Table) -> Iterable[Argument]:
        key = self._join_key(table, one)
        assert key is not None
        variable, join = self.join_tables[key], self.tables[key]
        yield f"secondary={variable}"
        if join.foreign_keys and table.key != target.key:
            return
        other = next(item for item in target.relationships if item.name == one.reverse)
        own = self._column(table, other.referenced_columns[0])
        remote = self._column(target, one.referenced_columns[0])
        joins = (("primaryjoin", own, other.columns[0]), ("secondaryjoin", remote, one.columns[0]))
        looked_up = _key(join)
        if not join.foreign_keys and all(part.isidentifier() for part in looked_up.split(".")) and "." not in join.name:
            # The other class is no name of this module, so SQLAlchemy has to look both up.
            for word, column, name in joins:
                yield f"{word}={literal(f'{column} == foreign({looked_up}.c.{name})')}"
            return
        if table.key != target.key:
            # In a string there would be no way to write such a table's name, and so the lambda finds the other one.
            tables = f"{self.names.models[table.key].class_name}.metadata.tables"
            remote = f"{tables}[{literal(_key(target))}].c[{literal(one.referenced_columns[0])}]"
            joins = (joins[0], ("secondaryjoin", remote, one.columns[0]))
        for word, column, name in joins:
            yield f"{word}=lambda: {column} == {variable}.c.{name}"
        if not join.foreign_keys:
            yield Call("foreign_keys=", (f"{variable}.c.A", f"{variable}.c.B"), "[")

    def _overlaps(self, table: Table, one: Relationship, target: Table) -> list[str]:
        """Relationships that write one of the same columns, by another foreign key."""
        if one.secondary is not None:
            return []
        holder = table if one.on_this_side else target
        shared = [column for column in one.columns if self._sharing[(holder.key, column)] > 1]
        if not shared:
            return []
        own = {(table.key, one.name), (target.key, one.reverse)}
        found = set()
        for place, other in self._holders[holder.key]:
            if (place, other.name) not in own and set(shared) & set(other.columns) and place in self.names.models:
                found.add(self.names.models[place].relationships[other.name])
        return sorted(found)


def _key(table: Table) -> str:
    """What a table is called in its MetaData."""
    return table.name if table.schema == "public" else f"{table.schema}.{table.name}"


def relationship_attribute(
    text: RelationshipText, mapped: str, relationship: str, list_name: str, width: int = LINE_LENGTH
) -> str:
    """`author: Mapped["User"] = relationship(…)`.

    Args:
        mapped, relationship, list_name: what these names are called where it will stand.
        width: how long a line may be.
    """
    inner = literal(f"{text.target} | None") if text.nullable else literal(text.target)
    annotation = f"{list_name}[{inner}]" if text.is_list else inner
    return annotated(text.attribute, annotation, mapped, Call(relationship, text.arguments), len(INDENT), width=width)
