"""The pages of a text's history: what they show, to whom, in how many queries."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from coalition.accounts.models import Listing
from documents.drafts.actions.manage import name_version, restrict_to
from documents.drafts.live.backend import edit_text
from documents.drafts.live.suggestions import accept_all
from documents.history.actions import anonymise_writers
from documents.history.blame import attribute_points
from documents.models import HistoryPoint
from tests.documents.conftest import suggest

NOON = datetime.datetime(2027, 3, 1, 12, 0, tzinfo=datetime.UTC)
PAGES = ("history", "history_changes", "history_who")


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def written(room, text, clock):
    """Two spells, a suggestion accepted, a version."""
    room.write(text, "editor", "We ask for a law.")
    clock.shift(700)
    suggest(room, text, "reviewer", " Now!")
    access = room.access("coordinator")
    edit_text(text=text, author=access.user, organisation=access.organisation, change=accept_all)
    clock.shift(700)
    name_version(access=access, text=text, name="Before the lawyers")
    return text


def name(room, by: str) -> str:
    return room.organisation(by).name_in("en")


def address(text, name: str, *more) -> str:
    return reverse(f"documents:{name}", args=[text.draft.uuid, text.language, *more])


def page(client_of, room, text, which: str = "history", by: str = "observer", query: str = "") -> str:
    if by == "observer":
        by = "reviewer"
    answer = client_of(room.user(by)).get(address(text, which) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_history_names_people_and_organisations(client_of, room, written):
    words = page(client_of, room, written)
    for by in ("editor", "coordinator", "reviewer"):
        assert room.user(by).name in words
        assert name(room, by) in words
    assert "Version 1: Before the lawyers" in words
    assert "Accepted:" in words
    assert f"Suggested by {room.user('reviewer').name}, {name(room, 'reviewer')}." in words
    assert f"Decided by {room.user('coordinator').name}, {name(room, 'coordinator')}." in words


def test_the_tab_beside_the_text_has_the_same_line_of_time(client_of, room, written):
    answer = client_of(room.user("editor")).get(f"{written.get_absolute_url()}?side=history")
    assert "Version 1: Before the lawyers" in answer.content.decode()


def test_two_states_are_compared_in_the_text(client_of, room, written):
    first = HistoryPoint.objects.filter(text=written).order_by("pk").first()
    words = page(client_of, room, written, "history_changes", query=f"?before={first.uuid}&after=now")
    assert "<ins" in words
    assert "Now" in words
    assert 'class="compare"' in words


def test_a_point_is_shown_and_gone_back_to(client_of, room, written):
    first = HistoryPoint.objects.filter(text=written).order_by("pk").first()
    browser = client_of(room.user("editor"))
    shown = browser.get(address(written, "history_point", first.uuid)).content.decode()
    assert "We ask for a law." in shown
    assert "Now!" not in shown.split("</article>")[0]
    assert browser.get(address(written, "history_restore", first.uuid)).status_code == 405
    browser.post(address(written, "history_restore", first.uuid))
    written.refresh_from_db()
    assert "Now!" not in str(written.body)
    assert "Went back to an earlier state" in page(client_of, room, written)


def test_going_back_says_before_whose_suggestions_go(client_of, room, written):
    """They stand in words that change, and nobody asked who made them."""
    first = HistoryPoint.objects.filter(text=written).order_by("pk").first()
    suggest(room, written, "reviewer", " Canaryone")
    suggest(room, written, "reviewer", " Canarytwo")
    browser = client_of(room.user("editor"))
    shown = browser.get(address(written, "history_point", first.uuid))
    assert "2 open suggestions stand in words that change" in shown.content.decode()
    assert f"{name(room, 'reviewer')}: 2" in shown.content.decode()
    seen = shown.context["going_back"]["seen"]
    suggest(room, written, "editor", " Canarythree")
    for sent in ({}, {"seen": seen}):
        again = browser.post(address(written, "history_restore", first.uuid), sent, follow=True)
        assert "Other suggestions would be gone" in again.content.decode()
        assert f"{name(room, 'editor')}: 1" in again.content.decode()
    written.refresh_from_db()
    assert (written.open_suggestions, "Now!" in str(written.body)) == (3, True)
    assert not HistoryPoint.objects.filter(text=written, kind="restored").exists()
    browser.post(
        address(written, "history_restore", first.uuid), {"seen": again.context["going_back"]["seen"]}
    )
    written.refresh_from_db()
    assert (written.open_suggestions, "Now!" in str(written.body)) == (0, False)


def test_who_reads_only_does_not_go_back(client_of, room, written):
    first = HistoryPoint.objects.filter(text=written).order_by("pk").first()
    answer = client_of(room.user("reviewer")).post(address(written, "history_restore", first.uuid))
    assert answer.status_code == 403
    written.refresh_from_db()
    assert "Now!" in str(written.body)


def test_who_wrote_what_is_told_in_words_and_signs(client_of, room, written):
    words = page(client_of, room, written, "history_who")
    assert words.count('class="wrote__run"') >= 2
    for by in ("editor", "reviewer"):
        assert f'aria-label="{name(room, by)}"' in words


def test_pages_need_the_same_number_of_queries_for_one_point_and_for_three(client_of, room, text, clock):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    browser = client_of(room.user("editor"))

    def counts() -> list[int]:
        attribute_points(text)
        found = []
        for name in PAGES:
            browser.get(address(text, name))
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(address(text, name)).status_code == 200
            found.append(len(queries))
        with CaptureQueriesContext(connection) as queries:
            browser.get(f"{text.get_absolute_url()}?side=history")
        return [*found, len(queries)]

    room.write(text, "editor", "We ask.")
    clock.shift(700)
    text = room.write(text, "coordinator", "We all ask.")
    one = counts()
    for number in range(3):
        clock.shift(700)
        text = room.write(text, "editor" if number % 2 else "coordinator", f"We ask {number} times.")
    assert counts() == one


def test_nothing_of_a_restricted_draft_is_told(client_of, room, written):
    restrict_to(
        draft=written.draft,
        access=room.access("coordinator"),
        organisations=[room.organisation("coordinator")],
    )
    point = HistoryPoint.objects.filter(text=written).first()
    addresses = [address(written, name) for name in PAGES] + [address(written, "history_point", point.uuid)]
    for by in ("editor", "reviewer", "observer"):
        for one in addresses:
            answer = client_of(room.user(by)).get(one)
            assert answer.status_code == 404
            assert "law" not in answer.content.decode()


def test_a_point_of_another_text_is_not_found(client_of, room, written, draft_of):
    other = draft_of(title="Another").texts.get(language="kk")
    room.write(other, "editor", "A canary.")
    point = HistoryPoint.objects.get(text=other)
    browser = client_of(room.user("editor"))
    assert browser.get(address(written, "history_point", point.uuid)).status_code == 404
    query = f"?before={point.uuid}&after=now"
    assert browser.get(address(written, "history_changes") + query).status_code == 404


def test_an_organisation_that_hides_its_name_is_not_told(client_of, room, written):
    organisation = room.organisation("editor")
    organisation.listing = Listing.CONFIDENTIAL
    organisation.save()
    for name in ("history", "history_who"):
        words = page(client_of, room, written, name, by="reviewer")
        assert organisation.name_in("en") not in words
        assert room.user("editor").name not in words


def test_after_publication_the_pages_name_organisations_only(client_of, room, written):
    attribute_points(written)
    anonymise_writers(written.draft)
    words = page(client_of, room, written) + page(client_of, room, written, "history_who")
    row = words.split('class="rows"', 1)[1]
    assert room.user("reviewer").name not in row.split("</main>")[0]
    assert f"Suggested by {name(room, 'reviewer')}." in words
