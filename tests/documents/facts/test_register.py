"""The pages of the facts register, and facts on the page of a text."""

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coalition.accounts.models import Listing
from documents.drafts.models import Handling
from documents.facts.actions import change_fact, check_fact, retire_fact
from documents.facts.queries import FactPage, register_fact_pages
from documents.models import Fact
from tests.documents.facts.writing import WORDS, body_with, fact_content, node_of, soon, write_down
from tests.factories import MembershipFactory
from tests.markup import squeezed

pytestmark = pytest.mark.django_db

LIST = reverse("documents:facts")


def words(answer):
    return answer.content.decode()


def at(name, *args):
    return reverse(f"documents:{name}", args=args)


@pytest.fixture
def fact(room):
    return write_down(room.user("editor"))


@pytest.fixture
def desk(room, client_of):
    return client_of(room.user("editor"))


def filled(**given):
    """What a person sends from the form."""
    said = {f"{part}_{code}": value for code, one in WORDS.items() for part, value in one.items()}
    about = {
        "kind": "numeral",
        "topic": "courts",
        "as_of": 2018,
        "publisher": "Internews",
        "title": "",
        "address": "",
        "next_check": soon().isoformat(),
    }
    return said | about | given


def test_everyone_with_a_seat_reads_the_register(room, client_of, fact):
    for role in ("observer", "coordinator"):
        client = client_of(room.user(role))
        assert "convictions in 20 years" in words(client.get(LIST))
        page = words(client.get(fact.get_absolute_url()))
        for one in WORDS.values():
            assert one["how"] in page


def test_people_without_a_seat_find_nothing(client_of, client, room, fact):
    someone = client_of(MembershipFactory().person)
    for address in (LIST, fact.get_absolute_url(), at("fact_add"), at("fact_edit", fact.uuid)):
        assert someone.get(address).status_code == 404
        assert client.get(address).status_code == 302
    for name in ("check", "retire", "restore", "open"):
        assert someone.post(at(f"fact_{name}", fact.uuid), {"why": "x"}).status_code == 404


@pytest.mark.parametrize("role", ["observer", "reviewer", "contributor"])
def test_who_does_not_edit_is_told_so(room, client_of, fact, role):
    client = client_of(room.user(role))
    assert "Write a fact down" not in words(client.get(LIST))
    assert client.get(at("fact_add")).status_code == 403
    assert client.get(at("fact_edit", fact.uuid)).status_code == 403
    sent = {"why": "No", "next_check": soon().isoformat(), "seen": 1}
    for name in ("check", "retire", "restore", "open"):
        assert client.post(at(f"fact_{name}", fact.uuid), sent).status_code == 403
    assert Fact.objects.get().entries.count() == 1


def test_the_list_is_filtered(room, desk, fact):
    other = write_down(room.user("coordinator"), topic="law", **fact_content("77"))
    for query, found in (
        ("?q=АЙЫПТАУ", {"25", "77"}),
        ("?topic=law", {"77"}),
        (f"?owner={fact.owner.uuid}", {"25"}),
        ("?owner=nobody&topic=nothing&page=x", {"25", "77"}),
        ("?due=1", {"25", "77"}),
        ("?q=no+such+thing", set()),
        ("?retired=1", set()),
    ):
        page = words(desk.get(LIST + query))
        assert {numeral for numeral in ("25", "77") if f">{numeral}</b>" in squeezed(page)} == found, query
    retire_fact(person=room.user("coordinator"), fact=other, why="Gone")
    assert ">77</b>" in squeezed(words(desk.get(f"{LIST}?retired=1")))


@pytest.mark.parametrize("address", ["list", "one"])
def test_pages_take_the_same_queries_for_one_and_for_three(room, client_of, fact, address):
    desk, counts = client_of(room.user("observer")), []  # who is told of nothing
    for more in (0, 2):
        for number in range(more):
            write_down(room.user("editor"), **fact_content(str(number)))
            change_fact(
                person=room.user("coordinator"),
                fact=fact,
                **fact_content(f"3{number}"),
                why="Again",
                next_check=soon(),
                seen=Fact.objects.get(pk=fact.pk).current.number,
            )
        where = LIST if address == "list" else fact.get_absolute_url()
        desk.get(where)
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(where).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_fact_is_written_down_by_the_form(room, desk):
    owner = str(room.organisation("editor").uuid)
    answer = desk.post(at("fact_add"), filled(owner=owner))
    made = Fact.objects.get()
    assert answer["Location"] == made.get_absolute_url()
    assert made.current.words.count() == 3


def test_the_form_says_what_is_missing_and_keeps_what_was_typed(room, desk):
    owner = str(room.organisation("editor").uuid)
    answer = desk.post(at("fact_add"), filled(owner=owner, scope_kk="", source_ru="", as_of=9000))
    page = words(answer)
    assert answer.status_code == 422
    for sentence in ("Say where and when it holds.", "Name who says so", "not one that is still to come"):
        assert sentence in page
    assert WORDS["kk"]["how"] in page
    assert not Fact.objects.exists()


@pytest.mark.parametrize(
    "given",
    [
        {"owner": "x"},
        {"kind": "rumour"},
        {"next_check": "soon"},
        {"address": "javascript:alert(1)"},
        {"sentence_en": "a\u202eb"},
        {"numeral_kk": "1" * 20},
    ],
)
def test_bad_input_is_refused_in_words(room, desk, given):
    owner = str(room.organisation("editor").uuid)
    assert desk.post(at("fact_add"), filled(**{"owner": owner, **given})).status_code == 422
    assert not Fact.objects.exists()


def test_changing_shows_both_words_in_the_history(room, desk, fact):
    sent = filled(why="A case was missing", seen=1, numeral_kk="26", numeral_ru="26", numeral_en="26")
    assert desk.post(at("fact_edit", fact.uuid), sent).status_code == 302
    page = words(desk.get(fact.get_absolute_url()))
    assert "A case was missing" in page
    assert "<del>25</del>" in page
    assert desk.post(at("fact_edit", fact.uuid), sent).status_code == 422  # seen is old


def test_checking_and_taking_out_of_use(room, client_of, desk, fact):
    assert "somebody else checks them" in words(desk.get(fact.get_absolute_url()))
    second = room.take("editor", name="second", organisation=room.organisation("editor")).person
    client = client_of(second)
    assert "Facts to check: 1" in words(client.get(reverse("workspaces:dashboard")))
    sent = {"seen": 1, "next_check": soon().isoformat()}
    assert client.post(at("fact_check", fact.uuid), {"seen": 1, "next_check": "x"}).status_code == 422
    assert client.post(at("fact_check", fact.uuid), sent).status_code == 302
    assert Fact.objects.get().checked_id is not None
    assert client.post(at("fact_retire", fact.uuid), {"why": ""}).status_code == 422
    assert client.post(at("fact_retire", fact.uuid), {"why": "Not so"}).status_code == 302
    assert "out of use" in words(client.get(fact.get_absolute_url()))
    client.post(at("fact_restore", fact.uuid))
    client.post(at("fact_open", fact.uuid), {"opened": "1"})
    found = Fact.objects.get()
    assert (found.retired_at, found.opened_at is not None) == (None, True)


def test_where_it_is_used_tells_nothing_of_drafts_that_one_may_not_read(room, client_of, fact):
    kept = room.draft("editor", title="Canary draft", handling=Handling.ORGANISATION)
    room.write(kept.texts.get(language="kk"), "editor", body=body_with(node_of(fact.current)))
    register_fact_pages(lambda _fact: [FactPage("A public page", "/en/", "en")])
    try:
        own = words(client_of(room.user("editor")).get(fact.get_absolute_url()))
        for role in ("coordinator", "observer"):
            page = words(client_of(room.user(role)).get(fact.get_absolute_url()))
            assert "Canary draft" not in page
            assert "A public page" in page
    finally:
        register_fact_pages(lambda _fact: [])
    assert "Canary draft" in own


def test_a_name_that_is_not_told_is_not_told_by_its_facts(room, client_of, fact):
    owner = fact.owner
    owner.listing, owner.name_en = Listing.CONFIDENTIAL, "Canary House"
    owner.save()
    elsewhere = client_of(room.user("reviewer"))
    for page in (words(elsewhere.get(LIST)), words(elsewhere.get(fact.get_absolute_url()))):
        assert "Canary House" not in page
        assert owner.code in page


def choices_at(text):
    return at("fact_choices", text.draft.uuid, text.language)


def test_the_editor_is_offered_facts_in_the_language_of_the_text(room, client_of, text, fact):
    write_down(room.user("coordinator"), **fact_content("99", words={"en": WORDS["en"]}))
    client = client_of(room.user("reviewer"))
    offered = json.loads(words(client.get(choices_at(text), {"q": "internews"})))["facts"]
    assert [(one["id"], one["words"]) for one in offered] == [
        (str(fact.current.uuid), "25 айыптау үкімі шықты")
    ]
    assert offered[0]["state"]
    assert json.loads(words(client.get(choices_at(text), {"q": "nothing"})))["facts"] == []
    retire_fact(person=room.user("editor"), fact=fact, why="Gone")
    assert json.loads(words(client.get(choices_at(text))))["facts"] == []
    assert client_of(room.user("observer")).get(choices_at(text)).status_code == 404


def test_the_page_of_a_text_says_that_its_fact_changed(room, client_of, text, fact):
    room.write(text, "editor", body=body_with(node_of(fact.current)))
    client = client_of(room.user("editor"))
    assert "This fact has changed" not in words(client.get(text.get_absolute_url()))
    changed = change_fact(
        person=room.user("coordinator"),
        fact=fact,
        **fact_content("26"),
        why="A case was missing",
        next_check=soon(),
        seen=1,
    )
    page = words(client.get(text.get_absolute_url()))
    assert "<del>25 айыптау үкімі шықты.</del>" in page
    assert "<ins>26 айыптау үкімі шықты.</ins>" in page
    assert "Nobody but its writer" in page
    check_fact(person=room.user("editor"), fact=changed, seen=2, next_check=soon())
    assert "Nobody but its writer" not in words(client.get(text.get_absolute_url()))
    renew = at("fact_renew", text.draft.uuid, text.language)
    assert client.post(renew, {"version": "x"}).status_code == 400
    assert client_of(room.user("observer")).post(renew, {"version": "x"}).status_code == 404
    client.post(renew, {"version": str(fact.current.uuid)})
    assert "This fact has changed" not in words(client.get(text.get_absolute_url()))
