"""The message guide and briefing notes: who reads and writes them, marks, facts, paper, the link."""

import datetime
import re

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coalition.accounts.naming import viewer_for
from coalition.core.errors import Refused
from coalition.mail.outbox import deliver_due
from coalition.workspaces.permissions import NotAllowed
from documents.drafts.models import Handling
from events.models import Briefing, GuideLine
from events.press.enquiries import actions as talking_points_actions
from events.press.enquiries.actions import choose_speaker
from events.press.enquiries.models import LineKind
from events.press.spokespersons.actions import erase_spokesperson
from tests.events.planning.builders import planned, stage
from tests.events.press.builders import desk
from tests.events.press.builders_voices import enquiry, line, speaker

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _tuesday_at_eleven_in_almaty():
    with time_machine.travel("2026-03-03 06:10Z", tick=False):
        yield


@pytest.fixture
def here():
    return desk()


def at(name: str, here, *more: object) -> str:
    return reverse(f"events:{name}", args=[here.workspace.uuid, *more])


def guide_of(client_of, here, name: str, query: str = "") -> str:
    return client_of(here.user(name)).get(at("press_guide", here) + query).content.decode()


def test_a_line_is_written_read_changed_taken_out_and_brought_back(here, client_of) -> None:
    client = client_of(here.user("officer"))
    sent = {
        "kind": "question",
        "head_en": "Who pays you?",
        "text_en": "Nobody.",
        "head_kk": "Сізге кім төлейді?",
        "handling": "amber",
    }
    assert client.post(at("press_line_add", here), sent).status_code == 302
    row = GuideLine.objects.get()
    page = guide_of(client_of, here, "reviewer")
    assert "Hard questions" in page
    assert "Who pays you?" in page
    assert at("press_line", here, row.uuid) not in page
    assert "Сізге кім төлейді?" in guide_of(client_of, here, "reviewer", "?language=kk")
    assert "Who pays you?" in guide_of(client_of, here, "reviewer", "?q=КІМ+төлейді")
    assert "Who pays you?" not in guide_of(client_of, here, "reviewer", "?q=nothing")
    client.post(at("press_line", here, row.uuid), sent | {"text_en": "Our members."})
    assert "Our members." in guide_of(client_of, here, "reviewer")
    client.post(at("press_line_remove", here, row.uuid))
    assert "Who pays you?" not in guide_of(client_of, here, "reviewer")
    client.post(at("press_line_restore", here, row.uuid))
    assert "Who pays you?" in guide_of(client_of, here, "reviewer")


@pytest.mark.parametrize(("name", "status"), [("observer", 403), ("reviewer", 200), ("contributor", 200)])
def test_seats_that_see_drafts_read_and_do_not_write(here, client_of, name, status) -> None:
    row = line(here.access("editor"))
    client = client_of(here.user(name))
    for page in ("press_guide", "press_guide_pdf"):
        answer = client.get(at(page, here))
        assert answer.status_code == status
    assert (b"paid by nobody" in client.get(at("press_guide", here)).content) == (status == 200)
    assert client.get(at("press_line_add", here)).status_code == 403
    assert client.post(at("press_line", here, row.uuid)).status_code == 403
    with pytest.raises(NotAllowed):
        line(here.access(name))
    outside = client_of(stage().user("coordinator"))
    assert outside.get(at("press_guide", here)).status_code == 404


def test_a_line_of_one_organisation_stays_there(here, client_of) -> None:
    row = line(here.access("coordinator"), "Canary words", handling=Handling.ORGANISATION)
    assert "Canary words" in guide_of(client_of, here, "officer")
    assert "Canary words" not in guide_of(client_of, here, "editor")
    assert client_of(here.user("editor")).get(at("press_line", here, row.uuid)).status_code == 404
    with pytest.raises(NotAllowed):
        talking_points_actions.remove_guide_line(access=here.access("editor"), line=row)


def test_a_line_for_an_event_is_for_who_may_see_it(here, client_of) -> None:
    hosts = (here.organisation("editor"),)
    event = planned(here.access("editor"), title="Closed", restricted_to=hosts)
    line(here.access("editor"), "Canary words", event=event)
    assert "Canary words" in guide_of(client_of, here, "editor")
    assert "Canary words" not in guide_of(client_of, here, "coordinator")
    with pytest.raises(Refused):
        line(here.access("coordinator"), event=event)


def test_words_are_words_on_the_page_and_on_paper(here, client_of) -> None:
    wild = '<script>alert(1)</script> #read("/etc/passwd") *bold* $x$'
    line(here.access("editor"), wild, wild, kind=LineKind.NOT_SAY)
    page = guide_of(client_of, here, "editor")
    assert "<script>alert(1)" not in page
    answer = client_of(here.user("editor")).get(at("press_guide_pdf", here))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")


@pytest.mark.parametrize(
    "wrong",
    [{"head_en": ""}, {"head_en": "x" * 301}, {"kind": "else"}, {"handling": "clear"}, {"facts": ["x"]}],
)
def test_what_is_wrong_is_said_and_nothing_is_lost(here, client_of, wrong) -> None:
    sent = {"kind": "message", "head_en": "Words", "text_en": "Kept words", "handling": "amber", **wrong}
    answer = client_of(here.user("editor")).post(at("press_line_add", here), sent)
    assert answer.status_code == 422
    assert "Kept words" in answer.content.decode()
    assert not GuideLine.objects.exists()


def chosen(here, *, agreed: bool = True):
    """An enquiry whose spokesperson has no account."""
    access = here.access("coordinator")
    talk = datetime.datetime(2026, 3, 3, 14, tzinfo=datetime.UTC)
    row = enquiry(access, interview_at=talk, mine=True)
    speaks = speaker(access, "Ainur", agreed=agreed, writes_in="en")
    viewer = viewer_for(access.user)
    return choose_speaker(access=access, viewer=viewer, enquiry=row, spokesperson=speaks), speaks


def link_in(mailoutbox) -> str:
    deliver_due()
    return re.findall(r"/briefing/\S+/", "\n".join(mail.body for mail in mailoutbox))[-1]


def test_a_briefing_reaches_who_speaks_by_its_link(here, client_of, client, mailoutbox) -> None:
    row, _speaks = chosen(here)
    own = line(here.access("coordinator"), "Ours alone", handling=Handling.ORGANISATION)
    common = line(here.access("editor"), "For everybody")
    desk_client = client_of(here.user("officer"))
    sent = {"note": "Seven minutes, live", "line": [own.uuid, common.uuid]}
    desk_client.post(at("press_briefing_write", here, row.uuid), sent)
    page = desk_client.get(at("press_briefing", here, row.uuid)).content.decode()
    assert "Ours alone" in page
    assert desk_client.get(at("press_briefing_pdf", here, row.uuid)).content.startswith(b"%PDF")
    desk_client.post(at("press_briefing_send", here, row.uuid))
    link = link_in(mailoutbox)
    assert "Dala" not in "".join(mail.subject + mail.body for mail in mailoutbox)
    page = client.get(link)
    assert page["X-Robots-Tag"] == "noindex"
    for secret in ("Dala", "Seven minutes", "Ours alone"):
        assert secret not in page.content.decode()  # mail scanners open links
    assert Briefing.objects.get().opened_at is None
    page = client.post(link).content.decode()
    for words in ("Dala TV", "Seven minutes", "Ours alone", "For everybody", "Who pays you?"):
        assert words in page
    assert client.post(link, {"act": "pdf"}).content.startswith(b"%PDF")
    assert "Opened:" in desk_client.get(at("press_briefing", here, row.uuid)).content.decode()
    with time_machine.travel("2026-03-04 15:10Z"):
        assert client.post(link, follow=True).status_code == 404


def test_the_link_ends_with_who_speaks(here, client, mailoutbox) -> None:
    row, speaks = chosen(here)
    access = here.access("coordinator")
    talking_points_actions.write_briefing(access=access, enquiry=row, note="Note", lines=[])
    talking_points_actions.send_briefing(access=access, enquiry=row)
    first = link_in(mailoutbox)
    talking_points_actions.send_briefing(access=access, enquiry=row)
    second = link_in(mailoutbox)
    assert first != second
    assert client.post(first, follow=True).status_code == 404
    assert client.post(second).status_code == 200
    choose_speaker(access=access, viewer=viewer_for(access.user), enquiry=row, spokesperson=None)
    assert client.post(second, follow=True).status_code == 404
    choose_speaker(access=access, viewer=viewer_for(access.user), enquiry=row, spokesperson=speaks)
    assert client.post(second).status_code == 200
    erase_spokesperson(spokesperson=speaks)
    assert client.post(second, follow=True).status_code == 404


def test_a_line_that_was_narrowed_since_leaves_the_briefing(here, client, mailoutbox) -> None:
    row, _speaks = chosen(here)
    theirs = line(here.access("editor"), "Canary words")
    access = here.access("coordinator")
    talking_points_actions.write_briefing(access=access, enquiry=row, note="", lines=[theirs.uuid])
    talking_points_actions.send_briefing(access=access, enquiry=row)
    link = link_in(mailoutbox)
    assert b"Canary words" in client.post(link).content
    talking_points_actions.save_guide_line(
        access=here.access("editor"), line=theirs, handling=Handling.ORGANISATION
    )
    assert b"Canary words" not in client.post(link).content


def test_nothing_is_sent_without_somebody_who_speaks(here, client_of) -> None:
    row = enquiry(here.access("coordinator"), mine=True)
    client = client_of(here.user("coordinator"))
    assert client.get(at("press_briefing", here, row.uuid)).status_code == 404
    with pytest.raises(Refused):
        talking_points_actions.send_briefing(access=here.access("coordinator"), enquiry=row)
    talking_points_actions.write_briefing(access=here.access("coordinator"), enquiry=row, note="", lines=[])
    with pytest.raises(Refused):
        talking_points_actions.send_briefing(access=here.access("coordinator"), enquiry=row)
    assert client_of(here.user("editor")).get(at("press_briefing", here, row.uuid)).status_code == 404
    bad = client.post(at("press_briefing_write", here, row.uuid), {"note": "Kept", "line": ["x"]})
    assert bad.status_code == 422
    assert "Kept" in bad.content.decode()


def test_it_takes_the_same_queries_for_one_and_for_three(here, client_of) -> None:
    client = client_of(here.user("editor"))
    access = here.access("editor")
    row = enquiry(access, mine=True)
    line(access, event=planned(access, title="First"))
    talking_points_actions.write_briefing(
        access=access, enquiry=row, note="", lines=[GuideLine.objects.get().uuid]
    )
    pages = [
        at("press_guide", here),
        at("press_enquiry", here, row.uuid),
        at("press_briefing", here, row.uuid),
        at("press_briefing_write", here, row.uuid),
    ]

    def asked() -> list[int]:
        counts = []
        for page in pages:
            client.get(page)
            with CaptureQueriesContext(connection) as queries:
                client.get(page)
            counts.append(len(queries))
        return counts

    one = asked()
    line(access, event=planned(access, title="One"))
    line(here.access("coordinator"))
    talking_points_actions.write_briefing(
        access=access, enquiry=row, note="", lines=[each.uuid for each in GuideLine.objects.all()]
    )
    assert asked() == one
