"""What import statements and assignments say, by LibCST."""

from collections.abc import Iterable

import libcst as cst


def bindings_of(statement: cst.CSTNode) -> dict[str, tuple[str, str]]:
    """The names that an import statement binds: the module, empty for a whole one, and the name there."""
    found: dict[str, tuple[str, str]] = {}
    if not isinstance(statement, cst.SimpleStatementLine):
        return found
    for part in statement.body:
        if isinstance(part, cst.ImportFrom) and not isinstance(part.names, cst.ImportStar):
            for alias in part.names:
                found[_local(alias)] = (module_of(part), str(alias.evaluated_name))
        elif isinstance(part, cst.Import):
            for alias in part.names:
                if alias.asname is None and "." in alias.evaluated_name:
                    continue
                found[_local(alias)] = ("", str(alias.evaluated_name))
    return found


def _local(alias: cst.ImportAlias) -> str:
    return str(alias.evaluated_alias or alias.evaluated_name)


def module_of(statement: cst.ImportFrom) -> str:
    """The module of a `from` import, dots included."""
    dots = "." * len(statement.relative)
    if statement.module is None:
        return dots
    return dots + cst.Module([]).code_for_node(statement.module)


def import_keys(statement: cst.SimpleStatementLine) -> Iterable[tuple[str, bool]]:
    """The modules that a statement imports from, and whether it imports the modules themselves."""
    for part in statement.body:
        if isinstance(part, cst.ImportFrom):
            yield module_of(part), False
        elif isinstance(part, cst.Import):
            yield str(part.names[0].evaluated_name), True


def assigned_names(statement: cst.SimpleStatementLine) -> set[str]:
    """The names that a statement assigns to."""
    names: set[str] = set()
    for part in statement.body:
        targets = [target.target for target in part.targets] if isinstance(part, cst.Assign) else []
        names.update(target.value for target in targets if isinstance(target, cst.Name))
    return names
