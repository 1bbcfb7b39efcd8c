"""The page of a text and what stands around it, as a browser sees it."""

import datetime
import json
import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coalition.accounts.models import Language, Listing
from documents.drafts.actions.manage import archive_draft, name_version
from documents.drafts.live.backend import may_store_on_device
from documents.drafts.live.resolve import suggestion_id
from documents.drafts.models import Handling
from documents.models import Version


def _url(text):
    return reverse("documents:text", args=[text.draft.uuid, text.language])


def _config(page):
    """What the page tells the editor's script of each text on it."""
    found = re.findall(
        r'<section class="pane".*?<script type="application/json">(.*?)</script>', page, re.DOTALL
    )
    return [json.loads(one) for one in found]


@pytest.mark.parametrize(
    ("role", "write", "suggest"),
    [
        ("coordinator", True, True),
        ("editor", True, True),
        ("contributor", False, True),
        ("reviewer", False, True),
    ],
)
def test_the_page_says_what_one_may_do(room, text, client_of, role, write, suggest):
    room.write(text, "editor", "Words to read.")
    page = client_of(room.user(role)).get(_url(text)).content.decode()
    (config,) = _config(page)
    assert (config["may"]["write"], config["may"]["suggest"]) == (write, suggest)
    assert config["document"] == str(text.uuid)
    assert config["me"] == {
        "person": str(room.user(role).uuid),
        "organisation": str(room.organisation(role).uuid),
    }
    assert "Words to read." in page


def test_nothing_is_written_by_posting(room, text, client_of):
    answer = client_of(room.user("editor")).post(_url(text), {"title": "T", "body": "{}", "base_revision": 0})
    assert answer.status_code == 405


@pytest.mark.parametrize(
    ("change", "keeps"),
    [
        ({}, True),
        ({"handling": Handling.NAMED_PEOPLE}, False),
        ({"handling": Handling.ORGANISATION}, False),
        ({"restricted": True}, False),
    ],
)
def test_unsaved_words_stay_on_the_device_only_where_everyone_reads(room, draft, text, change, keeps):
    for name, value in change.items():
        setattr(draft, name, value)
    assert may_store_on_device(draft) is keeps


def test_another_language_stands_beside(room, draft, text, client_of):
    room.write(text, "editor", "One.")
    room.write(draft.texts.get(language=Language.RU), "editor", "Один.")
    client = client_of(room.user("editor"))
    page = client.get(_url(text), {"beside": "ru"}).content.decode()
    assert [one["language"] for one in _config(page)] == ["kk", "ru"]
    assert "Один." in page
    for nothing in ("kk", "xx", ""):
        assert len(_config(client.get(_url(text), {"beside": nothing}).content.decode())) == 1


def test_one_panel_alone_for_a_page_that_shows_it(room, text, client_of):
    client = client_of(room.user("editor"))
    room.write(text)
    part = client.get(_url(text), {"side": "history"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert room.user("editor").name in part
    page = client.get(_url(text), {"side": "history"}).content.decode()
    assert re.search(r'id="side-history"[^>]*(?<!hidden)>', page)
    assert client.get(_url(text), {"side": "none"}, headers={"HX-Request": "true"}).status_code == 404


def test_script_tags_are_shown_as_words(room, text, client_of):
    room.write(text, "editor", "<script>alert(1)</script>", title="<script>alert(2)</script>")
    name_version(access=room.access("editor"), text=text, name="<script>alert(3)</script>")
    for name in ("editor", "reviewer"):
        client = client_of(room.user(name))
        for address in (
            _url(text),
            reverse("documents:versions", args=[text.draft.uuid, text.language]),
            reverse("documents:compare", args=[text.draft.uuid, text.language]),
            Version.objects.get().get_absolute_url(),
        ):
            page = client.get(address).content.decode()
            assert "<script>alert" not in page
            assert "&lt;script&gt;alert" in page


def test_naming_and_going_back(room, text, client_of):
    room.write(text, "editor", "First words.")
    client = client_of(room.user("editor"))
    versions = reverse("documents:versions", args=[text.draft.uuid, text.language])
    answer = client.post(versions, {"name": "First"}, follow=True)
    assert "First words." in answer.content.decode()
    version = Version.objects.get()
    text.refresh_from_db()
    room.write(text, "editor", "Second words.")
    compared = client.get(
        reverse("documents:compare", args=[text.draft.uuid, text.language])
    ).content.decode()
    assert "<ins" in compared
    text.refresh_from_db()
    client.post(reverse("documents:restore", args=[version.uuid]))
    text.refresh_from_db()
    assert text.content_hash == version.hash
    assert text.revision == 3


def test_a_text_without_title_gets_no_version(room, text, client_of):
    room.write(text, "editor", title="")
    client = client_of(room.user("editor"))
    versions = reverse("documents:versions", args=[text.draft.uuid, text.language])
    answer = client.post(versions, {"name": "First"})
    assert answer.status_code == 422
    assert "no title yet" in answer.content.decode()
    assert not Version.objects.exists()


def test_a_stale_translation_says_so_and_can_be_marked(room, draft, text, client_of):
    room.write(text, "editor", "One.")
    russian = room.write(draft.texts.get(language=Language.RU), "editor", "Один.")
    text.refresh_from_db()
    room.write(text, "editor", "Two.")
    client = client_of(room.user("editor"))
    assert "1 change behind" in client.get(_url(russian)).content.decode()
    client.post(reverse("documents:up_to_date", args=[draft.uuid, "ru"]), {"seen_revision": 2})
    assert "1 change behind" not in client.get(_url(russian)).content.decode()


def test_an_archived_draft_is_read_only_and_comes_back(room, draft, text, client_of):
    room.write(text, "editor")
    client = client_of(room.user("editor"))
    answer = client.post(reverse("documents:archive", args=[draft.uuid]), follow=True)
    assert reverse("documents:draft_unarchive", args=[draft.uuid]) in answer.content.decode()
    assert not any(_config(client.get(_url(text)).content.decode())[0]["may"].values())
    client.post(reverse("documents:draft_unarchive", args=[draft.uuid]))
    draft.refresh_from_db()
    assert draft.archived_at is None


def test_the_draft_opens_in_the_language_of_the_person_if_it_is_written(room, draft, client_of):
    client = client_of(room.user("reviewer"))
    address = reverse("documents:draft", args=[draft.uuid])
    assert client.get(address)["Location"].endswith("/kk/")
    room.write(draft.texts.get(language=Language.EN))
    assert client.get(address)["Location"].endswith("/en/")


def test_the_text_page_takes_few_queries(room, text, client_of, django_assert_max_num_queries):
    room.write(text)
    client = client_of(room.user("editor"))
    client.get(_url(text))
    with django_assert_max_num_queries(41):  # its tabs included
        client.get(_url(text))


def test_other_pages_of_a_draft_open(room, draft, client_of):
    client = client_of(room.user("contributor"))
    new = reverse("documents:create", args=[room.workspace.uuid])
    assert client.get(new).status_code == 200
    answer = client.post(
        new,
        {"title": "A letter", "kind": "letter", "first_language": "ru", "handling": "amber"},
        follow=True,
    )
    assert "A letter" in answer.content.decode()
    made = room.workspace.drafts.get(title="A letter")
    settings = reverse("documents:draft_settings", args=[made.uuid])
    assert client.get(settings).status_code == 200
    client.post(
        settings,
        {
            "title": "An appeal",
            "kind": "appeal",
            "handling": "green",
            "restricted_to": [room.organisation("contributor").pk],
        },
    )
    made.refresh_from_db()
    assert (made.title, made.restricted) == ("An appeal", True)
    assert client_of(room.user("coordinator")).get(settings).status_code == 404
    assert client.get(reverse("documents:draft_settings", args=[draft.uuid])).status_code == 403


def test_archiving_twice_is_one(room, draft):
    first = archive_draft(access=room.access("editor"), draft=draft).archived_at
    assert archive_draft(access=room.access("editor"), draft=draft).archived_at == first


def _suggests(text, seat, number):
    """One open suggestion of the seat's person, as the text's row holds it."""
    at = datetime.datetime(2026, 3, 3, 11, tzinfo=datetime.UTC)
    whose = {"person": seat.person.uuid, "organisation": seat.organisation.uuid}
    mark = {"type": "insertion", "attrs": {"id": suggestion_id(**whose, at=at, counter=number)}}
    words = {"type": "text", "text": f"word {number}", "marks": [mark]}
    text.marked.setdefault("type", "doc")
    text.marked.setdefault("content", []).append({"type": "paragraph", "content": [words]})
    text.open_suggestions += 1
    text.save()


def test_open_suggestions_are_listed_without_script_as_each_may_be_told(room, text, client_of):
    room.write(text)
    text.refresh_from_db()
    seat = room.seats["contributor"]
    _suggests(text, seat, 1)
    organisation = seat.organisation
    told = client_of(room.user("editor")).get(_url(text)).content.decode()
    assert seat.person.name in told
    assert "<ins>word 1</ins>" in told
    organisation.listing = Listing.CONFIDENTIAL
    organisation.save()
    untold = client_of(room.user("reviewer")).get(_url(text)).content.decode()
    assert "<ins>word 1</ins>" in untold
    assert seat.person.name not in untold
    assert organisation.name_in("en") not in untold


def test_three_suggestions_take_as_many_queries_as_one(room, text, client_of):
    room.write(text)
    text.refresh_from_db()
    _suggests(text, room.seats["contributor"], 1)
    client = client_of(room.user("editor"))
    client.get(_url(text))
    with CaptureQueriesContext(connection) as one:
        client.get(_url(text))
    _suggests(text, room.seats["reviewer"], 2)
    _suggests(text, room.seats["coordinator"], 3)
    with CaptureQueriesContext(connection) as three:
        client.get(_url(text))
    assert len(three) == len(one)
