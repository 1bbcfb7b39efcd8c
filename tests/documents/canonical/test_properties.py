"""What holds for every text: the canonical form is stable, valid, and loses nothing."""

import json

import pytest
from hypothesis import HealthCheck, assume, given, settings, strategies as st

from documents.canonical.build import build, normal_content
from documents.canonical.characters import normal_text, render_markdown, render_text
from documents.canonical.compare import ChangeKind, Op, compare_documents, render_comparison
from documents.canonical.form import CanonicalError, canonical_bytes, canonical_hash
from documents.canonical.html import render_html
from documents.canonical.nodes import to_editor, walk
from documents.canonical.schema import validate
from tests.documents.canonical import strategies

pytestmark = pytest.mark.slow

often = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def built(text):
    try:
        return build(pictures=strategies.PICTURES, holding_statement=True, **text)
    except CanonicalError as error:
        assume(error.code != "text_missing")
        raise


def rebuilt(document):
    return build(
        to_editor(document),
        title=document["title"],
        lead=document["lead"],
        language=document["language"],
        pictures=document["pictures"],
        attachments=document["attachments"],
        holding_statement=True,
    )


@often
@given(strategies.texts_to_build)
def test_a_document_is_stable_under_storing_and_editing(text):
    document = built(text)
    stored = json.loads(canonical_bytes(document))
    assert stored == document
    assert canonical_hash(stored) == canonical_hash(document)
    assert rebuilt(stored) == document
    assert canonical_hash(rebuilt(stored)) == canonical_hash(document)


@often
@given(strategies.texts_to_build)
def test_what_is_built_is_valid(text):
    document = built(text)
    assert validate(document) == document


@often
@given(strategies.texts_to_build)
def test_the_normal_form_of_a_normal_form_is_itself(text):
    for block in walk(built(text)["blocks"]):
        if block["type"] in {"paragraph", "heading"}:
            assert normal_content(block["content"]) == block["content"]


@given(st.text(st.sampled_from(strategies.ALPHABET)))
def test_normal_words_are_normal(text):
    words = normal_text(text, "title")
    assert normal_text(words, "title") == words
    assert words == words.strip()
    assert "  " not in words


@often
@given(strategies.texts_to_build)
def test_renderings_are_stable_and_leave_the_document_alone(text):
    document = built(text)
    before = canonical_bytes(document)
    for render in (render_html, render_text, render_markdown):
        assert render(document) == render(rebuilt(document))
    assert canonical_bytes(document) == before


@often
@given(strategies.texts_to_build, strategies.texts_to_build)
def test_no_difference_hides_from_a_comparison(text, other):
    before, after = built(text), built({**other, "language": text["language"]})
    comparison = compare_documents(before, after)
    summary = comparison.summary
    assert comparison.same == (canonical_hash(before) == canonical_hash(after))
    changed = summary.changed + summary.added + summary.removed
    assert comparison.same or changed or comparison.regrouped
    assert compare_documents(before, before).summary.changed == 0
    render_comparison(comparison)


@often
@given(strategies.texts_to_build, strategies.texts_to_build)
def test_a_comparison_holds_both_texts_whole(text, other):
    before, after = built(text), built(other)
    changes = compare_documents(before, after).changes
    backwards = compare_documents(after, before).changes

    def words(found, left_out):
        return sorted(
            "".join(token.text for piece in change.pieces if piece.op != left_out for token in piece.tokens)
            for change in found
            if change.kind != (ChangeKind.REMOVED if left_out == Op.DELETE else ChangeKind.ADDED)
        )

    assert words(changes, Op.DELETE) == words(compare_documents(after, after).changes, Op.DELETE)
    assert words(changes, Op.INSERT) == words(compare_documents(before, before).changes, Op.INSERT)
    assert words(backwards, Op.DELETE) == words(changes, Op.INSERT)


def refusal(document):
    """The reason in words why a document is not canonical, or None if it is."""
    try:
        validate(document)
    except CanonicalError as error:
        return error.message
    return None


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 5)
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["doc", "text", "paragraph"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "attrs", "content", "marks", "text", "blocks", "canon"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(json_values)
def test_any_json_is_refused_in_words_or_built(value):
    for attempt in (lambda: build(value, title="Т", language="kk"), lambda: validate(value)):
        with pytest.raises(CanonicalError) as caught:
            attempt()
        assert str(caught.value)


@often
@given(strategies.texts_to_build, json_values, st.data())
def test_a_damaged_document_is_never_an_accident(text, value, data):
    """Put any JSON at any place of a valid document: it is refused in words, or it is canonical."""
    document = json.loads(canonical_bytes(built(text)))
    place = document
    for _step in range(data.draw(st.integers(0, 8))):
        keys = list(place) if isinstance(place, dict) else range(len(place))
        inner = [key for key in keys if isinstance(place[key], dict | list) and place[key]]
        if not inner:
            break
        place = place[data.draw(st.sampled_from(inner))]
    place[data.draw(st.sampled_from(list(place) if isinstance(place, dict) else list(range(len(place)))))] = (
        value
    )
    if refusal(document) is None:
        assert rebuilt(document) == document
