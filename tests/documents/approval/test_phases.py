"""The dates of a draft, and the moment from which only coordinators change its words."""

import datetime

import pytest

from coalition.accounts.naming import viewer_for
from coalition.core.clock import freeze_clock_at, now
from coalition.core.errors import Refused
from coalition.jobs.models import DueWork
from coalition.jobs.scheduler import run_due
from coalition.roles import SeatRole
from coalition.workspaces.permissions import NotAllowed
from documents.approval.actions.open_round import set_phases
from documents.approval.views.rounds import timeline
from documents.comments.actions import edit_comment, reply_in_thread, resolve_thread
from documents.comments.presenters import build_comments_panel
from documents.drafts.live.backend import grant_for
from documents.drafts.models import Audience
from documents.drafts.permissions import may_comment
from documents.models import Thread
from tests.documents.approval.test_approvals_pages import url, words
from tests.documents.comments.builders import begin

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def say(room, draft, by="coordinator", *, comments=1, final=2, joining=5):
    moment = now()
    return set_phases(
        access=room.access(by),
        draft=draft,
        comments_until=moment + comments * DAY,
        final_from=moment + final * DAY,
        joining_until=moment + joining * DAY,
    )


def test_dates_stand_in_their_order_and_coordinators_say_them(room, draft):
    with pytest.raises(Refused, match="check the dates"):
        say(room, draft, comments=3)
    with pytest.raises(NotAllowed):
        say(room, draft, "editor")
    said = say(room, draft)
    assert [step["title"] for step in timeline(said)] == ["Comments", "Final text", "Joining"]
    assert [step["state"] for step in timeline(said)] == ["now", "", ""]


def test_final_words_are_closed_for_all_but_coordinators(room, draft, text):
    said = say(room, draft)
    roles = [SeatRole.CONTRIBUTOR, SeatRole.EDITOR, SeatRole.COORDINATOR]

    def grants():
        found = [grant_for(room.access(role.value), said) for role in roles]
        return [(one.may_write, one.suggests_only) for one in found]

    before = grants()
    assert before[1:] == [(True, False), (True, False)]
    assert before[0][1]
    with freeze_clock_at(said.final_from + DAY):
        assert grants() == [(False, False), (False, False), (True, False)]
        assert may_comment(room.access("editor"), said), "what is final may be spoken of"
        text.draft = said
        with pytest.raises(NotAllowed):
            room.write(text, "editor", "Other words.")
        room.write(text, "coordinator", "Other words.")


def test_open_editors_look_again_at_the_moment(room, draft, monkeypatch):
    said = say(room, draft)
    work = DueWork.objects.get(kind="documents.text_final", key=str(said.uuid))
    assert work.due_at == said.final_from
    kicked = []
    monkeypatch.setattr(
        "documents.approval.actions.open_round.live_push.recheck_sockets",
        lambda **given: kicked.append(given),
    )
    DueWork.objects.filter(pk=work.pk).update(due_at=now())
    run_due(worker="test")
    assert room.user("editor").pk in kicked[0]["user_ids"]


def test_the_dates_are_shown_on_the_text(room, draft, client_of):
    client = client_of(room.user("coordinator"))
    moment = (now() + DAY).strftime("%Y-%m-%dT%H:%M")
    page = client.post(url("phases", draft.uuid), {"final_from": moment}, follow=True)
    assert "Final text" in words(page)
    editor = client_of(room.user("editor"))
    assert 'class="timeline"' in words(editor.get(url("text", draft.uuid, "kk")))
    assert editor.get(url("phases", draft.uuid)).status_code == 403


def test_when_comments_are_over_only_coordinators_write_to_everyone(room, draft, text):
    said = say(room, draft)
    text.draft = said
    thread = begin(room, text, "reviewer", "Early")
    own = begin(room, text, "reviewer", "Among us", audience=Audience.ORGANISATION)
    with freeze_clock_at(said.comments_until + DAY / 2):
        for who in ("reviewer", "editor"):
            with pytest.raises(Refused, match="Comments on this text are over"):
                begin(room, text, who, "Late")
        with pytest.raises(Refused, match="Comments on this text are over"):
            reply_in_thread(access=room.access("editor"), thread=thread, body="Late")
        with pytest.raises(Refused, match="Comments on this text are over"):
            edit_comment(
                access=room.access("reviewer"),
                comment=thread.comments.get(),
                body="Other words",
            )
        reply_in_thread(access=room.access("coordinator"), thread=thread, body="It is settled.")
        reply_in_thread(access=room.access("reviewer"), thread=own, body="Shall we join?")
        begin(room, text, "reviewer", "Among us", audience=Audience.ORGANISATION)
        resolve_thread(access=room.access("reviewer"), thread=thread)
        panel = build_comments_panel(room.access("reviewer"), viewer_for(room.seats["reviewer"].person), text)
        assert [value for value, _label in panel["audiences"]] == [Audience.ORGANISATION]
        assert {card["audience"]: card["may_reply"] for card in panel["cards"]} == {
            Audience.ORGANISATION: True
        }
    assert thread.comments.count() == 2


def test_the_page_keeps_what_was_typed_when_comments_are_over(client_of, room, draft, text):
    said = say(room, draft)
    with freeze_clock_at(said.comments_until + DAY / 2):
        answer = client_of(room.seats["reviewer"].person).post(
            url("comments", draft.uuid, text.language), {"body": "Typed late", "audience": "workspace"}
        )
    assert "Typed late" in words(answer)
    assert "Comments on this text are over" in words(answer)
    assert not Thread.objects.exists()
