"""What became of suggestions, told from the words before and after."""

from typing import Any

from documents.drafts.live.suggestions import decided_suggestions

type Json = dict[str, Any]

A, B = "0190-a.1", "0190-b.2"


def text(words: str, mark: str = "", identity: str = "") -> Json:
    made: Json = {"type": "text", "text": words}
    return made | {"marks": [{"type": mark, "attrs": {"id": identity}}]} if mark else made


def doc(*lines: list[Json]) -> Json:
    heads = [{"type": "title", "content": [text("Title")]}, {"type": "lead"}]
    return {
        "type": "doc",
        "content": [*heads, *({"type": "paragraph", "content": list(line)} for line in lines)],
    }


REPLACED = [text("We "), text("ask", "deletion", A), text("demand", "insertion", A), text(" a law.")]
ADDED = [text("It is late."), text(" Very.", "insertion", B)]


def became(before: Json, after: Json) -> dict[str, bool]:
    return {one.suggestion.id: one.accepted for one in decided_suggestions(before, after)}


def test_one_is_accepted() -> None:
    after = doc([text("We demand a law.")], ADDED)
    assert became(doc(REPLACED, ADDED), after) == {A: True}


def test_one_is_rejected_and_the_other_stays_open() -> None:
    assert became(doc(REPLACED, ADDED), doc([text("We ask a law.")], ADDED)) == {A: False}


def test_all_are_accepted_or_rejected() -> None:
    before = doc(REPLACED, ADDED)
    assert became(before, doc([text("We demand a law.")], [text("It is late. Very.")])) == {A: True, B: True}
    assert became(before, doc([text("We ask a law.")], [text("It is late.")])) == {A: False, B: False}


def test_one_accepted_and_one_rejected_at_once() -> None:
    before = doc(REPLACED, ADDED)
    assert became(before, doc([text("We demand a law.")], [text("It is late.")])) == {A: True, B: False}


def test_a_space_that_went_along_does_not_matter() -> None:
    before = doc([text("We "), text("really ", "deletion", A), text("ask.")])
    assert became(before, doc([text("We  ask.")])) == {A: True}


def test_where_the_line_was_rewritten_nothing_is_said() -> None:
    assert became(doc(REPLACED), doc([text("Something else.")])) == {}


def test_two_in_one_line_both_accepted() -> None:
    line = [text("A"), text("b", "insertion", A), text("c"), text("d", "deletion", B)]
    assert became(doc(line), doc([text("Abc")])) == {A: True, B: True}


def test_nothing_was_decided() -> None:
    before = doc(REPLACED)
    assert became(before, before) == {}
    assert became(before, doc(REPLACED, [text("More.")])) == {}
