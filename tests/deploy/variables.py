"""The environment variables that the settings read, found in their code."""

import ast
from pathlib import Path

SETTINGS = Path(__file__).resolve().parents[2] / "coalition" / "settings"
READERS = frozenset(
    {"required", "keys", "chosen", "address", "str", "int", "bool", "url", "list", "database"}
)


def variables() -> set[str]:
    """Names in capitals that a reader of the environment is given."""
    found: set[str] = set()
    for path in SETTINGS.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and node.args and _name(node.func) in READERS:
                first = node.args[0]
                if isinstance(first, ast.Constant) and isinstance(first.value, str) and first.value.isupper():
                    found.add(first.value)
    return found


def _name(function: ast.expr) -> str:
    if isinstance(function, ast.Attribute):
        return function.attr
    return function.id if isinstance(function, ast.Name) else ""
