"""The server reads and resolves texts exactly as the editor in the browser does, on texts made at random."""

import base64
import json
import re
import subprocess
from operator import itemgetter
from pathlib import Path
from uuid import UUID

import pytest
from django.conf import settings
from pycrdt import Doc

from coalition.realtime.backend import Grant
from documents.drafts.live.resolve import ANCHOR, attribute_of
from documents.drafts.live.suggestions import (
    accept_all,
    doc_to_json,
    json_to_update,
    normalise_marked,
    open_suggestions_in,
    reject_all,
)
from tests.documents.drafts.live.writing import identity, mark, paragraph, text, verdict, words

pytestmark = pytest.mark.slow

ROOT = Path(settings.BASE_DIR)
HERE = Path(__file__).parent
HALF = re.compile(r"(?<!\\ud83c)\\udf37|\\ud83c(?!\\udf37)")  # of the tulip
ANNA = (UUID("0190a000-0000-7000-8000-00000000000a"), UUID("0190a000-0000-7000-8000-0000000000aa"))
BOLAT = (UUID("0190b000-0000-7000-8000-00000000000b"), UUID("0190b000-0000-7000-8000-0000000000bb"))
EACH = 150  # texts of each kind


COMMENT = mark("comment", "0190a000-0000-7000-8000-000000000009")
LEVEL = mark("modification", identity(), type="attr", attrName="level", previousValue=2, newValue=3)
KIND = mark("modification", identity(), type="nodeType", previousValue="paragraph", newValue="heading")
WRITTEN = [
    text(
        paragraph(words("Заң 🌷 "), words("енді", mark("insertion"), COMMENT, {"type": "bold"}), words(".")),
        {
            "type": "heading",
            "attrs": {"level": 3},
            "marks": [LEVEL, KIND],
            "content": [words("Ұсыныс", {"type": "link", "attrs": {"href": "https://example.org/"}})],
        },
        {
            "type": "orderedList",
            "attrs": {"start": 4},
            "content": [
                {"type": "listItem", "marks": [mark("deletion")], "content": [paragraph(words("Бір"))]}
            ],
        },
        paragraph(
            {"type": "footnote", "attrs": {"text": "Дерек"}, "marks": [mark("insertion")]},
            {"type": "gap", "attrs": {"kind": "date", "name": "Күн", "value": ""}},
        ),
    )
]


@pytest.fixture(scope="module")
def editor(tmp_path_factory):
    bundle = tmp_path_factory.mktemp("differential") / "differential.mjs"
    build = ["node", ROOT / "tests" / "editor" / "bundle.mjs", HERE / "differential.mjs", bundle]
    subprocess.run(build, check=True, cwd=ROOT)
    updates = [base64.b64encode(json_to_update(one)).decode() for one in WRITTEN]
    given = json.dumps({"count": EACH, "updates": updates})
    done = subprocess.run(["node", bundle], input=given, check=True, capture_output=True, text=True, cwd=ROOT)
    return json.loads(done.stdout)


def bare(marked):
    """Without anchors, as it would be read."""
    return normalise_marked(json.loads(json.dumps(marked, ensure_ascii=False).replace(ANCHOR, "")))


@pytest.mark.parametrize("made_by", ["library", "editor", "nobody"])
def test_what_browsers_write_is_read_as_they_read_it(editor, made_by):
    for one in editor[made_by]:
        if HALF.search(json.dumps(one["marked"])):
            continue  # the library parts some letters in two; a shared document cannot hold that
        doc = Doc()
        doc.apply_update(base64.b64decode(one["update"]))
        assert doc_to_json(doc) == normalise_marked(one["marked"])


def test_what_the_server_writes_is_read_by_browsers(editor):
    for written, read in zip(WRITTEN, editor["read"], strict=True):
        assert normalise_marked(read) == normalise_marked(written)


def test_marks_that_may_overlap_have_the_names_that_browsers_give_them(editor):
    for made, key in editor["keys"]:
        assert key.removeprefix("__mark_") == attribute_of(made)


@pytest.mark.parametrize("made_by", ["library", "editor", "nobody"])
def test_suggestions_are_taken_in_and_out_as_the_editor_does_it(editor, made_by):
    for one in editor[made_by]:
        marked = normalise_marked(one["marked"])
        assert [bare(accept_all(marked)), bare(reject_all(marked))] == [bare(made) for made in one["editor"]]


def test_and_as_the_library_does_it_that_made_them(editor):
    compared = 0
    for one in editor["library"]:
        marked = normalise_marked(one["marked"])
        # It joins nothing across the edge of the lead, and leaves marks behind there.
        if "marks" in json.dumps(marked["content"][1]):
            continue
        for made, theirs in zip((accept_all(marked), reject_all(marked)), one["library"], strict=True):
            if theirs is not None:
                assert bare(made) == bare(theirs)
                compared += 1
    assert compared > EACH


@pytest.mark.parametrize("made_by", ["library", "editor", "nobody"])
def test_the_list_beside_the_text_is_that_of_the_page(editor, made_by):
    for one in editor[made_by]:
        found = [
            {
                "id": suggestion.id,
                "kind": suggestion.kind,
                "before": suggestion.before,
                "after": suggestion.after,
                "person": str(suggestion.person),
            }
            for suggestion in open_suggestions_in(normalise_marked(one["marked"]))
        ]
        # Two on one and the same node come in either order.
        assert sorted(found, key=itemgetter("id")) == sorted(one["listed"], key=itemgetter("id"))


def test_every_suggestion_is_listed_and_resolving_leaves_none(editor):
    for one in editor["editor"]:
        marked = normalise_marked(one["marked"])
        found = open_suggestions_in(marked)
        assert len({suggestion.id for suggestion in found}) == len(found)
        assert all(suggestion.person for suggestion in found)
        assert open_suggestions_in(accept_all(marked)) == open_suggestions_in(reject_all(marked)) == []
        said = [suggestion.block for suggestion in found]
        assert said == sorted(said)


def test_what_the_editor_makes_of_an_edit_is_never_refused(editor):
    refused = []
    for one in editor["edits"]:
        person, organisation = BOLAT if one["suggests"] else ANNA
        before, after = normalise_marked(one["before"]), normalise_marked(one["after"])
        grant = Grant(person, organisation, suggests_only=one["suggests"])
        refused.append(verdict(before, after, grant))
    assert len(refused) > 2 * EACH
    assert set(refused) == {""}
