"""The size and shape of the product's code: `python -m bench.house`.

Counts Python below coalition, documents, events and home, without migrations, coalition/campaigns and
coalition/consent (parts that came later): lines, files, the share of lines that are imports, imports
between capabilities, and import cycles.
A capability is a package that holds modules named after a slot (`actions`, `views`, `models` …).
"""

import ast
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PRODUCT = ("coalition", "documents", "events", "home")
LEFT_OUT = ("/migrations/", "coalition/campaigns/", "coalition/consent/")
SLOTS = frozenset(
    {
        *(
            "actions",
            "enums",
            "forms",
            "models",
            "notifications",
            "pdf",
            "permissions",
            "presenters",
            "queries",
        ),
        *("urls", "views", "public_views"),
    }
)
# Packages of an app that every capability may import. Imports from them and from the app's own
# modules do not count as imports between capabilities.
SHARED = {"events": {"core"}, "documents": {"drafts", "canonical", "files", "contacts"}}
# Limit of each figure.
MARKS = {"lines": 111_000, "files": 760, "imports": 9.6, "events": 3.0, "documents": 8.0, "cycles": 0}


@dataclass(frozen=True)
class Module:
    """`path` in the repository, `name` dotted; `imports`: modules of the product that it loads."""

    path: str
    name: str
    lines: int
    import_lines: int
    imports: frozenset[str]


def modules() -> list[Module]:
    """Return the modules of the product, as listed by git."""
    listed = subprocess.run(
        ["git", "ls-files", *PRODUCT], cwd=ROOT, check=True, capture_output=True, text=True
    )
    paths = [path for path in listed.stdout.split() if path.endswith(".py")]
    paths = [path for path in paths if not any(part in path for part in LEFT_OUT)]
    names = {_dotted(path) for path in paths}
    return [_read(path, names) for path in paths]


def _dotted(path: str) -> str:
    return path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")


def _read(path: str, names: set[str]) -> Module:
    text = (ROOT / path).read_text(encoding="utf-8")
    tree = ast.parse(text)
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
    import_lines = sum((node.end_lineno or node.lineno) - node.lineno + 1 for node in nodes)
    imported = {name for node in _at_load(tree.body) for name in _targets(node, names)}
    return Module(path, _dotted(path), len(text.splitlines()), import_lines, frozenset(imported))


def _at_load(body: list[ast.stmt]) -> Iterator[ast.Import | ast.ImportFrom]:
    """Yield imports that run at module load: neither in functions nor under TYPE_CHECKING."""
    for node in body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield node
        elif isinstance(node, ast.Try) or (
            isinstance(node, ast.If) and "TYPE_CHECKING" not in ast.dump(node.test)
        ):
            yield from _at_load(node.body)


def _for_types(node: ast.If) -> bool:
    return "TYPE_CHECKING" in ast.dump(node.test)


def _targets(node: ast.Import | ast.ImportFrom, names: set[str]) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name in names)
        return
    for alias in node.names:
        full = f"{node.module}.{alias.name}"
        if full in names:
            yield full
        elif node.module in names:
            yield node.module or ""


def capabilities(found: list[Module], app: str) -> dict[str, str]:
    """Map each module of an app to its capability: the nearest package with a slot; "" for the
    app's own."""
    holders = set()
    for module in found:
        parts = module.name.split(".")
        for place, part in enumerate(parts):
            if part in SLOTS and place > 1:
                holders.add(".".join(parts[:place]))
    result = {}
    for module in found:
        if module.name.split(".")[0] != app:
            continue
        above = module.name.split(".")
        owners = (".".join(above[:length]) for length in range(len(above), 1, -1))
        result[module.name] = next((owner for owner in owners if owner in holders), "")
    return result


def share_between(found: list[Module], app: str) -> tuple[int, int]:
    """Return (imports between capabilities, imports inside the app)."""
    owner = capabilities(found, app)
    total = between = 0
    for module in found:
        if module.name not in owner:
            continue
        for target in module.imports & owner.keys():
            total += 1
            here, there = owner[module.name], owner[target]
            related = here == there or here.startswith(f"{there}.") or there.startswith(f"{here}.")
            shared = (
                not here
                or not there
                or there.split(".")[1] in SHARED[app]
                or here.split(".")[1] in SHARED[app]
            )
            between += not (related or shared)
    return between, total


def _second(name: str) -> str:
    return name.split(".")[1]


def cycles(found: list[Module]) -> list[list[str]]:
    """Return sets of modules that import each other at load (Tarjan's strongly connected
    components)."""
    imports = {module.name: module.imports for module in found}
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    result: list[list[str]] = []

    def visit(name: str) -> None:
        number[name] = low[name] = len(number)
        stack.append(name)
        for target in imports[name]:
            if target not in number:
                visit(target)
                low[name] = min(low[name], low[target])
            elif target in stack:
                low[name] = min(low[name], number[target])
        if low[name] == number[name]:
            place = stack.index(name)
            if len(stack) - place > 1:
                result.append(sorted(stack[place:]))
            del stack[place:]

    for name in imports:
        if name not in number:
            visit(name)
    return result


def figures() -> dict[str, float]:
    """Return the figures under the keys of `MARKS`; shares in per cent."""
    found = modules()
    lines = sum(module.lines for module in found)
    result: dict[str, float] = {
        "lines": lines,
        "files": len(found),
        "imports": 100 * sum(module.import_lines for module in found) / lines,
    }
    for app in SHARED:
        between, total = share_between(found, app)
        result[app] = 100 * between / total
    found_cycles = cycles(found)
    result["cycles"] = len(found_cycles)
    for cycle in found_cycles:
        print("cycle:", *cycle)
    return result


def main() -> None:
    """Print each figure beside its limit."""
    counted = defaultdict(float, figures())
    for key, mark in MARKS.items():
        print(
            f"{key:12} {counted[key]:10,.1f}   at most {mark:,}   {'ok' if counted[key] <= mark else 'over'}"
        )


if __name__ == "__main__":
    main()
