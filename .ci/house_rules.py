"""The house rules that no other tool knows: lengths, drawers, reasons beside exceptions."""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from tracked import ROOT, tracked

LONGEST_FILE = 600
LONGEST_FUNCTION = 60
SOURCES = ("*.py", "*.html", "*.css", "*.js", "*.mjs", "*.ts", ":!:*/migrations/*")
DRAWERS = re.compile(r"(?:^|/)(?:utils?|helpers?|services?|common|misc)(?:\.\w+$|/)")
EXCEPTION = re.compile(r"#\s*(?:noqa(?::\s*[A-Z]+\d+(?:\s*,\s*[A-Z]+\d+)*)?|type:\s*ignore(?:\[[\w, -]+\])?)")
# In templates: what HTML does not know, and what is known in its place.
INVALID = {
    re.compile(r"\shx-"): "an attribute that HTML does not know: write data-hx-…",
    re.compile(
        r"datetime=\"[^\"]*date:'c'"
    ): "parts of a second that HTML does not know: write date:'Y-m-d\\TH:i:sO'",
}
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX)\b")


def main() -> None:
    lines = [*_drawers(), *_lengths(), *_templates()]
    for path in tracked("*.py", ":!:*/migrations/*", ":!:.ci/house_rules.py"):
        lines.extend(_python(path))
    print("\n".join(lines))
    sys.exit(bool(lines))


def _drawers() -> Iterator[str]:
    for path in tracked():
        name = str(path.relative_to(ROOT))
        if DRAWERS.search(name):
            yield f"{name}: name the module after what it holds"


def _lengths() -> Iterator[str]:
    for path in tracked(*SOURCES):
        count = len(path.read_text(encoding="utf-8").splitlines())
        if count >= LONGEST_FILE:
            yield f"{path.relative_to(ROOT)}: {count} lines: a file stays under {LONGEST_FILE}"


def _templates() -> Iterator[str]:
    for path in tracked("templates/*.html"):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            for found, why in INVALID.items():
                if found.search(line):
                    yield f"{path.relative_to(ROOT)}:{number}: {why}"


def _python(path: Path) -> Iterator[str]:
    text = path.read_text(encoding="utf-8")
    name = path.relative_to(ROOT)
    lines = text.splitlines()
    for number, line in enumerate(lines, start=1):
        if _lacks_reason(line):
            yield f"{name}:{number}: an exception without its reason beside it"
        if UNFINISHED.search(line):
            yield f"{name}:{number}: unfinished work belongs in an issue"
    is_test = name.parts[0] in {"tests", "bench"}
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        length = _body_lines(node)
        if length >= LONGEST_FUNCTION and not is_test:
            yield f"{name}:{node.lineno}: {node.name}: {length} lines, a function has < {LONGEST_FUNCTION}"
        # AppConfig.ready() is where Django wants imports of models.
        if not is_test and node.name != "ready":
            yield from _inline_imports(node, lines, name)


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from the first statement to the last: keyword arguments and the docstring do not count."""
    first = function.body[0]
    if ast.get_docstring(function) is not None and len(function.body) > 1:
        first = function.body[1]
    return (function.end_lineno or function.lineno) - first.lineno + 1


def _lacks_reason(line: str) -> bool:
    found = list(EXCEPTION.finditer(line))
    if not found:
        return False
    rest = EXCEPTION.sub("", line[found[0].start() :])
    return not re.search(r"\w{3}", rest)


def _inline_imports(
    function: ast.FunctionDef | ast.AsyncFunctionDef, lines: list[str], name: Path
) -> Iterator[str]:
    """Imports inside a function need a comment: on the line, or above the run of imports they stand in."""
    explained_until = 0
    for node in function.body:
        if not isinstance(node, ast.Import | ast.ImportFrom):
            continue
        line = lines[node.lineno - 1]
        above = lines[node.lineno - 2].strip()
        last = lines[(node.end_lineno or node.lineno) - 1]
        if "#" in line or "#" in last or above.startswith("#") or explained_until == node.lineno - 1:
            explained_until = node.end_lineno or node.lineno
        else:
            yield f"{name}:{node.lineno}: an import inside a function without its reason beside it"


if __name__ == "__main__":
    main()
