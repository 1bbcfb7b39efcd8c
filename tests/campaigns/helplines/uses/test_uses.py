"""Uses of numbers: planned, confirmed, flagged, forgotten."""

import datetime

import pytest
import time_machine

from coalition.audit.models import AuditEntry
from coalition.campaigns.helplines.enums import Availability, EntryState
from coalition.campaigns.helplines.mentions import mentions_on
from coalition.campaigns.helplines.uses import notifications
from coalition.campaigns.helplines.uses.actions import (
    REMIND,
    UsePlan,
    add_use,
    answer_staffing,
    bring_back_use,
    change_use,
    end_use,
)
from coalition.campaigns.helplines.uses.dashboard import staffing_asked, uses_flagged
from coalition.campaigns.helplines.uses.enums import Staffed, UseFlag, UseKind
from coalition.campaigns.helplines.uses.flags import flags_of
from coalition.campaigns.helplines.uses.retention import forget_uses
from coalition.campaigns.models import HelplineUse, StaffingAnswer
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.jobs import scheduler
from coalition.mail.models import OutboxMail
from coalition.workspaces.models import Notification
from coalition.workspaces.permissions import NotAllowed
from tests.campaigns.helplines.uses.builders import (
    CHAT,
    FRIDAY,
    NUMBER,
    line,
    member_of,
    plan,
    publish_entry,
    read,
    use,
)
from tests.desk import on_desk
from tests.documents.conftest import room_of_everyone
from tests.factories import WorkspaceFactory, seat

pytestmark = pytest.mark.django_db
HOUR = datetime.timedelta(hours=1)
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _monday_morning():
    with time_machine.travel("2026-03-02 05:00Z", tick=False):
        yield


@pytest.fixture
def here():
    return room_of_everyone()


@pytest.fixture
def helpline(here):
    return line()


def kinds_told(person):
    return set(Notification.objects.filter(person=person).values_list("kind", flat=True))


def test_a_use_takes_the_numbers_of_the_published_entry(here, helpline):
    made = use(here.access("editor"), helpline)
    assert made.channels == [
        {"kind": "telegram", "value": CHAT["value"]},
        {"kind": "phone", "value": NUMBER["value"]},
    ]
    assert made.organisation == here.organisation("editor")
    entry = AuditEntry.objects.get(action="helpline_use.added")
    assert (entry.target, entry.workspace) == (made.uuid, here.workspace.uuid)


@pytest.mark.parametrize("role", ["observer", "reviewer", "contributor"])
def test_who_neither_plans_nor_edits_adds_no_use(here, helpline, role):
    with pytest.raises(NotAllowed):
        use(here.access(role), helpline)
    assert not HelplineUse.objects.exists()


def test_a_number_that_the_register_does_not_have_is_refused(here, helpline):
    wrong = UsePlan(UseKind.POSTER, "Poster", ["phone:151"], FRIDAY)
    with pytest.raises(Refused):
        add_use(access=here.access("editor"), helpline=helpline, plan=wrong)


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one.entries.update(state=EntryState.REPLACED),
        lambda one: one.entries.update(licence_until=datetime.date(2026, 3, 1)),
        lambda one: type(one).objects.filter(pk=one.pk).update(retired_at=now()),
        lambda one: type(one).objects.filter(pk=one.pk).update(checked_on=datetime.date(2025, 11, 1)),
    ],
)
def test_a_line_that_the_public_does_not_see_is_not_used_anew(here, helpline, change):
    planned = plan(helpline)
    change(helpline)
    with pytest.raises(Refused):
        add_use(access=here.access("editor"), helpline=helpline, plan=planned)


def test_members_of_the_line_are_asked_by_inbox_or_without_a_seat_by_mail(here, helpline):
    own_room = WorkspaceFactory(title="Canaryroom of the line")
    seated = seat(organisation=helpline.organisation, workspace=own_room).person
    unseated = member_of(helpline.organisation)
    made = use(here.access("editor"), helpline)
    told = Notification.objects.get(kind="staffing_asked")
    assert (told.person, told.workspace) == (seated, own_room)
    mail = OutboxMail.objects.get(key__startswith="staffing_asked", person=unseated.uuid)
    assert str(made.uuid) in mail.context["button_url"]
    assert made.title not in str(mail.context)
    for person in (seated, unseated):
        assert [item.title for item in on_desk(staffing_asked, person)] == [made.title]
    assert not on_desk(staffing_asked, here.user("coordinator"))


def test_another_kind_of_thing_is_a_new_question_and_another_title_is_not(here, helpline):
    """Who is ready for cards is not yet ready for the evening on which a clip airs."""
    person = member_of(helpline.organisation)
    made = use(here.access("editor"), helpline, kind=UseKind.CARD)
    answer_staffing(person=person, use=made, answer=Staffed.YES)
    cards = plan(helpline, kind=UseKind.CARD, title="Cards for schools")
    change_use(access=here.access("editor"), use=read(made), plan=cards)
    assert read(made).is_confirmed(FRIDAY)
    with time_machine.travel(now() + HOUR, tick=False):
        change_use(access=here.access("editor"), use=read(made), plan=plan(helpline, kind=UseKind.CLIP))
    assert not read(made).is_confirmed(FRIDAY)
    assert [item.title for item in on_desk(staffing_asked, person)] == [made.title]
    assert OutboxMail.objects.filter(key__startswith="staffing_asked", person=person.uuid).count() == 2


def test_what_is_in_use_already_asks_nobody(here, helpline):
    person = member_of(helpline.organisation)
    made = use(here.access("editor"), helpline, starts_at=now() - DAY)
    assert made.asked_at is None
    assert not OutboxMail.objects.exists()
    assert not on_desk(staffing_asked, person)
    assert flags_of(read(made), now()) == []


def test_yes_confirms_and_tells_the_planner(here, helpline):
    person = member_of(helpline.organisation)
    made = use(here.access("editor"), helpline)
    assert flags_of(read(made), FRIDAY - HOUR)[:1] == [UseFlag.NOT_CONFIRMED]
    answer_staffing(person=person, use=made, answer=Staffed.YES)
    assert not flags_of(read(made), FRIDAY - HOUR)
    assert kinds_told(here.user("editor")) == {"staffing_confirmed"}
    assert not on_desk(staffing_asked, person)


def test_no_is_flagged_at_once(here, helpline):
    made = use(here.access("editor"), helpline)
    answer_staffing(person=member_of(helpline.organisation), use=made, answer=Staffed.NO)
    assert flags_of(read(made), now())[:1] == [UseFlag.DECLINED]
    assert kinds_told(here.user("editor")) == {"staffing_declined"}
    assert [item.title for item in on_desk(uses_flagged, here.user("editor"))] == [made.title]
    assert not on_desk(uses_flagged, here.user("reviewer"))


def test_a_confirmation_that_ends_is_asked_for_again(here, helpline):
    person = member_of(helpline.organisation)
    made = use(here.access("editor"), helpline, kind=UseKind.POSTER)
    answer_staffing(person=person, use=made, answer=Staffed.YES, until=FRIDAY + DAY)
    assert not flags_of(read(made), FRIDAY + HOUR)
    assert not on_desk(staffing_asked, person)
    later = FRIDAY + DAY + HOUR
    assert flags_of(read(made), later)[:1] == [UseFlag.NOT_CONFIRMED]
    with time_machine.travel(later, tick=False):
        assert [item.title for item in on_desk(staffing_asked, person)] == [made.title]


def test_a_confirmation_that_ends_before_the_start_is_refused(here, helpline):
    made = use(here.access("editor"), helpline)
    with pytest.raises(Refused):
        answer_staffing(
            person=member_of(helpline.organisation), use=made, answer=Staffed.YES, until=FRIDAY - HOUR
        )
    assert not StaffingAnswer.objects.exists()


def test_only_members_of_the_lines_organisation_answer(here, helpline):
    made = use(here.access("editor"), helpline)
    for person in (here.user("coordinator"), member_of(line().organisation)):
        with pytest.raises(NotAllowed):
            answer_staffing(person=person, use=made, answer=Staffed.YES)
    assert not StaffingAnswer.objects.exists()


def test_the_planner_is_reminded_two_days_before(here, helpline):
    person = seat(organisation=helpline.organisation).person
    made = use(here.access("editor"), helpline)
    with time_machine.travel(FRIDAY - 49 * HOUR, tick=False):
        scheduler.run_due(worker="test")
        assert "staffing_missing" not in kinds_told(here.user("editor"))
    with time_machine.travel(FRIDAY - 47 * HOUR, tick=False):
        scheduler.run_due(worker="test")
        scheduler.run_due(worker="test")
    assert Notification.objects.filter(person=here.user("editor"), kind="staffing_missing").count() == 1
    assert Notification.objects.filter(person=person, subject=made.uuid).count() == 2


def test_nobody_is_reminded_of_what_is_answered_or_ended(here, helpline):
    answered, ended = (use(here.access("editor"), helpline, title=title) for title in ("One", "Two"))
    answer_staffing(person=member_of(helpline.organisation), use=answered, answer=Staffed.YES)
    end_use(access=here.access("editor"), use=ended)
    with time_machine.travel(FRIDAY - HOUR, tick=False):
        scheduler.run_due(worker="test")
    assert "staffing_missing" not in kinds_told(here.user("editor"))


def test_a_new_time_is_a_new_question_and_a_new_note_is_none(here, helpline):
    person = seat(organisation=helpline.organisation).person
    made = use(here.access("editor"), helpline)
    answer_staffing(person=person, use=made, answer=Staffed.YES)
    access = here.access("editor")
    change_use(access=access, use=made, plan=plan(helpline, note="Five copies"))
    assert StaffingAnswer.objects.filter(use=made).exists()
    change_use(access=access, use=made, plan=plan(helpline, starts_at=FRIDAY + DAY))
    assert not StaffingAnswer.objects.filter(use=made).exists()
    assert flags_of(read(made), FRIDAY + DAY - HOUR)[:1] == [UseFlag.NOT_CONFIRMED]
    assert Notification.objects.filter(person=person, kind="staffing_asked").count() == 2
    assert scheduler.get_open_work(kind=REMIND, key=str(made.uuid)).due_at == FRIDAY + DAY - 48 * HOUR


def test_a_number_that_changed_in_the_register_is_flagged_until_it_is_taken_anew(here, helpline):
    access = here.access("editor")
    poster = use(access, helpline, channels=["phone:150"])
    chat_alone = use(access, helpline, channels=["telegram:senim_chat"])
    publish_entry(helpline, channels=[{**NUMBER, "value": "1500"}, CHAT])
    assert flags_of(read(poster), now())[:1] == [UseFlag.CHANGED]
    assert not flags_of(read(chat_alone), now())
    change_use(access=access, use=poster, plan=plan(helpline, channels=["phone:1500"]))
    assert not flags_of(read(poster), now())


def test_a_number_written_otherwise_is_the_same_number(here):
    helpline = line(channels=[{"kind": "phone", "value": "8 (727) 250-00-00", "note": {}}])
    made = use(here.access("editor"), helpline)
    publish_entry(helpline, channels=[{"kind": "phone", "value": "+7 727 2500000", "note": {}}])
    assert not flags_of(read(made), now())


@pytest.mark.parametrize(
    ("days", "flag"),
    [(30, None), (31, UseFlag.OVERDUE), (90, UseFlag.OVERDUE), (91, UseFlag.HIDDEN)],
)
def test_an_old_check_is_flagged(here, helpline, days, flag):
    made = use(here.access("editor"), helpline)
    helpline.checked_on = datetime.date(2026, 3, 2) - datetime.timedelta(days=days)
    helpline.save()
    assert flags_of(read(made), now())[:1] == ([flag] if flag else [])


@pytest.mark.parametrize(
    ("said", "flag"),
    [(Availability.CLOSED, UseFlag.CLOSED), (Availability.OVERLOADED, UseFlag.OVERLOADED)],
)
def test_what_operators_say_flags_until_it_ends(here, helpline, said, flag):
    made = use(here.access("editor"), helpline)
    helpline.availability, helpline.available_until = said, now() + 4 * HOUR
    helpline.save()
    assert flags_of(read(made), now())[:1] == ([flag] if flag else [])
    assert not flags_of(read(made), now() + 5 * HOUR)


def test_licence_and_end_of_the_line_come_before_everything_else(here, helpline):
    made = use(here.access("editor"), helpline)
    helpline.entries.update(licence_until=datetime.date(2026, 3, 1))
    assert flags_of(read(made), now())[:1] == [UseFlag.LICENCE_ENDED]
    helpline.retired_at = now()
    helpline.save()
    assert flags_of(read(made), now())[:1] == [UseFlag.RETIRED]
    (item,) = on_desk(uses_flagged, here.user("editor"))
    assert item.detail == UseFlag.RETIRED.label


def test_a_clip_outside_the_hours_is_flagged_until_the_line_confirms(here, helpline):
    helpline.entries.update(
        is_round_the_clock=False, hours=[{"weekday": 4, "opens": "09:00", "closes": "18:00"}]
    )
    access = here.access("editor")
    clip = use(access, helpline)
    assert flags_of(read(clip), now())[:1] == [UseFlag.OUT_OF_HOURS]
    poster = use(access, helpline, kind=UseKind.POSTER)
    assert not flags_of(read(poster), now())
    answer_staffing(person=member_of(helpline.organisation), use=clip, answer=Staffed.YES)
    assert not flags_of(read(clip), now())


def test_what_is_over_is_flagged_no_more(here, helpline):
    access = here.access("editor")
    made = use(access, helpline, ends_on=datetime.date(2026, 3, 8))
    helpline.retired_at = now()
    helpline.save()
    assert flags_of(read(made), datetime.datetime(2026, 3, 8, 18, tzinfo=datetime.UTC))
    assert not flags_of(
        read(made), datetime.datetime(2026, 3, 8, 20, tzinfo=datetime.UTC)
    )  # Monday in Almaty
    end_use(access=access, use=made)
    assert not flags_of(read(made), now())
    bring_back_use(access=access, use=made)
    assert flags_of(read(made), now())


def test_planners_are_told_of_each_flag_once(here, helpline):
    made = use(here.access("editor"), helpline)
    helpline.retired_at = now()
    helpline.save()
    assert notifications.notify_of_flags() == 1
    assert notifications.notify_of_flags() == 0
    told = Notification.objects.get(person=here.user("editor"), kind="helpline_use_flagged")
    assert (told.subject, told.detail["flag"]) == (made.uuid, UseFlag.RETIRED)


def test_a_use_of_next_month_is_not_told_of_yet(here, helpline):
    use(here.access("editor"), helpline, starts_at=FRIDAY + 30 * DAY)
    helpline.retired_at = now()
    helpline.save()
    assert notifications.notify_of_flags() == 0


def test_a_closed_line_is_told_of_only_near_the_start(here, helpline):
    use(here.access("editor"), helpline)
    helpline.availability, helpline.available_until = Availability.CLOSED, now() + 4 * HOUR
    helpline.save()
    assert notifications.notify_of_flags() == 0
    with time_machine.travel(FRIDAY - HOUR, tick=False):
        helpline.available_until = now() + 4 * HOUR
        helpline.save()
        assert notifications.notify_of_flags() == 1


def test_coordinators_hear_where_the_planner_has_no_seat_any_more(here, helpline):
    made = use(here.access("editor"), helpline)
    here.seats["editor"].ended_at = now()
    here.seats["editor"].save()
    answer_staffing(person=member_of(helpline.organisation), use=made, answer=Staffed.NO)
    assert kinds_told(here.user("editor")) == set()
    assert kinds_told(here.user("coordinator")) == {"staffing_declined"}


def test_the_operators_page_shows_today_and_what_waits(here, helpline):
    access = here.access("editor")
    use(access, helpline, title="Clip of Friday", note="Canarynote")
    use(access, helpline, title="Cards in stock", kind=UseKind.CARD, starts_at=now() - 9 * DAY)
    use(access, line(), title="Of another line")
    today = mentions_on(helpline, datetime.date(2026, 3, 2))
    assert [(item.title, bool(item.question)) for item in today] == [("Clip of Friday", True)]
    assert "Canarynote" not in repr(today)
    with time_machine.travel(FRIDAY - HOUR, tick=False):
        (item,) = mentions_on(helpline, datetime.date(2026, 3, 6))
    assert item.when == "20:00"


def test_the_operators_page_shows_what_runs_for_days_until_its_last_day(here, helpline):
    made = use(here.access("editor"), helpline, title="Clip of a week", ends_on=datetime.date(2026, 3, 10))
    answer_staffing(person=member_of(helpline.organisation), use=made, answer=Staffed.YES)

    def uses_on_phone(day):
        with time_machine.travel(f"2026-03-{day:02} 05:00Z", tick=False):
            return [(item.title, item.when) for item in mentions_on(helpline, datetime.date(2026, 3, day))]

    assert uses_on_phone(5) == []
    assert uses_on_phone(6) == [("Clip of a week", "20:00, until Tuesday 10 March 2026")]
    when = "Friday 6 March 2026, 20:00, Almaty (UTC+5), until Tuesday 10 March 2026"
    begun = [("Clip of a week", when)]
    assert [uses_on_phone(day) for day in (7, 9, 10, 11)] == [begun, begun, begun, []]
    end_use(access=here.access("editor"), use=made)
    assert uses_on_phone(9) == []


def test_uses_are_forgotten_a_year_after_they_are_over(here, helpline):
    access = here.access("editor")
    over = use(access, helpline, starts_at=now() - DAY, ends_on=datetime.date(2026, 3, 2))
    stays = use(access, helpline, starts_at=now() - DAY)
    with time_machine.travel(now() + 364 * DAY, tick=False):
        assert forget_uses() == 0
    with time_machine.travel(now() + 368 * DAY, tick=False):
        forget_uses()
        assert forget_uses() == 0
    assert not HelplineUse.objects.filter(pk=over.pk).exists()
    assert HelplineUse.objects.get(pk=stays.pk).made_by is None
