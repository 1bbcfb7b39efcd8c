"""An embargo lift that a fault keeps back: it is retried until it succeeds, and people are told."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import time_machine
from django.db import OperationalError
from django.urls import reverse
from django.utils.translation import gettext_lazy, override

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.jobs.models import DueWork
from coalition.jobs.scheduler import MOST_ATTEMPTS, run_due, schedule_missing
from coalition.mail.models import OutboxMail
from coalition.personal_data.store import ContactsAway
from coalition.storage.disk import StorageAway, StorageFull
from coalition.workspaces.models import Notification
from documents.drafts.models import PublicationState
from documents.models import Publication
from documents.publication.actions import NotPublishable
from documents.publication.embargo.actions import schedule_publication, unschedule_publication
from documents.publication.hooks import register_presenter, unregister_presenter
from documents.publication.presenters import lateness_sentence
from tests.documents.approval.builders import Stage, stage
from tests.documents.publication.embargo.builders import contact, mails, offered, reader, scheduled
from tests.recording import recorded

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]

LIFT = "documents.lift_embargo"
PASSED = gettext_lazy("This moment has passed already. Choose one that is still to come.")


@contextmanager
def fault(error: Exception, *, within: bool = False) -> Iterator[None]:
    """Publishing fails before its transaction, or `within` it."""

    def fail(*_given: object) -> None:
        raise error

    presenter = register_presenter(
        fail if within else lambda _publication, _prepared: None,
        lambda _publication: None,
        prepare=(lambda _plan: None) if within else fail,
    )
    try:
        yield
    finally:
        unregister_presenter(presenter)


@recorded
def come(made: Stage) -> Publication:
    """A scheduled text whose moment was thirty days ago: the database's clock cannot be moved, so the moment
    is, and the tests travel to just after it."""
    publication = scheduled(made)
    publication.scheduled_at -= datetime.timedelta(days=30)
    publication.save()
    DueWork.objects.filter(kind=LIFT).update(due_at=publication.scheduled_at)
    return publication


def work_after(publication: Publication, *, hours: float) -> datetime.datetime:
    """Let a worker look this long after the publication's moment. Returns when it was."""
    moment = publication.scheduled_at + datetime.timedelta(hours=hours)
    with time_machine.travel(moment, tick=False):
        run_due(worker="a")
    publication.refresh_from_db()
    return moment


def told(kind: str, made: Stage) -> int:
    return Notification.objects.filter(kind=kind, person=made.coordinator).count()


@pytest.mark.parametrize(
    ("error", "within"),
    [
        (StorageAway(), False),
        (StorageFull(), False),
        (OperationalError("away"), True),
        (Refused("The site refuses it."), False),
        (Refused("The site refuses it."), True),
    ],
    ids=["storage away", "disk full", "database", "refused before", "refused within"],
)
def test_a_lift_is_retried_past_every_limit_until_the_fault_is_over(error, within):
    made = stage()
    publication = come(made)
    reader(made, publication)
    with fault(error, within=within):
        for attempt in range(MOST_ATTEMPTS + 1):
            work_after(publication, hours=attempt)
    assert publication.state == PublicationState.SCHEDULED
    work = DueWork.objects.get(kind=LIFT)
    assert (work.attempts, work.done_at) == (MOST_ATTEMPTS + 1, None)
    assert mails("embargo_put_off") == 0
    work_after(publication, hours=MOST_ATTEMPTS + 2)
    assert publication.state == PublicationState.PUBLIC
    assert mails("embargo_lifted") == 1
    assert told("embargo_lifted_late", made) == 1


def test_pauses_between_attempts_grow_from_ten_seconds_to_five_minutes():
    publication = come(stage())
    pauses = []
    with fault(StorageAway()):
        for hours in range(8):
            moment = work_after(publication, hours=hours)
            pauses.append((DueWork.objects.get(kind=LIFT).leased_until - moment).total_seconds())
    assert [round(pause) for pause in pauses] == [10, 20, 40, 80, 160, 300, 300, 300]


def test_coordinators_and_agreed_outlets_are_told_after_the_first_failure_and_coordinators_daily():
    made = stage()
    publication = come(made)
    reader(made, publication)
    offered(made, publication, contact(made, name="Silent"))
    with fault(StorageAway()):
        for hours, days in ((0, 1), (1, 1), (23, 1), (25, 2), (26, 2), (49, 3)):
            work_after(publication, hours=hours)
            assert (told("embargo_late", made), mails("embargo_late")) == (days, 1)
    written = OutboxMail.objects.get(template="documents/embargo_late")
    assert (written.language, written.urgent) == ("en", True)
    assert told("embargo_lifted_late", made) == 0


def test_a_lift_in_time_is_not_called_late():
    made = stage()
    publication = come(made)
    work_after(publication, hours=0)
    assert publication.state == PublicationState.PUBLIC
    assert told("embargo_late", made) == told("embargo_lifted_late", made) == 0


def test_outlets_that_cannot_be_written_to_are_told_after_the_next_failure(monkeypatch):
    made = stage()
    publication = come(made)
    reader(made, publication)

    def away(*_given: object, **_named: object) -> None:
        raise ContactsAway

    with fault(StorageAway()):
        with monkeypatch.context() as patched:
            patched.setattr("documents.publication.embargo.actions.audit.notify_agreed_contacts", away)
            work_after(publication, hours=0)
        assert (told("embargo_late", made), mails("embargo_late")) == (1, 0)
        work_after(publication, hours=1)
    assert (told("embargo_late", made), mails("embargo_late")) == (1, 1)


def test_a_worker_that_died_in_an_attempt_is_reported_by_the_next_one():
    made = stage()
    publication = come(made)
    moment = publication.scheduled_at
    DueWork.objects.filter(kind=LIFT).update(attempts=1, leased_by="dead", leased_until=moment)
    work_after(publication, hours=0.1)
    assert publication.state == PublicationState.PUBLIC
    assert told("embargo_late", made) == told("embargo_lifted_late", made) == 1


@pytest.mark.parametrize("how", ["given up", "lost"])
def test_a_worker_plans_a_lift_again_that_no_open_row_stands_for(how):
    """Releases before gave up after eight attempts, with `done_at`."""
    publication = come(stage())
    rows = DueWork.objects.filter(kind=LIFT)
    rows.update(done_at=now(), attempts=8, error="away") if how == "given up" else rows.delete()
    work_after(publication, hours=1)
    assert publication.state == PublicationState.SCHEDULED
    schedule_missing()
    assert DueWork.objects.get(kind=LIFT).due_at == publication.scheduled_at
    work_after(publication, hours=1)
    assert publication.state == PublicationState.PUBLIC


def test_planning_again_leaves_planned_and_finished_lifts_alone():
    publication = come(stage())
    DueWork.objects.filter(kind=LIFT).update(attempts=3, error="away")
    schedule_missing()
    assert DueWork.objects.get(kind=LIFT).attempts == 3
    work_after(publication, hours=0)
    schedule_missing()
    assert not DueWork.objects.filter(kind=LIFT, done_at=None).exists()


def test_a_coordinator_ends_the_attempts_by_putting_the_text_off():
    made = stage()
    publication = come(made)
    reader(made, publication)
    with fault(StorageAway()):
        work_after(publication, hours=0)
        unschedule_publication(access=made.access, publication=publication)
    work_after(publication, hours=1)
    assert publication.state == PublicationState.PLANNED
    assert not DueWork.objects.filter(kind=LIFT, done_at=None).exists()
    assert (mails("embargo_late"), mails("embargo_put_off")) == (1, 1)


def test_pages_say_since_when_it_is_late_and_when_it_is_tried_again(client_of):
    made = stage()
    publication = come(made)
    _access, token = reader(made, publication)
    desk, outlet = reverse("documents:embargo", args=[publication.uuid]), reverse("embargo", args=[token])
    pages = [desk, publication.round.get_absolute_url(), outlet]

    def shown(moment: datetime.datetime, page: str) -> str:
        with time_machine.travel(moment, tick=False):
            answer = client_of(made.coordinator).get(page, headers={"accept-language": "en"})
        assert answer.status_code == 200, (page, answer.headers)
        return answer.content.decode()

    holds = "The embargo holds until you hear from us."
    in_time = [shown(publication.scheduled_at, page) for page in pages]
    assert all("Becomes public" in page or "Under embargo" in page or "Until" in page for page in in_time)
    assert not any("Late since" in page or holds in page for page in in_time)
    with fault(StorageAway()):
        moment = work_after(publication, hours=0.1)
    for page in pages[:2]:
        assert "Late since" in shown(moment, page)
        assert "Tried 1 time, next at" in shown(moment, page)
    assert holds in shown(moment, outlet)
    DueWork.objects.filter(kind=LIFT).update(attempts=0)
    assert "not tried yet" in shown(moment, desk)


def test_a_coordinator_moves_what_is_late():
    made = stage()
    publication = come(made)
    reader(made, publication)
    with fault(StorageAway()):
        work_after(publication, hours=0)
    at = now() + datetime.timedelta(hours=1)
    schedule_publication(access=made.access, round_=publication.round, at=at)
    work = DueWork.objects.get(kind=LIFT)
    assert (work.due_at, work.attempts, work.done_at) == (at, 0, None)
    assert mails("embargo_moved") == 1


def test_a_refusal_of_the_rule_alone_puts_the_text_off():
    made = stage()
    publication = come(made)
    with fault(NotPublishable(["Something is missing."])):
        work_after(publication, hours=0)
    assert publication.state == PublicationState.PLANNED
    assert (told("embargo_not_lifted", made), told("embargo_late", made)) == (1, 0)


def test_coordinators_read_in_their_language_what_prevents_a_lift():
    publication = come(stage())
    with fault(Refused(PASSED)):
        moment = work_after(publication, hours=0.1)
    with time_machine.travel(moment, tick=False):
        for language in ("en", "ru"):
            with override(language):
                assert str(PASSED) in lateness_sentence(publication)
    with fault(StorageAway()):
        moment = work_after(publication, hours=1)
    with time_machine.travel(moment, tick=False):
        assert "What you have sent" not in lateness_sentence(publication)
