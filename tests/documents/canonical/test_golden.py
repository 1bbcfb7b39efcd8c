"""Every block and mark in Kazakh, Russian and English: form, hash and renderings stay what they were."""

import json

import pytest

from documents.canonical.build import build
from documents.canonical.form import Block, canonical_bytes, canonical_hash
from documents.canonical.nodes import inlines, walk
from documents.canonical.schema import validate
from tests.documents.canonical.write_golden import GOLDEN, renderings

CASES = [
    pytest.param(case, id=f"{path.stem}-{language}")
    for path in sorted(GOLDEN.glob("*.json"))
    for language, case in json.loads(path.read_text(encoding="utf-8")).items()
]


@pytest.mark.parametrize("case", CASES)
def test_the_form_and_its_hash_never_move(case):
    text = dict(case["input"])
    document = build(text.pop("body"), **text)
    assert document == case["canonical"]
    assert canonical_hash(document) == case["hash"]


@pytest.mark.parametrize("case", CASES)
def test_a_stored_document_is_valid_and_keeps_its_bytes(case):
    stored = json.loads(json.dumps(case["canonical"]))
    assert validate(stored) is stored
    assert canonical_bytes(json.loads(canonical_bytes(stored))) == canonical_bytes(stored)


@pytest.mark.parametrize("case", CASES)
def test_it_renders_as_before(case):
    assert renderings(case["canonical"]) == {key: case[key] for key in ("html", "text", "markdown")}


def test_every_block_inline_and_mark_has_a_golden_file():
    documents = [case.values[0]["canonical"] for case in CASES]
    blocks = {block["type"] for document in documents for block in walk(document["blocks"])}
    runs = [one for document in documents for one in inlines(document["blocks"])]
    assert blocks == {kind.__annotations__["type"].__args__[0] for kind in Block.__value__.__args__}
    assert {one["type"] for one in runs} == {"text", "fact", "gap", "footnote_ref"}
    assert {mark["type"] for one in runs for mark in one.get("marks", [])} == {"link", "strong", "emphasis"}
