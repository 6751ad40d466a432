"""Enums: a Python class each, and the column type that stores its members by PostgreSQL's labels."""

from schemasync.mirror.layout import Argument, Call, docstring, laid_out, literal
from schemasync.mirror.plan import Plan
from schemasync.mirror.section import Section
from schemasync.mirror.symbols import Symbols
from schemasync.schema.model import Enum


def enum_class(plan: Plan, enum: Enum, symbols: Symbols) -> Section:
    """The class of an enum, and its constant."""
    names = plan.names.enums[enum.key]
    lines = [f"class {names.class_name}({symbols('StrEnum')}):"]
    introduction = f"Prisma's {enum.model}." if enum.model else f"The enum {enum.name}."
    lines += [docstring(enum.documentation or introduction, 4), ""]
    for member, label in zip(names.members, enum.values, strict=True):
        lines.append(f"    {member} = {literal(label)}")
    arguments: list[Argument] = [names.class_name, f"name={literal(enum.name)}"]
    if enum.schema != plan.default_schema:
        arguments.append(f"schema={literal(enum.schema)}")
    arguments.append("values_callable=labels")
    constant = laid_out(Call(f"{names.constant} = {symbols('Enum')}", tuple(arguments)), width=plan.width)
    text = "\n".join(lines) + f"\n\n\n{constant}"
    return Section(text, frozenset({"StrEnum", "Enum", "labels"}))
