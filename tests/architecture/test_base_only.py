"""The application runs on requirements/base.txt: nothing it imports comes from the tools of development."""

import ast
import re
import sys
from collections.abc import Iterator
from importlib.metadata import packages_distributions

from coalition.settings import base
from tests.architecture.source import PACKAGES, ROOT, modules

LOCK = (ROOT / "requirements" / "base.txt").read_text(encoding="utf-8")
LOCKED = set(re.findall(r"^([\w.-]+?)(?:\[[^\]]*\])?==", LOCK, re.MULTILINE))
PROVIDERS = packages_distributions()


def test_every_import_is_installed_in_production() -> None:
    missing = [
        f"{path}:{line}: {name}"
        for path, tree in modules().items()
        for line, name in _imports(tree)
        if not _is_locked(name)
    ]
    assert not missing


def test_every_app_is_installed_in_production() -> None:
    assert not [app for app in base.INSTALLED_APPS if not _is_locked(app.split(".", maxsplit=1)[0])]


def test_a_tool_of_development_is_noticed() -> None:
    assert not _is_locked("pytest")
    assert _is_locked("django")


def _imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.split(".", maxsplit=1)[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module.split(".", maxsplit=1)[0]


def _is_locked(package: str) -> bool:
    if package in PACKAGES or package in sys.stdlib_module_names:
        return True
    return any(re.sub(r"[-_.]+", "-", name).lower() in LOCKED for name in PROVIDERS.get(package, []))
