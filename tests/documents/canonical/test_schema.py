"""Checking documents from outside: whoever changes a comma of the form is found out."""

import copy
import json
from pathlib import Path

import pytest

from documents.canonical.form import CanonicalError
from documents.canonical.schema import validate
from tests.documents.canonical.write_golden import GOLDEN


def stored(name):
    cases = json.loads(Path(GOLDEN, f"{name}.json").read_text(encoding="utf-8"))
    return cases["kk"]["canonical"]


def code_of(document):
    with pytest.raises(CanonicalError) as caught:
        validate(document)
    assert caught.value.message
    return caught.value.code


def changed(name, *steps, value=None, remove=False):
    document = copy.deepcopy(stored(name))
    *way, last = steps
    place = document
    for step in way:
        place = place[step]
    if remove:
        del place[last]
    else:
        place[last] = value
    return document


RUN = ("blocks", 0, "content", 0)
FAULTS = {
    "an unknown key": changed("paragraph", "author", value="Әсел"),
    "an unknown key of a block": changed("paragraph", "blocks", 0, "align", value="left"),
    "an unknown key of a run": changed("paragraph", *RUN, "color", value="red"),
    "a missing key": changed("paragraph", "lead", remove=True),
    "no marks": changed("paragraph", *RUN, "marks", remove=True),
    "a wrong type of canon": changed("paragraph", "canon", value=True),
    "an older canon": changed("paragraph", "canon", value=0),
    "a language that is none": changed("paragraph", "language", value="kk "),
    "no title": changed("paragraph", "title", value=""),
    "a long title": changed("paragraph", "title", value="Ә" * 301),
    "no blocks": changed("paragraph", "blocks", value=[]),
    "an unknown block": changed("paragraph", "blocks", 0, "type", value="html"),
    "a type without a hash": changed("paragraph", "blocks", 0, "type", value=["paragraph"]),
    "an empty paragraph": changed("paragraph", "blocks", 0, "content", value=[]),
    "white space at the edge": changed("paragraph", *RUN, "text", value=" сөз"),
    "two spaces": changed("paragraph", *RUN, "text", value="сөз  сөз"),
    "not NFC": changed("paragraph", *RUN, "text", value="и\u0306"),
    "runs that were not merged": changed(
        "paragraph",
        "blocks",
        0,
        "content",
        value=[{"type": "text", "text": one, "marks": []} for one in "аб"],
    ),
    "marks out of order": changed("strong", *RUN, "marks", value=[{"type": "emphasis"}, {"type": "strong"}]),
    "a mark twice": changed("strong", *RUN, "marks", value=[{"type": "strong"}, {"type": "strong"}]),
    "an address not in normal form": changed("link", *RUN, "marks", 0, "href", value="HTTPS://a.kz"),
    "a heading too high": changed("heading", "blocks", 0, "level", value=1),
    "a level that is no whole number": changed("heading", "blocks", 0, "level", value=2.0),
    "an empty item": changed("list", "blocks", 0, "items", 0, value=[]),
    "a numbered bullet list": changed("list", "blocks", 0, "start", value=2),
    "a heading in an item": changed("list", "blocks", 0, "items", 0, 0, "type", value="heading"),
    "a quotation of nobody": changed("quotation", "blocks", 0, "speaker", value=""),
    "a ragged table": changed("table", "blocks", 0, "rows", 0, 0, remove=True),
    "an approved block without its hash": changed("approved_block", "blocks", 1, "hash", value="9f"),
    "an approved block in itself": changed(
        "approved_block", "blocks", 1, "blocks", 0, "type", value="approved_block"
    ),
    "a picture that is not shown": changed("paragraph", "pictures", value=stored("picture")["pictures"]),
    "a picture that is not described": changed("picture", "pictures", value={}),
    "attachments out of order": changed(
        "picture", "attachments", value=stored("picture")["attachments"][::-1]
    ),
    "a footnote nobody refers to": changed("footnote", "blocks", 0, "content", 1, remove=True),
    "footnotes out of order": changed("footnote", "blocks", 2, "number", value=2),
    "a footnote before the text": changed("footnote", "blocks", value=stored("footnote")["blocks"][::-1]),
    "a fact without a source": changed("fact", *RUN[:-1], 1, "source", value=""),
    "a gap of another kind": changed("gap", *RUN, "kind", value="person"),
    "no document": [],
    "nothing": None,
}


@pytest.mark.parametrize("document", FAULTS.values(), ids=FAULTS.keys())
def test_it_is_not_canonical(document):
    assert code_of(document) == "not_canonical"


def test_a_newer_form_is_told_apart():
    assert code_of(changed("paragraph", "canon", value=2)) == "unknown_canon"


@pytest.mark.parametrize(
    "name, steps, value, code",
    [
        ("paragraph", (*RUN, "text"), "сөз\u202eзөс", "direction_character"),
        ("paragraph", (*RUN, "text"), "a\x00", "control_character"),
        ("link", (*RUN, "marks", 0, "href"), "javascript:alert(1)", "link_scheme"),
        ("link", (*RUN, "marks", 0, "href"), "data:text/html,a", "link_scheme"),
    ],
)
def test_what_no_text_may_hold_is_named(name, steps, value, code):
    assert code_of(changed(name, *steps, value=value)) == code


def test_a_document_of_endless_depth_is_refused():
    blocks = [{"type": "paragraph"}]
    for _level in range(100_000):
        blocks = [{"type": "quote", "blocks": blocks}]
    assert code_of(changed("paragraph", "blocks", value=blocks)) == "too_deep"
