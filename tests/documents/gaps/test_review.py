"""What is filled into gaps is looked through: what a lawyer has to read, what tells who a survivor is."""

import pytest
from django.urls import reverse

from coalition.audit.models import AuditEntry
from coalition.core.errors import Refused
from documents.checklist.check import NotAcknowledged
from documents.drafts.actions.manage import name_version, save_text
from documents.drafts.models import TextKind, Verdict
from documents.gaps.actions import fill_gaps
from documents.gaps.values import InvalidGapValue
from documents.legal_review.actions import mark_for_lawyer
from documents.models import Filling
from tests.documents.approval.builders import stage
from tests.documents.gaps.test_fill import gap, words
from tests.documents.legal_review.test_legal_review import lawyer, verdict

pytestmark = pytest.mark.django_db


def holding(*parts, language="en"):
    """A holding statement of one paragraph with these parts: words, or name and kind of a gap."""
    made = stage()
    made.draft.kind = TextKind.HOLDING
    made.draft.save()
    line = [words(one) if isinstance(one, str) else gap(*one) for one in parts]
    body = {"type": "doc", "content": [{"type": "paragraph", "content": line}]}
    save_text(access=made.access, text=made.text(language), title="A statement", lead="", body=body)
    return made, name_version(access=made.access, text=made.text(language), name="With gaps")


def fill(made, round_, values, **given):
    return fill_gaps(access=made.access, round_=round_, values={"en": values}, **given)


@pytest.mark.parametrize(
    ("parts", "values", "why", "at"),
    [
        (
            ("On ", ("Day", "date"), " the house of Aigul ", ("Where", "place"), " was searched."),
            {"Day": "25 November", "Where": "Nazarova"},
            "it names a person",
            "Where",
        ),
        (
            ("We speak of case No ", ("Number", "number"), ", on ", ("Day", "date"), "."),
            {"Number": "1234", "Day": "25 November"},
            "it names a case",
            "Number",
        ),
        (
            ("The workers of ", ("Where", "place"), " LLP are on strike."),
            {"Where": "Alga"},
            "it names an employer",
            "Where",
        ),
    ],
)
def test_what_a_lawyer_would_have_to_read_is_not_filled_in(parts, values, why, at):
    made, version = holding(*parts)
    round_ = made.put(versions=[version])
    with pytest.raises(InvalidGapValue, match=f"because {why}") as refused:
        fill(made, round_, values)
    assert (refused.value.language, refused.value.gap) == ("en", at)
    assert not Filling.objects.exists()
    assert made.text("en").content_hash == version.hash, "nothing was changed"


def test_a_person_the_lawyer_cleared_stays_cleared_and_no_second_one_comes_in():
    parts = ("Aigul Nazarova lives in ", ("Where", "place"), ". Aliya ", ("Who", "place"), " helps her.")
    made, version = holding(*parts)
    access, reader = lawyer(made)
    verdict(made, access, reader)
    round_ = made.put(versions=[version])
    with pytest.raises(InvalidGapValue) as refused:
        fill(made, round_, {"Where": "Taraz", "Who": "Ivanova"})
    assert refused.value.gap == "Who"
    made, version = holding("Aigul Nazarova lives in ", ("Where", "place"), ".")
    access, reader = lawyer(made)
    verdict(made, access, reader)
    assert fill(made, made.put(versions=[version]), {"Where": "Taraz"})


def test_words_that_a_lawyer_refused_since_they_were_put_are_not_filled():
    made, version = holding("It happened in ", ("Where", "place"), ".")
    access, reader = lawyer(made)
    round_ = made.put(versions=[version])
    verdict(made, access, reader, Verdict.NOT_CLEARED, "Not now.")
    with pytest.raises(Refused, match="has not cleared these words"):
        fill(made, round_, {"Where": "Taraz"})
    verdict(made, access, reader)
    mark_for_lawyer(access=made.access, draft=made.draft, needed=True)
    assert fill(made, round_, {"Where": "Taraz"})


def test_details_that_together_tell_a_survivor_are_acknowledged_first():
    made, version = holding("A woman was beaten in ", ("Where", "place"), " on ", ("Day", "date"), ".")
    round_ = made.put(versions=[version])
    with pytest.raises(NotAcknowledged, match="tell who a survivor is"):
        fill(made, round_, {"Where": "Kegen village", "Day": "25 November"})
    assert not Filling.objects.exists()
    fill(made, round_, {"Where": "Kegen village", "Day": "25 November"}, acknowledged=True)
    entry = AuditEntry.objects.filter(action="checklist.acknowledged", target=made.draft.uuid).latest("pk")
    assert entry.detail == {"languages": ["en"], "found": {"survivor_known": 1}}


def test_what_was_found_before_is_not_asked_again_nor_a_number_without_a_source():
    made, version = holding("There are 49 centres, and ", ("How many", "number"), " more are needed.")
    assert fill(made, made.put(versions=[version]), {"How many": "12"})


def test_the_page_says_it_at_the_field_and_keeps_what_was_typed(client_of):
    made, version = holding(
        "On ", ("Day", "date"), " the house of Aigul ", ("Where", "place"), " was searched."
    )
    round_ = made.put(versions=[version])
    client, address = client_of(made.coordinator), reverse("documents:fill_gaps", args=[round_.uuid])
    answer = client.post(address, {"en_0": "25 November", "en_1": "Nazarova"})
    assert answer.status_code == 422
    form = answer.context["form"]
    assert list(form.errors) == ["en_1"]
    assert "it names a person" in form.errors["en_1"][0]
    assert [form[name].value() for name in ("en_0", "en_1")] == ["25 November", "Nazarova"]
    assert b'value="Nazarova"' in answer.content


def test_the_page_asks_for_a_look_and_takes_it(client_of):
    made, version = holding("A woman was beaten in ", ("Where", "place"), " on ", ("Day", "date"), ".")
    round_ = made.put(versions=[version])
    client, address = client_of(made.coordinator), reverse("documents:fill_gaps", args=[round_.uuid])
    sent = {"en_0": "Kegen village", "en_1": "25 November"}
    assert b'name="acknowledged"' not in client.get(address).content
    answer = client.post(address, sent)
    assert answer.status_code == 422
    assert "survivor" in answer.context["form"].errors["acknowledged"][0]
    assert b'value="Kegen village"' in answer.content
    assert b'name="acknowledged"' in answer.content
    assert client.post(address, {**sent, "acknowledged": "on"}).status_code == 302
    assert Filling.objects.count() == 1
