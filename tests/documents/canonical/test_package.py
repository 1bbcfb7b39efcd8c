"""The package stands alone, and the editor's schema is the one that it obeys."""

import ast
from pathlib import Path

import documents.canonical
from documents.canonical import nodes as editor_schema
from documents.canonical.nodes import IGNORED_MARKS, LIMITS, MARKS, NODES, SUGGESTION_MARKS

PACKAGE = Path(documents.canonical.__file__).parent


def test_nothing_of_the_project_is_imported():
    for path in PACKAGE.glob("*.py"):
        for found in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [found.module or ""] if isinstance(found, ast.ImportFrom) else []
            names += [alias.name for alias in found.names] if isinstance(found, ast.Import) else []
            for name in names:
                assert name.split(".")[0] not in {"coalition", "home", "events", "wagtail"}
                assert not name.startswith("documents.") or name.startswith("documents.canonical")
                assert not name.startswith("django.") or f"{name}.".startswith("django.utils.")


def test_the_schema_of_the_editor_is_whole():
    assert {child for spec in NODES.values() for child in spec.content} | {"doc"} == NODES.keys()
    assert NODES["doc"].content == {
        "paragraph", "heading", "bulletList", "orderedList", "blockquote", "quotation", "picture", "table",
        "approvedBlock",
    }  # fmt: skip
    assert MARKS.keys() == {"link", "bold", "italic"}
    assert not (MARKS.keys() & IGNORED_MARKS) | (IGNORED_MARKS & SUGGESTION_MARKS)
    assert (LIMITS.title, LIMITS.lead, LIMITS.body_bytes) == (300, 1000, 10 * 1024 * 1024)
    assert editor_schema.NODES["heading"].attrs["level"].values == (2, 3, 4)
