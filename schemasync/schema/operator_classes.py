"""Operator classes that PostgreSQL takes by itself, so that naming one and leaving it out are the same.

Sources: PostgreSQL manual, section 11.10 "Operator Classes and Operator Families", and the tables of built-in operator
classes in the chapters on GiST, SP-GiST, GIN and BRIN.
"""

from schemasync.late_patterns import late_pattern

_DEFAULTS = {
    "gin": late_pattern(r"array_ops|jsonb_ops|tsvector_ops"),
    "gist": late_pattern(r"(?:range|multirange|box|circle|point|poly|tsquery|tsvector)_ops"),
    "spgist": late_pattern(r"inet_ops|text_ops|box_ops|poly_ops|range_ops|quad_point_ops"),
    "brin": late_pattern(r"(?!inet)\w+_minmax_ops|(?:inet|range|box)_inclusion_ops"),
    "btree": late_pattern(r"(?!\w+_pattern_)[a-z0-9]+_ops"),
    "hash": late_pattern(r"(?!\w+_pattern_)[a-z0-9]+_ops"),
}


def unless_default(method: str, operator_class: str | None) -> str | None:
    """The operator class, or None where the index method takes it for the column's type anyway."""
    pattern = _DEFAULTS.get(method)
    if operator_class is None or (pattern is not None and pattern.fullmatch(operator_class)):
        return None
    return operator_class
