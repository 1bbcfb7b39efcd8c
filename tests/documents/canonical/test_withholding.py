"""Texts without withheld pictures: a sentence stands where a picture stood, at any depth."""

import copy

from documents.canonical.characters import render_markdown, render_text
from documents.canonical.form import canonical_hash
from documents.canonical.html import render_html
from documents.canonical.schema import validate
from documents.canonical.withholding import withheld_among, without_pictures

GONE, STAYS = "a" * 64, "b" * 64
FIRST, SECOND = "01890a5d-ac96-774b-bcce-b302099a8057", "01890a5d-ac96-774b-bcce-b302099a8058"


def picture(sha256: str, word: str) -> dict[str, str]:
    return {"sha256": sha256, "alt": f"{word} alt", "caption": f"{word} caption", "credit": f"{word} credit"}


def paragraph(words: str) -> dict[str, object]:
    return {"type": "paragraph", "content": [{"type": "text", "text": words, "marks": []}]}


def document() -> dict[str, object]:
    inside = [paragraph("Approved before."), {"type": "picture", "id": FIRST}]
    return {
        "canon": 1,
        "language": "en",
        "title": "A title",
        "lead": "",
        "blocks": [
            paragraph("Words."),
            {"type": "picture", "id": FIRST},
            {"type": "picture", "id": SECOND},
            {"type": "approved_block", "version": FIRST, "hash": "c" * 64, "blocks": inside},
            {
                "type": "table",
                "rows": [[{"header": False, "blocks": [paragraph("A cell")]}]],
            },
        ],
        "pictures": {FIRST: picture(GONE, "canary"), SECOND: picture(STAYS, "other")},
        "attachments": [{"sha256": GONE, "name": "canary.pdf", "type": "application/pdf"}],
    }


def test_sentence_stands_in_place_of_each_withheld_picture() -> None:
    before = document()
    known = copy.deepcopy(before)
    after = without_pictures(before, {GONE})
    assert before == known
    assert validate(after) is after
    assert "canary" not in str(after)
    sentence = paragraph("A picture stood here. It is no longer available.")
    assert after["blocks"][1] == sentence
    assert after["blocks"][2] == {"type": "picture", "id": SECOND}
    assert after["blocks"][3]["blocks"][1] == sentence
    assert list(after["pictures"]) == [SECOND]
    assert after["attachments"] == []
    for rendered in (render_html(after), render_text(after, width=None), render_markdown(after)):
        assert "canary" not in rendered
        assert rendered.count("A picture stood here") == 2


def test_picture_in_a_list_or_table_is_replaced_too() -> None:
    inside = {"type": "list", "ordered": False, "start": 1, "items": [[{"type": "picture", "id": FIRST}]]}
    cell = {"header": False, "blocks": [{"type": "picture", "id": FIRST}]}
    made = document() | {"blocks": [inside, {"type": "table", "rows": [[cell]]}]}
    assert "picture'" not in str(without_pictures(made, {GONE})["blocks"])


def test_text_without_such_pictures_is_returned_as_it_is() -> None:
    made = document()
    assert without_pictures(made, {"d" * 64}) is made
    assert withheld_among(made, {GONE, "d" * 64}) == [GONE]
    assert canonical_hash(without_pictures(made, {GONE})) != canonical_hash(made)
