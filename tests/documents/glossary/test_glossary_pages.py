"""The pages of the glossary and the JSON of its hints."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coalition.accounts.models import Listing, Organisation
from documents.glossary.actions import add_term, change_term
from documents.glossary.queries import FIELDS, term_fields
from documents.models import GlossaryTerm
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db

LIST = reverse("documents:glossary")
SAID = dict.fromkeys(FIELDS, "") | {"field": "help", "kk": "сынақ", "ru": "проба", "en": "canary trial"}


def words(answer):
    return answer.content.decode()


@pytest.fixture
def term():
    return GlossaryTerm.objects.get(en="survivor")


def at(name, *args):
    return reverse(f"documents:{name}", args=args)


def test_everyone_with_a_seat_reads_it(room, client_of, term):
    for role in ("observer", "coordinator"):
        client = client_of(room.user(role))
        assert "crisis centre" in words(client.get(f"{LIST}?q=crisis"))
        assert client.get(term.get_absolute_url()).status_code == 200


def test_people_without_a_seat_find_nothing(client_of, client, room, term):
    outsider = MembershipFactory().person
    someone = client_of(outsider)
    for address in (LIST, term.get_absolute_url(), at("glossary_hints", room.workspace.uuid)):
        assert someone.get(address).status_code == 404
        assert client.get(address).status_code == 302


def test_the_search_finds_parts_of_words_in_any_language(room, client_of):
    client = client_of(room.user("observer"))
    for query in ("ДАҒДАРЫС орт", "кризисн", "crisis cen", "жертва"):
        assert "crisis centre" in words(client.get(LIST, {"q": query})) or query == "жертва"
    assert "survivor" in words(client.get(LIST, {"q": "жертва"}))
    page = words(client.get(LIST, {"q": "nothing like this"}))
    assert "No term is like that" in page
    labour = words(client.get(LIST, {"field": "labour"}))
    assert "Labour Code" in labour
    assert "crisis centre" not in labour
    assert client.get(LIST, {"field": "no such", "page": "x"}).status_code == 200


def test_a_list_takes_the_same_queries_for_one_and_for_many(room, client_of):
    client = client_of(room.user("coordinator"))
    counts = []
    for query in ("сенім телефоны", ""):
        client.get(LIST, {"q": query})
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST, {"q": query})
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_history_takes_the_same_queries_for_one_change_and_for_three(room, client_of, term):
    client = client_of(room.user("coordinator"))
    said, counts = term_fields(term), []
    for notes in (["One"], ["Two", "Three"]):
        for note in notes:
            change_term(person=room.user("coordinator"), term=term, **said | {"note_en": note})
        client.get(term.get_absolute_url())
        with CaptureQueriesContext(connection) as queries:
            client.get(term.get_absolute_url())
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_coordinator_adds_edits_takes_out_and_restores(room, client_of):
    client = client_of(room.user("coordinator"))
    assert client.post(at("glossary_add"), {**SAID, "kk": ""}).status_code == 422
    client.post(at("glossary_add"), SAID)
    made = GlossaryTerm.objects.get(en="canary trial")
    edit = at("glossary_edit", made.uuid)
    assert 'value="canary trial"' in words(client.get(edit))
    answer = client.post(edit, {**SAID, "en": "other trial", "seen": made.changes.get().pk})
    assert answer["Location"] == made.get_absolute_url()
    stale = client.post(edit, {**SAID, "en": "stale", "seen": made.changes.order_by("id").first().pk})
    assert stale.status_code == 422
    assert "a moment ago" in words(stale)
    page = words(client.get(made.get_absolute_url()))
    assert "<del>canary trial</del>" in page
    change = made.changes.order_by("-id").first()
    client.post(at("glossary_restore", made.uuid, change.pk))
    made.refresh_from_db()
    assert made.en == "canary trial"
    client.post(at("glossary_remove", made.uuid))
    assert "canary trial" not in words(client.get(LIST, {"q": "canary"})).split("</form>", 1)[1]
    assert "canary trial" in words(client.get(LIST, {"q": "canary", "removed": "1"}))


def test_others_are_told_in_words_that_they_may_not_edit(room, client_of, term):
    client = client_of(room.user("editor"))
    assert client.get(at("glossary_add")).status_code == 403
    assert client.post(at("glossary_edit", term.uuid), SAID).status_code == 403
    assert client.post(at("glossary_remove", term.uuid)).status_code == 403
    assert "glossary_add" not in words(client.get(LIST))


def test_a_change_of_another_term_is_not_restored_here(room, client_of, term):
    other = add_term(person=room.user("coordinator"), **SAID)
    client = client_of(room.user("coordinator"))
    assert client.post(at("glossary_restore", term.uuid, other.changes.get().pk)).status_code == 404


def test_the_history_tells_no_withheld_name(room, client_of, term):
    organisation = room.organisation("coordinator")
    person = room.user("coordinator")
    change_term(person=person, term=term, **term_fields(term) | {"note_en": "New"})
    Organisation.objects.filter(pk=organisation.pk).update(
        listing=Listing.CONFIDENTIAL, name_en="Canary organisation"
    )
    page = words(client_of(room.user("observer")).get(term.get_absolute_url()))
    assert "Canary organisation" not in page
    assert person.name not in page


def test_the_hints_are_cached_until_a_term_changes(room, client_of, term):
    client = client_of(room.user("reviewer"))
    address = at("glossary_hints", room.workspace.uuid)
    first = client.get(address)
    data = first.json()
    assert first["Cache-Control"] == "private, no-cache"
    assert {"endings", "terms", "patterns"} == data.keys()
    assert {"term", "language", "avoid", "words"} == data["patterns"][0].keys()
    known = {one["id"] for one in data["terms"]}
    assert {one["term"] for one in data["patterns"]} == known
    again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    change_term(person=room.user("coordinator"), term=term, **term_fields(term) | {"note_en": "New"})
    changed = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert changed.status_code == 200
    assert "New" in [one["note"].get("en") for one in changed.json()["terms"]]


def test_observers_get_no_hints(room, client_of):
    address = at("glossary_hints", room.workspace.uuid)
    assert client_of(room.user("observer")).get(address).status_code == 404
