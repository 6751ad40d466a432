"""Operator classes of PostgreSQL's indexes: for which method and which column types each is.

Source: PostgreSQL manual, "Operator Classes" of the GiST, SP-GiST, GIN and BRIN chapters.
"""

from typing import NamedTuple

from schemasync.witnesses.prisma.meanings import IndexField
from schemasync.witnesses.prisma.rules.context import Context
from schemasync.witnesses.prisma.rules.drafts import IndexDraft, ScalarDraft


class _Class(NamedTuple):
    native: tuple[str, ...]
    scalar: str = ""  # the scalar type that will do without a native type


def _brin(prefix: str, kinds: str, native: tuple[str, ...], scalar: str = "") -> dict[str, _Class]:
    return {f"{prefix}{kind}Ops": _Class(native, scalar) for kind in kinds.split()}


_ALL = "Bloom MinMax MinMaxMulti"
_BRIN: dict[str, _Class] = {
    **_brin("Bit", "MinMax", ("Bit",)),
    **_brin("VarBit", "MinMax", ("VarBit",)),
    **_brin("Bpchar", "Bloom MinMax", ("Char",)),
    **_brin("Bytea", "Bloom MinMax", ("ByteA",), "Bytes"),
    **_brin("Date", _ALL, ("Date",)),
    **_brin("Float4", _ALL, ("Real",)),
    **_brin("Float8", _ALL, ("DoublePrecision",), "Float"),
    **_brin("Inet", f"Inclusion {_ALL}", ("Inet",)),
    **_brin("Int2", _ALL, ("SmallInt",)),
    **_brin("Int4", _ALL, ("Integer",), "Int"),
    **_brin("Int8", _ALL, ("BigInt",), "BigInt"),
    **_brin("Numeric", _ALL, ("Decimal",), "Decimal"),
    **_brin("Oid", _ALL, ("Oid",)),
    **_brin("Text", "Bloom MinMax", ("Text", "VarChar"), "String"),
    **_brin("Timestamp", _ALL, ("Timestamp",), "DateTime"),
    **_brin("TimestampTz", _ALL, ("Timestamptz",)),
    **_brin("Time", _ALL, ("Time",)),
    **_brin("TimeTz", _ALL, ("Timetz",)),
    **_brin("Uuid", _ALL, ("Uuid",)),
}
_SPGIST: dict[str, _Class] = {
    "InetOps": _Class(("Inet",)),
    "TextOps": _Class(("Text", "VarChar", "Char"), "String"),
}
_GIN: dict[str, _Class] = {
    "JsonbOps": _Class(("JsonB",), "Json"),
    "JsonbPathOps": _Class(("JsonB",), "Json"),
    "ArrayOps": _Class(()),
}
_GIST: dict[str, _Class] = {"InetOps": _Class(("Inet",))}
_BY_METHOD = {"Brin": _BRIN, "SpGist": _SPGIST, "Gin": _GIN, "Gist": _GIST}
OPERATOR_CLASSES = frozenset(name for classes in _BY_METHOD.values() for name in classes)

# Column types that a method takes without an operator class, by native type and, without one, by scalar type.
_DEFAULTS: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "Brin": (
        frozenset(native for entry in _BRIN.values() for native in entry.native),
        frozenset(entry.scalar for entry in _BRIN.values() if entry.scalar),
    ),
    "SpGist": (frozenset({"Inet", "Text", "VarChar", "Char"}), frozenset({"String"})),
    "Gin": (frozenset({"JsonB"}), frozenset({"Json"})),
    "Gist": (frozenset(), frozenset({"String"})),
}


def check_operator_classes(ctx: Context, index: IndexDraft) -> None:
    """Whether an index's method takes its columns' types, with their operator classes or without."""
    method = index.method or "BTree"
    for field, entry in index.fields:
        if not entry.is_raw:
            problem = _problem(method, field, entry)
            if problem is not None:
                ctx.error(index.attribute_place(), *problem)


def _problem(method: str, field: ScalarDraft, entry: IndexField) -> tuple[str, str] | None:
    name = entry.operator_class
    classes = _BY_METHOD.get(method)
    if name is not None:
        if classes is None or name not in classes:
            methods = [other for other, known in _BY_METHOD.items() if name in known]
            return f"The operator class {name} is not for {method} indexes", f"it is for {' and '.join(methods)}"
        return _class_problem(field, name, classes[name])
    if classes is None:
        return None
    native, scalars = _DEFAULTS[method]
    if method == "Gin" and field.field.arity == "list":
        return None
    if field.reading.native_type is not None:
        if field.reading.native_type.name in native:
            return None
        message = f"A {method} index has no operator class of its own for {field.name}, which is {_type(field)}"
        return message, 'name one: ops: raw("…")'
    if field.kind == "unsupported" or (field.kind == "scalar" and field.field.type_name in scalars):
        return None
    return f"A {method} index does not take the field {field.name}, which is {_type(field)}", ""


def _class_problem(field: ScalarDraft, name: str, known: _Class) -> tuple[str, str] | None:
    if name == "ArrayOps":
        if field.field.arity == "list":
            return None
        return f"The operator class ArrayOps is for lists, and {field.name} is none", ""
    if field.reading.native_type is not None:
        if field.reading.native_type.name in known.native:
            return None
    elif known.scalar and field.kind == "scalar" and field.field.type_name == known.scalar:
        return None
    hint = f"it is for {' and '.join((*known.native, *filter(None, [known.scalar])))}"
    return f"The operator class {name} is not for {field.name}, which is {_type(field)}", hint


def _type(field: ScalarDraft) -> str:
    if field.reading.native_type is not None:
        return field.reading.native_type.name
    return field.field.type_name or f'Unsupported("{field.field.unsupported}")'
