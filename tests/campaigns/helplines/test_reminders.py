"""Reminding organisations of checks and licences, telling them of reviews, forgetting people."""

import datetime

import pytest
import time_machine
from django.utils import timezone

from coalition.accounts.models import MembershipRole
from coalition.campaigns.helplines.actions.entries import stamp_of
from coalition.campaigns.helplines.actions.maintain import check_helpline
from coalition.campaigns.helplines.actions.review import publish_entry, send_back_entry
from coalition.campaigns.helplines.models import HelplineCheck
from coalition.campaigns.helplines.notifications import remind
from coalition.campaigns.helplines.retention import forget_people
from coalition.mail.models import OutboxMail
from coalition.workspaces.models import Notification
from coalition.workspaces.notifications.queries import notifications_for
from tests.campaigns.factories import HelplineEntryFactory
from tests.campaigns.helplines.register import Register
from tests.factories import seat

pytestmark = pytest.mark.django_db
DAY_ONE = datetime.datetime(2026, 3, 2, 6, 0, tzinfo=datetime.UTC)


@pytest.fixture
def register():
    return Register()


def told(person):
    return list(notifications_for(person).order_by("pk").values_list("kind", flat=True))


def on(day: int):
    """The moment so many days after the first."""
    return time_machine.travel(DAY_ONE + datetime.timedelta(days=day), tick=False)


def test_members_are_reminded_at_each_stage_once(register):
    seat(person=register.author, organisation=register.centre)
    with on(0):
        register.published()
        before = told(register.author)
    for day, count in ((29, 0), (30, 1), (31, 1), (60, 2), (84, 2), (85, 3), (86, 3)):
        with on(day):
            remind()
            remind()
            assert told(register.author)[len(before) :] == ["helpline_check_due"] * count
    assert "helpline_check_due" not in told(register.reviewer)


def test_a_check_begins_the_count_anew(register):
    seat(person=register.author, organisation=register.centre)
    with on(0):
        published = register.published()
    with on(20):
        check_helpline(person=register.author, helpline=published.helpline, seen=published.uuid)
    with on(40):
        remind()
        assert "helpline_check_due" not in told(register.author)


def test_stages_that_were_missed_are_one_reminder(register):
    seat(person=register.author, organisation=register.centre)
    with on(0):
        register.published()
    with on(70):
        remind()
        assert told(register.author).count("helpline_check_due") == 1


def test_an_ending_licence_is_told_a_month_before(register):
    seat(person=register.author, organisation=register.centre)
    with on(0):
        register.published(licence_until=(DAY_ONE + datetime.timedelta(days=45)).date())
    for day, count in ((14, 0), (15, 1), (20, 1)):
        with on(day):
            remind()
            assert told(register.author).count("helpline_licence_ends") == count


def test_nobody_is_reminded_of_a_line_out_of_use_or_never_published(register):
    seat(person=register.author, organisation=register.centre)
    long_ago = timezone.localdate() - datetime.timedelta(days=60)
    HelplineEntryFactory(
        helpline__organisation=register.centre,
        helpline__checked_on=long_ago,
        helpline__retired_at=timezone.now(),
    )
    HelplineEntryFactory(
        helpline__organisation=register.centre, helpline__checked_on=long_ago, state="proposed"
    )
    remind()
    assert not Notification.objects.exists()
    assert not OutboxMail.objects.exists()


def test_members_without_a_seat_get_a_mail_that_tells_nothing(register):
    representative = register.member(register.centre, MembershipRole.REPRESENTATIVE)
    with on(0):
        register.published()
    OutboxMail.objects.all().delete()
    with on(31):
        remind()
        remind()
    mails = OutboxMail.objects.all()
    assert {mail.person for mail in mails} == {register.author.uuid, representative.uuid}
    assert len(mails) == 2
    for mail in mails:
        assert "has to be checked" in mail.context["outline"]
        assert "Trust line" not in str(mail.context)
        assert register.centre.name_en not in str(mail.context)


def test_the_organisation_hears_what_became_of_its_entry(register):
    seat(person=register.author, organisation=register.centre)
    entry = register.proposed()
    send_back_entry(person=register.reviewer, entry=entry, seen=stamp_of(entry), note="Why?")
    entry.refresh_from_db()
    again = register.change(entry, seen=stamp_of(entry))
    publish_entry(person=register.reviewer, entry=again, seen=stamp_of(again))
    assert told(register.author) == ["helpline_sent_back", "helpline_published"]
    assert told(register.reviewer) == []


def test_persons_are_forgotten_and_organisations_stay(register):
    with on(0):
        entry = register.published()
    with on(350):
        assert forget_people() == 0
    with on(380):
        check_helpline(person=register.author, helpline=entry.helpline, seen=entry.uuid)
        assert forget_people() == 3
        assert forget_people() == 0
        entry.refresh_from_db()
        assert (entry.written_by, entry.reviewed_by) == (None, None)
        assert (entry.written_for, entry.reviewed_for) == (register.centre, register.others)
        named = HelplineCheck.objects.order_by("day").values_list("person", flat=True)
        assert list(named) == [None, register.author.pk]


def test_a_young_review_of_old_words_keeps_its_reviewer(register):
    with on(0):
        entry = register.proposed()
    with on(380):
        publish_entry(person=register.reviewer, entry=entry, seen=stamp_of(entry))
        forget_people()
        entry.refresh_from_db()
        assert (entry.written_by, entry.reviewed_by) == (None, register.reviewer)
