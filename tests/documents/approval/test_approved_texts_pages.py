"""Approved words of other texts: which ones the editor offers, and how they come into a text."""

import uuid

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coalition.core.errors import Refused
from coalition.roles import SeatRole
from documents.approval.actions.inherit import approved_block_node
from documents.drafts.actions.manage import create_draft, name_version, save_text
from documents.drafts.live.backend import edit_text
from documents.drafts.live.suggestions import open_suggestions_in
from documents.drafts.models import Handling
from documents.models import Draft, Version
from documents.publication import hooks
from documents.publication.actions import publish_approved
from tests.documents.approval.builders import Stage, stage
from tests.documents.conftest import body
from tests.factories import MembershipFactory, seat

pytestmark = pytest.mark.django_db

CANARY = "Canary words that organisations approved"


@pytest.fixture
def source():
    """A draft of which one version is approved by both organisations asked."""
    made = stage()
    round_ = made.put(versions=[made.version(CANARY)])
    made.approve_all(round_)
    return made


def target(made, **given):
    return create_draft(access=made.access, title="The letter", **given)


def address(draft, language="kk"):
    return reverse("documents:approved_words", args=[draft.uuid, language])


def offered(client_of, user, draft, language="kk", **query):
    answer = client_of(user).get(address(draft, language), query)
    assert answer.status_code == 200
    return answer.json()["versions"]


def approved_version(made):
    return Version.objects.get(text__draft=made.draft)


def test_what_all_asked_have_approved_is_offered_with_its_first_words(source, client_of):
    (one,) = offered(client_of, source.coordinator, target(source))
    version = approved_version(source)
    assert one == {
        "id": str(version.uuid),
        "title": "A law on harassment",
        "words": CANARY,
        "who": "Approved by 2 organisations",
        "url": version.get_absolute_url(),
    }


def test_it_is_searched_by_title_whatever_the_case(source, client_of):
    draft = target(source)
    assert offered(client_of, source.coordinator, draft, q="HARASS law")
    assert not offered(client_of, source.coordinator, draft, q="harass other")
    assert offered(client_of, source.coordinator, draft, version=approved_version(source).uuid)
    assert not offered(client_of, source.coordinator, draft, version="no such")


def test_not_what_waits_for_somebody_nor_another_language_nor_its_own_text(client_of):
    made = stage()
    round_ = made.put(versions=[made.version(CANARY)])
    draft = target(made)
    made.approve(round_, made.organisations[0])
    assert not offered(client_of, made.coordinator, draft)
    made.approve(round_, made.organisations[1])
    assert offered(client_of, made.coordinator, draft)
    assert not offered(client_of, made.coordinator, draft, "ru")
    assert not offered(client_of, made.coordinator, made.draft)


@pytest.mark.parametrize(
    ("mark", "into", "seen"),
    [
        (Handling.WORKSPACE, Handling.WORKSPACE, True),
        (Handling.WORKSPACE, Handling.COALITION, False),
        (Handling.COALITION, Handling.WORKSPACE, True),
        (Handling.ORGANISATION, Handling.WORKSPACE, False),
        (Handling.ORGANISATION, Handling.ORGANISATION, True),
        (Handling.NAMED_PEOPLE, Handling.NAMED_PEOPLE, False),
    ],
)
def test_words_travel_no_further_than_their_mark(source, client_of, mark, into, seen):
    draft = target(source)
    for one, handling in ((source.draft, mark), (draft, into)):
        Draft.objects.filter(pk=one.pk).update(handling=handling)
        one.named_people.set([source.coordinator])
    assert bool(offered(client_of, source.coordinator, draft)) is seen


def test_words_of_a_restricted_draft_go_where_all_readers_may_read_them(source, client_of):
    own, other = source.organisations
    restricted = create_draft(access=source.access, title="Narrow", restricted_to=[own])
    made = Stage(source.workspace, source.coordinator, restricted, [own], source.representatives)
    made.approve_all(made.put(versions=[made.version("Canary for one")]))
    (version,) = Version.objects.filter(text__draft=restricted)

    def is_offered(draft):
        return str(version.uuid) in [one["id"] for one in offered(client_of, source.coordinator, draft)]

    assert not is_offered(target(source))
    assert not is_offered(target(source, restricted_to=[own, other]))
    assert is_offered(target(source, restricted_to=[own]))


def test_who_may_not_read_the_source_is_offered_nothing_of_it(source, client_of):
    outsider = seat(workspace=source.workspace, role=SeatRole.EDITOR).person
    draft = target(source)
    assert offered(client_of, outsider, draft)
    Draft.objects.filter(pk=source.draft.pk).update(restricted=True)
    assert not offered(client_of, outsider, draft)
    answer = client_of(outsider).post(address(draft), {"version": approved_version(source).uuid, "place": 2})
    assert answer.status_code == 422
    assert CANARY not in str(draft.texts.get(language="kk").marked)


def test_people_without_a_seat_find_nothing(source, client_of, client):
    draft = target(source)
    assert client_of(MembershipFactory().person).get(address(draft)).status_code == 404
    assert client.get(address(draft)).status_code == 302
    observer = seat(workspace=source.workspace, role=SeatRole.OBSERVER).person
    assert client_of(observer).get(address(draft)).status_code == 404


def test_published_words_are_offered_in_every_workspace_with_their_public_sheet(client_of, monkeypatch):
    monkeypatch.setattr(hooks, "_presenters", [])
    published, elsewhere = stage(), stage()
    publication = published.publish("kk")
    (one,) = offered(client_of, elsewhere.coordinator, target(elsewhere))
    assert str(publication.uuid) in one["url"]
    assert one["who"] == "Approved by 2 organisations"
    assert "Canary" not in str(one)  # the working title stays in its workspace


def test_a_list_takes_the_same_queries_for_one_and_for_three(source, client_of):
    draft, client, counts = target(source), client_of(source.coordinator), []
    for more in (0, 2):
        for number in range(more):
            another = create_draft(access=source.access, title=f"Another {number}")
            made = Stage(
                source.workspace, source.coordinator, another, source.organisations, source.representatives
            )
            made.approve_all(made.put(versions=[made.version(f"Words {number}")]))
        client.get(address(draft))
        with CaptureQueriesContext(connection) as queries:
            found = client.get(address(draft)).json()["versions"]
        assert len(found) == 1 + more
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_putting_it_in_writes_the_words_of_the_version(source, client_of):
    draft, version = target(source), approved_version(source)
    text = draft.texts.get(language="kk")
    text = save_text(access=source.access, text=text, title="T", lead="", body=body("One.", "Two."))
    answer = client_of(source.coordinator).post(address(draft), {"version": version.uuid, "place": 3})
    assert answer.status_code == 204
    text.refresh_from_db()
    assert text.body["content"][1] == approved_block_node(version)
    assert approved_block_node(version)["attrs"] == {"version": str(version.uuid), "hash": version.hash}
    kept = name_version(access=source.access, text=text, name="With approved words")
    assert f'"hash":"{version.hash}","type":"approved_block"' in kept.canonical
    assert client_of(source.coordinator).post(address(draft), {"version": "x"}).status_code == 400
    unknown = client_of(source.coordinator).post(address(draft), {"version": uuid.uuid4(), "place": 9})
    assert unknown.status_code == 422
    assert "Choose others" in unknown.json()["why"]


def test_who_suggests_suggests_it(source, client_of):
    reviewer = seat(workspace=source.workspace, role=SeatRole.REVIEWER)
    draft, version = target(source), approved_version(source)
    answer = client_of(reviewer.person).post(address(draft), {"version": version.uuid, "place": 2})
    assert answer.status_code == 204
    text = draft.texts.get(language="kk")
    (one,) = open_suggestions_in(text.marked)
    assert (one.person, one.organisation) == (reviewer.person.uuid, reviewer.organisation.uuid)
    assert CANARY not in str(text.body)
    client_of(source.coordinator).post(address(draft), {"version": version.uuid, "place": 2, "suggests": ""})
    text.refresh_from_db()
    assert len(open_suggestions_in(text.marked)) == 2


def test_no_version_is_named_with_other_words_in_the_frame(source):
    text = target(source).texts.get(language="kk")
    text = save_text(access=source.access, text=text, title="T", lead="", body=body("One."))
    false = approved_block_node(approved_version(source)) | {
        "content": body("Not what they approved")["content"]
    }
    text = edit_text(
        text=text,
        author=source.coordinator,
        organisation=source.access.organisation,
        change=lambda marked: {**marked, "content": [*marked["content"], false]},
    )
    with pytest.raises(Refused, match="not those that were approved"):
        name_version(access=source.access, text=text, name="False")


def test_words_that_were_corrected_are_offered_no_more(client_of, monkeypatch):
    monkeypatch.setattr(hooks, "_presenters", [])
    published, elsewhere = stage(), stage()
    published.publish("kk")
    round_ = published.put(versions=[published.version("Corrected words.")])
    published.approve_all(round_)
    publish_approved(access=published.access, round_=round_)
    (one,) = offered(client_of, elsewhere.coordinator, target(elsewhere))
    assert one["words"] == "Corrected words."
