"""Reading the project's own Python as syntax trees."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("coalition", "demo", "documents", "events", "home")
PLAIN_WRITES = (
    "create",
    "get_or_create",
    "update_or_create",
    "bulk_create",
    "bulk_update",
    "update",
    "delete",
)
WRITES = frozenset([*PLAIN_WRITES, *(f"a{name}" for name in PLAIN_WRITES)])  # Django's async twins


@cache
def modules() -> dict[str, ast.Module]:
    """Path below the root → tree, for all code of the packages without migrations."""
    return {
        str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8"))
        for package in PACKAGES
        for path in sorted((ROOT / package).rglob("*.py"))
        if "migrations" not in path.parts
    }


def mentions(tree: ast.Module, names: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Line and name of every use of one of the names: called, passed on or imported.

    A definition of a method with such a name is no use.
    """
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in names:
            yield node.lineno, node.id
        elif isinstance(node, ast.Attribute) and node.attr in names:
            yield node.lineno, node.attr
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                if alias.name in names:
                    yield node.lineno, alias.name


def writes(tree: ast.Module, models: frozenset[str]) -> Iterator[tuple[int, str]]:
    """Line and model wherever rows of these models are made or changed through the class."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id in models:
            yield node.lineno, node.func.id
        elif isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            root = _root(node.func)
            if root in models:
                yield node.lineno, root


def _root(node: ast.expr) -> str:
    """The name that a chain of calls and attributes starts from: `A.objects.filter(x).delete` → `A`."""
    while isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
        node = node.func if isinstance(node, ast.Call) else node.value
    return node.id if isinstance(node, ast.Name) else ""
