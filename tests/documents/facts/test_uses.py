"""Facts in texts: the words stay as approved, a change flags what uses them, one press takes the new ones."""

import pytest

from coalition.core.errors import Refused
from coalition.workspaces.models import Notification
from coalition.workspaces.permissions import NotAllowed
from documents.checklist.check import check_text
from documents.drafts.actions.manage import archive_draft, name_version
from documents.drafts.live.backend import edit_text
from documents.drafts.live.projection import update_text_row
from documents.drafts.models import Handling
from documents.facts.actions import change_fact, renew_fact, retire_fact
from documents.facts.notifications import remind_of_fact_checks
from documents.facts.queries import outdated_uses_in, texts_using
from documents.models import Draft, DraftText, Fact, FactUse
from tests.documents.facts.writing import body_with, fact_content, node_of, soon, write_down

pytestmark = pytest.mark.django_db


@pytest.fixture
def fact(room):
    return write_down(room.user("editor"))


@pytest.fixture
def holding(room, text, fact):
    """A text that holds the fact."""
    return room.write(text, "editor", body=body_with(node_of(fact.current)))


def change(room, fact, numeral="26", **given):
    seen = Fact.objects.get(pk=fact.pk).current.number
    return change_fact(
        person=room.user("editor"),
        fact=fact,
        **fact_content(numeral, **given),
        why="A case was missing",
        next_check=soon(),
        seen=seen,
    )


def told(kind):
    return set(Notification.objects.filter(kind=kind).values_list("person__email", flat=True))


def facts_said(text):
    return [node["attrs"]["words"] for node in text.body["content"][0]["content"] if node["type"] == "fact"]


def test_a_text_knows_which_facts_it_holds(room, holding, fact):
    assert FactUse.objects.get().text == holding
    room.write(holding, "editor", "None of it any more.")
    assert not FactUse.objects.exists()


def test_a_fact_that_is_in_no_register_is_no_use(room, text, fact):
    nodes = [node_of(fact.current, id="f1"), node_of(fact.current, id="0" * 8)]
    room.write(text, "editor", body=body_with(*nodes))
    assert not FactUse.objects.exists()


def test_a_version_keeps_its_words_and_its_hash_when_the_fact_changes(room, holding, fact):
    version = name_version(access=room.access("editor"), text=holding, name="For approval")
    before = version.canonical
    change(room, fact)
    version.refresh_from_db()
    holding.refresh_from_db()
    assert version.canonical == before
    run = version.document["blocks"][0]["content"][1]
    assert (run["words"], run["id"]) == ("25 айыптау үкімі шықты", str(fact.current.uuid))
    assert "https://internews.example/campaign" in run["source"]
    assert facts_said(holding) == ["25 айыптау үкімі шықты"]
    assert FactUse.objects.get(version=version).fact_version == fact.current


def test_the_text_is_flagged_and_one_press_takes_the_new_words(room, holding, fact):
    assert outdated_uses_in(holding) == []
    change(room, fact)
    assert [use.fact_version.number for use in outdated_uses_in(holding)] == [1]
    renewed = renew_fact(access=room.access("editor"), text=holding, version=fact.current.uuid)
    assert facts_said(renewed) == ["26 айыптау үкімі шықты"]
    assert outdated_uses_in(renewed) == []
    with pytest.raises(Refused):
        renew_fact(access=room.access("editor"), text=holding, version=Fact.objects.get().current.uuid)


def test_who_only_suggests_suggests_the_new_words(room, holding, fact):
    change(room, fact)
    renewed = renew_fact(access=room.access("reviewer"), text=holding, version=fact.current.uuid)
    assert facts_said(renewed) == ["25 айыптау үкімі шықты"]
    assert renewed.open_suggestions == 1
    with pytest.raises(NotAllowed):
        renew_fact(access=room.access("observer"), text=holding, version=fact.current.uuid)


def test_new_words_that_a_language_lacks_are_not_taken(room, holding, fact):
    words = fact_content("26")["words"]
    change(room, fact, words={"en": words["en"]})
    with pytest.raises(Refused):
        renew_fact(access=room.access("editor"), text=holding, version=fact.current.uuid)


def test_what_others_approved_stays_as_it_is(room, holding, fact):
    frame = {
        "type": "approvedBlock",
        "attrs": {"version": str(fact.uuid), "hash": "0" * 64},
        "content": holding.body["content"],
    }
    edit_text(
        text=holding,
        author=room.user("editor"),
        organisation=room.organisation("editor"),
        change=lambda marked: {**marked, "content": [*marked["content"], frame]},
    )
    change(room, fact)
    renewed = renew_fact(access=room.access("editor"), text=holding, version=fact.current.uuid)
    said = str(renewed.body)
    assert "26 айыптау" in said
    assert "25 айыптау" in said


def test_those_who_work_on_a_text_hear_that_its_fact_changed(room, holding, fact):
    coordinator = room.user("coordinator")
    change(room, fact)
    assert told("fact_older") == {coordinator.email}  # the editor did it
    row = Notification.objects.get(kind="fact_older")
    assert (row.subject, row.detail) == (holding.draft.uuid, {})
    retire_fact(person=coordinator, fact=fact, why="Not so")
    assert told("fact_older") == {coordinator.email, room.user("editor").email}


def test_of_a_draft_for_few_nobody_else_hears(room, fact):
    draft = room.draft("editor", handling=Handling.ORGANISATION)
    room.write(draft.texts.get(language="kk"), "editor", body=body_with(node_of(fact.current)))
    FactUse.objects.get()
    change_fact(
        person=room.user("coordinator"),
        fact=fact,
        **fact_content("27"),
        why="A case was missing",
        next_check=soon(),
        seen=1,
    )
    assert told("fact_older") == {room.user("editor").email}
    assert not texts_using(room.user("coordinator"), fact)
    assert texts_using(room.user("editor"), fact).count() == 1


def test_an_archived_draft_is_not_flagged(room, holding, fact):
    archive_draft(access=room.access("editor"), draft=holding.draft)
    change(room, fact)
    assert told("fact_older") == set()


def test_keepers_are_asked_to_check_and_reminded_once_a_day_that_was_set(room, fact):
    second = room.take("editor", name="second", organisation=room.organisation("editor")).person
    change(room, fact)
    assert told("fact_to_check") == {second.email}
    Fact.objects.update(next_check=soon(0))
    remind_of_fact_checks()
    remind_of_fact_checks()
    rows = Notification.objects.filter(kind="fact_check_due")
    assert sorted(row.person.email for row in rows) == sorted([room.user("editor").email, second.email])


def test_where_the_owner_has_nobody_coordinators_are_reminded(room, fact):
    room.seats["editor"].ended_at = fact.current.written_at
    room.seats["editor"].save()
    Fact.objects.update(next_check=soon(0))
    remind_of_fact_checks()
    assert told("fact_check_due") == {room.user("coordinator").email}


def test_the_row_follows_a_live_document_too(room, draft, fact):
    text = draft.texts.get(language="kk")
    room.write(text, "editor", body=body_with(node_of(fact.current), node_of(fact.current)))
    update_text_row(text.uuid)
    assert FactUse.objects.filter(text=text).count() == 1
    assert Draft.objects.get().texts.count() == DraftText.objects.count()


def found_in(room, text):
    return [
        one.rule.name
        for one in check_text(update_text_row(text.uuid), room.user("editor"))
        if "fact" in one.rule.name
    ]


def test_the_checklist_knows_facts_that_changed_and_facts_that_nobody_registered(room, text, holding, fact):
    assert found_in(room, holding) == []
    change(room, fact)
    assert found_in(room, holding) == ["fact_older"]
    for other in ({"words": "26 айыптау үкімі шықты"}, {"source": "Everyone knows"}, {"id": "f1"}):
        nodes = node_of(fact.current, **other)
        room.write(text, "editor", body=body_with(nodes))
        assert "fact_altered" in found_in(room, text)
    room.write(text, "editor", body=body_with(node_of(fact.current, "ru")))
    assert "fact_altered" in found_in(room, text)  # the words of another language
