"""A draft that one may not read any more is told of nowhere: inbox, counters, mails, pushes."""

import datetime

import pytest
import time_machine
from django.core import mail

from coalition.accounts.models import User
from coalition.accounts.naming import viewer_for
from coalition.core.clock import now
from coalition.jobs.scheduler import run_due
from coalition.mail.outbox import deliver_due
from coalition.roles import SeatRole
from coalition.workspaces.models import MailMode
from coalition.workspaces.notifications.deliver import describe_notifications
from coalition.workspaces.notifications.notify import allow_push, change_notification_settings, notify
from coalition.workspaces.notifications.queries import notifications_for
from documents.approval.actions.open_round import close_round
from documents.drafts.actions.manage import change_draft
from documents.drafts.models import Handling
from documents.models import Draft
from tests.documents.approval.builders import Stage, stage
from tests.factories import seat
from tests.workspaces.notifications.push_service import push_service

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


@pytest.fixture
def made() -> Stage:
    return stage()


@pytest.fixture
def reviewer(made: Stage) -> User:
    return seat(workspace=made.workspace, role=SeatRole.REVIEWER).person


def told_of_everything(made: Stage, person: User) -> None:
    """One of every kind of subject that hangs on the draft."""
    round_ = made.put()
    version = made.text().versions.get()
    subjects = {
        "draft": made.draft.uuid,
        "text": made.text().uuid,
        "version": version.uuid,
        "round": round_.uuid,
    }
    for kind, subject in subjects.items():
        notify(
            people=[person],
            kind="version_named",
            workspace=made.workspace,
            actor=made.coordinator,
            organisation=made.organisations[0],
            subject_kind=kind,
            subject=subject,
            number=1,
            language="kk",
        )


def restrict(made: Stage, *, handling: Handling = Handling.WORKSPACE, own: bool = False) -> None:
    draft = Draft.objects.get(pk=made.draft.pk)
    if own or handling == Handling.ORGANISATION:  # what is put to approval cannot be narrowed so far
        close_round(access=made.access, round_=draft.rounds.get())
    change_draft(
        access=made.access,
        draft=draft,
        title=draft.title,
        kind=draft.kind,
        handling=handling,
        restricted_to=[made.access.organisation] if own else [],
    )


def everything_said_to(person: User, client) -> str:
    """Sentences, pages and mails, joined."""
    mail.outbox.clear()
    run_due(worker="tests")
    deliver_due()
    mails = [f"{one.subject} {one.body}" for one in mail.outbox if person.email in one.to]
    pages = [client.get(path).content.decode() for path in ("/workspaces/inbox/", "/workspaces/pulse.json")]
    sentences = [
        one.sentence for one in describe_notifications(viewer_for(person), notifications_for(person))
    ]
    return "\n".join([*mails, *pages, *sentences])


def test_what_may_be_read_is_told_with_its_title_and_never_mailed_with_it(made, reviewer, client_of) -> None:
    told_of_everything(made, reviewer)
    assert notifications_for(reviewer).count() == 4
    assert "Canary" in everything_said_to(reviewer, client_of(reviewer))
    assert mail.outbox
    for message in mail.outbox:
        parts = [message.subject, message.body, *(str(part.content) for part in message.alternatives)]
        assert "Canary" not in " ".join(parts)


@pytest.mark.parametrize("way", ["restricted", "marked", "seat taken"])
def test_what_may_not_be_read_any_more_is_told_nowhere(
    made, reviewer, client_of, way, tmp_path, settings
) -> None:
    wishes = {"digest_hour": 8, "urgent_passes": False, "muted": []}
    change_notification_settings(person=reviewer, mail=MailMode.DAILY, **wishes)
    browser = client_of(reviewer)
    with push_service(tmp_path) as service:
        settings.FETCH_LOOPBACK_PORT, settings.FETCH_CA_FILE = service.port, str(service.ca_file)
        allow_push(person=reviewer, address=service.address(), session_key=browser.session.session_key)
        told_of_everything(made, reviewer)
        if way == "restricted":
            restrict(made, own=True)
        elif way == "marked":
            restrict(made, handling=Handling.ORGANISATION)
        else:
            made.workspace.seats.filter(person=reviewer).update(ended_at=now())
        with time_machine.travel(now() + datetime.timedelta(days=1)):
            said = everything_said_to(reviewer, browser)
        assert "Canary" not in said
        assert '"unread": 0' in said
        assert [one for one in mail.outbox if reviewer.email in one.to] == []
        assert service.pushed == []


def test_who_decides_without_a_seat_reads_of_the_round_and_of_nothing_else(made) -> None:
    person = made.representatives[made.organisations[1].pk]
    told_of_everything(made, person)
    kinds = set(notifications_for(person).values_list("subject_kind", flat=True))
    assert kinds == {"round"}
