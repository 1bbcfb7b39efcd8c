"""The editor holds exactly what the canonical form can: nothing more, so that nothing is refused later, and
nothing less, so that no text fails to open. Around it stand a title and a lead, and on it the marks of
suggestions and comments, which the canonical form has no place for."""

import json
import subprocess
from typing import Any

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
SCHEMA = ROOT / "documents" / "canonical" / "editor_schema.json"

HEADS = {"title", "lead"}


@pytest.fixture(scope="module")
def editor() -> dict[str, Any]:
    dump = ["node", str(ROOT / "assets" / "editor" / "dump_schema.mjs")]
    return json.loads(subprocess.run(dump, check=True, capture_output=True, text=True, cwd=ROOT).stdout)


@pytest.fixture(scope="module")
def canonical() -> dict[str, Any]:
    return json.loads(SCHEMA.read_text(encoding="utf-8"))


def test_the_same_nodes_and_marks(editor: dict[str, Any], canonical: dict[str, Any]) -> None:
    assert editor["nodes"].keys() == canonical["nodes"].keys() | HEADS
    beside = {*canonical["ignored_marks"], *canonical["suggestion_marks"]}
    assert editor["marks"].keys() == canonical["marks"].keys() | beside


def test_each_node_holds_the_same_things(editor: dict[str, Any], canonical: dict[str, Any]) -> None:
    held = {name: set(node["content"]) for name, node in editor["nodes"].items() if name not in HEADS}
    assert held["doc"] >= HEADS
    held["doc"] -= HEADS
    assert held == {name: set(node["content"]) for name, node in canonical["nodes"].items()}


def test_each_node_has_the_same_attributes(editor: dict[str, Any], canonical: dict[str, Any]) -> None:
    for name, node in canonical["nodes"].items():
        told = set(node.get("attrs", {}))
        assert told <= set(editor["nodes"][name]["attrs"]) <= told | set(node.get("ignored_attrs", [])), name
    for name, mark in canonical["marks"].items():
        told = set(mark.get("attrs", {}))
        assert told <= set(editor["marks"][name]) <= told | set(mark.get("ignored_attrs", [])), name


def test_title_and_lead_are_lines_of_words(editor: dict[str, Any]) -> None:
    for name in HEADS:
        assert editor["nodes"][name] == {"attrs": [], "content": ["text"]}


def test_suggestions_can_stand_on_whatever_the_text_consists_of(editor: dict[str, Any]) -> None:
    for name in ("paragraph", "heading", "listItem", "quotation", "picture", "table", "tableRow"):
        assert {"insertion", "deletion", "modification"} <= set(editor["marked"][name]), name
