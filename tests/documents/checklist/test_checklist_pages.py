"""The checklist beside a text, of a whole draft, and when a draft is put to approval."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from documents.comments.actions import start_thread
from documents.drafts.models import Audience
from documents.models import ApprovalRound
from tests.documents.approval.builders import stage

pytestmark = pytest.mark.django_db


def page(client, name, *args, query=""):
    return client.get(reverse(f"documents:{name}", args=args) + query).content.decode()


def test_the_panel_says_what_was_found_and_where(room, text, client_of):
    room.write(text, "editor", "Fine.", "We meet on [canary date].")
    words = page(client_of(room.user("reviewer")), "text", text.draft.uuid, "kk", query="?side=check")
    assert "Something is left to fill in here" in words
    assert "[canary date]" in words
    assert 'data-check-block="2"' in words


def test_the_page_of_a_draft_has_all_languages(room, draft, client_of):
    room.write(draft.texts.get(language="ru"), "editor", "There are 49 centres.")
    words = page(client_of(room.user("reviewer")), "check", draft.uuid)
    assert "No source stands with these numbers: 49." in words
    assert words.count("Nobody has written this language yet.") == 2


@pytest.mark.parametrize("role", ["observer"])
def test_who_does_not_read_drafts_finds_no_checklist(room, draft, client_of, role):
    assert client_of(room.user(role)).get(reverse("documents:check", args=[draft.uuid])).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_text(room, text, client_of):
    client = client_of(room.user("editor"))
    address = reverse("documents:check", args=[text.draft.uuid])
    counts = []
    for paragraphs in (1, 3):
        room.write(text, "editor", *["There are 49 centres."] * paragraphs)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            client.get(address)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 36


def test_a_thread_that_a_person_may_not_read_is_not_counted(room, text, client_of):
    room.write(text)
    body = "Canary: ours alone"
    start_thread(access=room.access("editor"), text=text, body=body, audience=Audience.ORGANISATION)
    for role in ("editor", "coordinator"):
        assert "1 comment is open" not in page(client_of(room.user(role)), "check", text.draft.uuid)
    start_thread(access=room.access("editor"), text=text, body=body, audience=Audience.WORKSPACE)
    assert "1 comment is open" in page(client_of(room.user("reviewer")), "check", text.draft.uuid)


def put(client, made, **given):
    deadline = "2100-01-01T10:00"
    organisations = [one.pk for one in made.organisations]
    data = {
        "put_kk": "on",
        "voice": "coalition",
        "rule": "joined",
        "organisations": organisations,
        "deadline": deadline,
        **given,
    }
    return client.post(reverse("documents:put", args=[made.draft.uuid]), data)


def test_putting_shows_the_list_and_asks_for_one_tick(client_of):
    made = stage()
    made.write("There are 49 centres.")
    client = client_of(made.coordinator)
    words = page(client, "put", made.draft.uuid)
    assert "No source stands with these numbers: 49." in words
    assert 'name="acknowledged"' in words
    answer = put(client, made)
    assert answer.status_code == 422
    assert "Look at what the checklist found, and say that you did." in answer.content.decode()
    assert not ApprovalRound.objects.exists()
    assert put(client, made, acknowledged="on").status_code == 302
    assert ApprovalRound.objects.count() == 1


def test_what_has_to_be_done_is_said_when_putting(client_of):
    made = stage()
    made.write("We meet on [date].")
    answer = put(client_of(made.coordinator), made, acknowledged="on")
    assert answer.status_code == 422
    assert "The checklist is not done yet." in answer.content.decode()
