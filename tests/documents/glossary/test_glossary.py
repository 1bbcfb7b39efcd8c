"""Editing the glossary, with history."""

import pytest

from coalition.audit.models import AuditEntry
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import NotAllowed
from documents.drafts.models import GlossaryAct, GlossaryField
from documents.glossary.actions import add_term, change_term, remove_term, restore_term, undo_glossary_changes
from documents.glossary.queries import FIELDS, term_fields
from documents.models import GlossaryTerm

pytestmark = pytest.mark.django_db

SAID = dict.fromkeys(FIELDS, "") | {
    "field": GlossaryField.HELP,
    "kk": "сынақ сөзі ;  сынақ",
    "ru": "проба",
    "en": "trial word",
    "avoid_ru": "пробник",
}


@pytest.fixture
def person(room):
    return room.user("coordinator")


@pytest.fixture
def term(person):
    return add_term(person=person, **SAID)


def acts(term):
    return [change.act for change in term.changes.order_by("id")]


def test_a_term_is_added_tidied_and_written_down(room, person, term):
    assert term.kk == "сынақ сөзі; сынақ"
    change = term.changes.get()
    assert (change.act, change.person, change.organisation) == (
        GlossaryAct.ADDED,
        person,
        room.organisation("coordinator"),
    )
    assert change.after["avoid_ru"] == "пробник"
    entry = AuditEntry.objects.get(action="glossary.added")
    assert (entry.target, entry.organisation) == (term.uuid, room.organisation("coordinator").uuid)


@pytest.mark.parametrize("role", ["editor", "contributor", "reviewer", "observer"])
def test_only_coordinators_edit(room, term, role):
    someone = room.user(role)
    for attempt in (
        lambda: add_term(person=someone, **SAID | {"en": "other"}),
        lambda: change_term(person=someone, term=term, **SAID | {"en": "other"}),
        lambda: remove_term(person=someone, term=term),
        lambda: restore_term(person=someone, change=term.changes.get()),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert acts(term) == [GlossaryAct.ADDED]


def test_who_coordinates_an_archived_workspace_only_edits_nothing(room, person, term):
    room.workspace.archived_at = now()
    room.workspace.save()
    with pytest.raises(NotAllowed):
        remove_term(person=person, term=term)


def test_changing_keeps_how_it_was(person, term):
    change_term(person=person, term=term, **SAID | {"en": "trial"})
    change = term.changes.order_by("-id").first()
    assert (change.before["en"], change.after["en"]) == ("trial word", "trial")
    change_term(person=person, term=term, **SAID | {"en": "trial"})
    assert acts(term) == [GlossaryAct.ADDED, GlossaryAct.CHANGED]


def test_what_somebody_changed_meanwhile_is_not_overwritten(person, term):
    seen = term.changes.get().pk
    change_term(person=person, term=term, **SAID | {"en": "trial"}, seen=seen)
    with pytest.raises(Refused, match="a moment ago"):
        change_term(person=person, term=term, **SAID | {"en": "mine"}, seen=seen)


@pytest.mark.parametrize("missing", ["kk", "ru", "en"])
def test_a_term_has_words_in_all_languages(person, missing):
    with pytest.raises(Refused, match="all three languages"):
        add_term(person=person, **SAID | {missing: " ; "})


def test_the_same_term_twice_is_refused(person, term):
    with pytest.raises(Refused, match="already"):
        add_term(person=person, **SAID)
    assert GlossaryTerm.objects.filter(en="trial word").count() == 1


def test_a_term_taken_out_comes_back_as_it_was(person, term):
    remove_term(person=person, term=term)
    remove_term(person=person, term=term)
    with pytest.raises(Refused, match="taken out"):
        change_term(person=person, term=term, **SAID | {"en": "trial"})
    back = restore_term(person=person, change=term.changes.order_by("-id").first())
    assert back.removed_at is None
    assert term_fields(back)["en"] == "trial word"
    assert acts(term) == [GlossaryAct.ADDED, GlossaryAct.REMOVED, GlossaryAct.RESTORED]


def test_restoring_goes_back_to_before_a_change(person, term):
    change_term(person=person, term=term, **SAID | {"en": "trial"})
    change_term(person=person, term=term, **SAID | {"en": "third"})
    earlier = term.changes.filter(act=GlossaryAct.CHANGED).order_by("id").first()
    assert restore_term(person=person, change=earlier).en == "trial word"
    with pytest.raises(Refused, match="nothing before"):
        restore_term(person=person, change=term.changes.order_by("id").first())


def test_what_demo_people_changed_is_undone(person, term):
    first = GlossaryTerm.objects.get(en="survivor")
    said = term_fields(first)
    change_term(person=person, term=first, **said | {"note_en": "Canary"})
    remove_term(person=person, term=first)
    undo_glossary_changes(people=[person])
    first.refresh_from_db()
    assert (term_fields(first), first.removed_at) == (said, None)
    assert not GlossaryTerm.objects.filter(pk=term.pk).exists()
    assert not first.changes.exists()
