"""When what waits is mailed: at once, after quiet hours, once a day, never; to whom it still may be."""

import datetime

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from coalition.accounts.models import Membership, User
from coalition.jobs import scheduler
from coalition.jobs.scheduler import run_due
from coalition.mail.outbox import deliver_due
from coalition.roles import SeatRole
from coalition.workspaces.actions import seats
from coalition.workspaces.models import MailMode, MutedWorkspace, Notification, Workspace
from coalition.workspaces.notifications.notify import change_notification_settings, mark_all_read
from coalition.workspaces.permissions import access_to
from tests.factories import MembershipFactory, seat

pytestmark = pytest.mark.django_db
NEWS, ASKS, URGENT, PROTECTS = "news_of_tests", "asks_of_tests", "urgent_of_tests", "protects_of_tests"
NIGHT = (datetime.time(22), datetime.time(7))


def at(local: str):
    """At this time on the walls of Almaty."""
    moment = datetime.datetime.fromisoformat(f"{local}+05:00")
    return time_machine.travel(moment, tick=False)


def wishes(
    person: User,
    mode: MailMode = MailMode.AT_ONCE,
    *,
    quiet: tuple[datetime.time, datetime.time] | None = None,
    hour: int = 8,
    urgent: bool = False,
    muted: tuple[Workspace, ...] = (),
) -> None:
    begins, ends = quiet or (None, None)
    change_notification_settings(
        person=person,
        mail=mode,
        digest_hour=hour,
        quiet_from=begins,
        quiet_to=ends,
        urgent_passes=urgent,
        muted=muted,
    )


def sent() -> list[str]:
    """Subjects of the mails that go out now, after the due work of this moment."""
    mail.outbox.clear()
    run_due(worker="tests")
    deliver_due()
    return [message.subject for message in mail.outbox]


ONE = "Something waits for you in the coalition"


@pytest.fixture
def reader():
    return seat()


def test_at_once_it_says_that_something_waits_and_nothing_more(reader, tell) -> None:
    reader.workspace.title = "Canary workspace"
    reader.workspace.save()
    by = seat(workspace=reader.workspace)
    tell(reader.person, here=reader, kind=ASKS, actor=by.person, organisation=by.organisation)
    assert sent() == [ONE]
    (message,) = mail.outbox
    assert message.to == [reader.person.email]
    (html,) = message.alternatives
    for words in (message.body, str(html.content)):
        assert "You are asked." in words
        assert reader.workspace.get_absolute_url() in words
        for secret in ("Canary", by.person.name, by.organisation.name_in("en")):
            assert secret not in words
    assert sent() == []


def test_it_is_in_the_language_of_its_reader(reader, tell) -> None:
    User.objects.filter(pk=reader.person.pk).update(language="ru")
    tell(reader.person, here=reader, kind=ASKS)
    sent()
    assert f"/workspaces/{reader.workspace.uuid}/" in mail.outbox[0].body


def test_never_is_never_but_for_what_protects(reader, tell) -> None:
    wishes(reader.person, MailMode.NEVER)
    tell(reader.person, here=reader, kind=URGENT)
    assert sent() == []
    tell(reader.person, here=reader, kind=PROTECTS)
    assert sent() == [ONE]


def test_the_night_is_quiet_and_its_end_brings_one_mail(reader, tell) -> None:
    wishes(reader.person, quiet=NIGHT)
    with at("2026-03-03 23:30"):
        tell(reader.person, here=reader, kind=ASKS)
        assert sent() == []
    with at("2026-03-04 01:00"):
        tell(reader.person, here=reader, kind=ASKS)
        tell(reader.person, here=reader, kind=NEWS)
        assert sent() == []
    with at("2026-03-04 07:00"):
        assert sent() == ["3 things wait for you in the coalition"]
        assert "You are asked. (2)" in mail.outbox[0].body
        assert sent() == []
    with at("2026-03-04 12:00"):
        tell(reader.person, here=reader, kind=ASKS)
        assert sent() == [ONE]


def test_one_thing_in_the_night_is_the_mail_it_would_have_been(reader, tell) -> None:
    wishes(reader.person, quiet=NIGHT)
    with at("2026-03-03 23:30"):
        tell(reader.person, here=reader, kind="seat_given")
    with at("2026-03-04 07:00"):
        assert sent() == ["You have a seat in a workspace"]


@pytest.mark.parametrize(("allowed", "mails"), [(True, [ONE]), (False, [])])
def test_what_is_urgent_passes_the_night_only_if_allowed(reader, tell, allowed, mails) -> None:
    wishes(reader.person, quiet=NIGHT, urgent=allowed)
    with at("2026-03-03 23:30"):
        tell(reader.person, here=reader, kind=URGENT)
        assert sent() == mails


def test_the_daily_mail_comes_at_its_hour_once_and_holds_everything(reader, tell) -> None:
    wishes(reader.person, MailMode.DAILY, hour=9)
    with at("2026-03-03 08:00"):
        tell(reader.person, here=reader, kind=ASKS)
        assert sent() == []
    with at("2026-03-03 09:00"):
        assert sent() == [ONE]
    with at("2026-03-03 10:00"):
        tell(reader.person, here=reader, kind=ASKS)
        tell(reader.person, here=reader, kind=NEWS)
        assert sent() == []
    with at("2026-03-04 08:59"):
        assert sent() == []
    with at("2026-03-04 09:00"):
        assert sent() == ["2 things wait for you in the coalition"]
        assert sent() == []


def test_what_was_missed_while_nothing_ran_goes_out_at_once_and_once(reader, tell) -> None:
    wishes(reader.person, MailMode.DAILY, hour=9)
    with at("2026-03-03 08:00"):
        tell(reader.person, here=reader, kind=ASKS)
    with at("2026-03-05 15:00"):
        assert sent() == [ONE]
        scheduler.schedule(kind="notifications.mail", key=str(reader.person.uuid), due_at=timezone.now())
        assert sent() == []


def test_the_hour_follows_the_zone(reader, tell) -> None:
    wishes(reader.person, MailMode.DAILY, hour=9)
    with at("2026-03-03 20:00"):
        tell(reader.person, here=reader, kind=ASKS)
    User.objects.filter(pk=reader.person.pk).update(time_zone="Europe/Berlin")
    with at("2026-03-04 09:00"):  # 05:00 in Berlin
        assert sent() == []
    with at("2026-03-04 13:00"):  # 09:00 in Berlin
        assert sent() == [ONE]


def test_the_daily_mail_waits_for_the_end_of_the_night_too(reader, tell) -> None:
    wishes(reader.person, MailMode.DAILY, hour=6, quiet=NIGHT)
    with at("2026-03-03 20:00"):
        tell(reader.person, here=reader, kind=ASKS)
    with at("2026-03-04 06:00"):
        assert sent() == []
    with at("2026-03-04 07:00"):
        assert sent() == [ONE]


def test_what_was_read_meanwhile_is_not_mailed(reader, tell) -> None:
    wishes(reader.person, quiet=NIGHT)
    with at("2026-03-03 23:30"):
        tell(reader.person, here=reader, kind=ASKS)
        mark_all_read(person=reader.person)
    with at("2026-03-04 07:00"):
        assert sent() == []


@pytest.mark.parametrize("mode", [MailMode.AT_ONCE, MailMode.DAILY])
@pytest.mark.parametrize("way", ["seat", "left", "never", "muted"])
def test_who_may_not_or_will_not_be_told_any_more_gets_nothing(reader, tell, mode, way) -> None:
    lead = seat(workspace=reader.workspace, role=SeatRole.COORDINATOR)
    MembershipFactory(person=reader.person)
    wishes(reader.person, mode, quiet=NIGHT)
    with at("2026-03-03 23:30"):
        tell(reader.person, here=reader, kind=ASKS)
        if way == "seat":
            seats.end_seat(access=access_to(lead.person, reader.workspace.uuid), seat=reader)
        elif way == "left":
            Membership.objects.filter(person=reader.person).update(ended_at=timezone.now())
        elif way == "never":
            wishes(reader.person, MailMode.NEVER)
        else:
            wishes(reader.person, mode, muted=(reader.workspace,))
    with at("2026-03-04 09:00"):
        assert sent() == []
    assert not Notification.objects.filter(mail_waits=True).exists() or way == "left"


def test_rights_are_read_again_when_the_mail_leaves(reader, tell) -> None:
    """The mail server was away: what was queued at once leaves later, or not at all."""
    lead = seat(workspace=reader.workspace, role=SeatRole.COORDINATOR)
    MembershipFactory(person=reader.person)
    tell(reader.person, here=reader, kind=ASKS)
    seats.end_seat(access=access_to(lead.person, reader.workspace.uuid), seat=reader)
    assert sent() == []


def test_a_muted_workspace_is_silent_and_the_others_are_not(reader, tell) -> None:
    other = seat(reader.person)
    wishes(reader.person, muted=(reader.workspace,))
    tell(reader.person, here=reader, kind=ASKS)
    assert sent() == []
    tell(reader.person, here=other, kind=ASKS)
    assert sent() == [ONE]


def test_only_workspaces_of_ones_own_are_muted(reader) -> None:
    other = seat()
    wishes(reader.person, muted=(reader.workspace, other.workspace))
    wishes(reader.person, muted=(other.workspace,))
    assert not MutedWorkspace.objects.exists()


def test_news_is_mailed_once_while_it_is_unread(reader, tell) -> None:
    with at("2026-03-03 10:00"):
        tell(reader.person, here=reader, kind=NEWS)
        assert sent() == [ONE]
    with at("2026-03-03 10:30"):
        tell(reader.person, here=reader, kind=NEWS)
        assert sent() == [], "one row with a count"
    with at("2026-03-03 15:00"):
        tell(reader.person, here=reader, kind=NEWS)
        assert sent() == [], "the first is unread"
        mark_all_read(person=reader.person)
        tell(reader.person, here=reader, kind=NEWS)
        assert sent() == [ONE]
    with at("2026-03-03 16:00"):
        tell(reader.person, here=reader, kind=ASKS)
        tell(reader.person, here=reader, kind=ASKS)
        assert sent() == [ONE, ONE], "what asks is mailed each time"


def test_telling_more_people_costs_as_many_queries_of_reading(
    reader, tell, django_assert_max_num_queries
) -> None:
    people = [seat(workspace=reader.workspace).person for _number in range(3)]
    for person in people:
        wishes(person, MailMode.NEVER)
    with django_assert_max_num_queries(8):
        tell(people[0], here=reader, kind=ASKS)
    with django_assert_max_num_queries(8):
        tell(*people, here=reader, kind=ASKS)
