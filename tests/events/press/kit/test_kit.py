"""The kit of an event: what may be put into it, for whom it opens and when, who is told once."""

import datetime

import pytest
import time_machine

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.jobs.scheduler import run_due
from coalition.workspaces.permissions import NotAllowed
from documents.drafts.models import Handling
from documents.files.actions import delete_file
from documents.publication import hooks
from events.core.actions.plan import cancel_event, move_event
from events.models import EventKit, PressGuest
from events.press.kit import actions as kit_actions
from events.press.kit.actions import open_phases
from events.press.kit.models import KitKind, KitPhase, KitWay, ReleaseStatus
from events.press.kit.notifications import set_kit_mail_wish
from events.press.kit.queries import judge_kit_items, kit_of
from events.press.registration.actions import check_in, undo_check_in
from events.press.registration.check_in import Tick, guest_id_for_phone, record_ticks, salt_of
from events.production.speakers.actions import answer_as_speaker, remove_speaker
from tests.documents.approval.builders import stage as approving
from tests.events.planning.builders import announced, press_conference, stage, times_from
from tests.events.press.kit.builders import (
    afterwards,
    file_of,
    journalist,
    kit,
    letters,
    picture_of,
    put,
    speaker,
)

pytestmark = pytest.mark.django_db
BEFORE = "2026-03-01 06:00Z"
AT, THEN = KitPhase.AT_EVENT, KitPhase.AFTERWARDS
HOUR = datetime.timedelta(hours=1)


@pytest.fixture(autouse=True)
def _two_days_before():
    with time_machine.travel(BEFORE, tick=False):
        yield


@pytest.fixture
def here():
    return stage()


@pytest.fixture
def event(here):
    return press_conference(here.access("coordinator"))


def opens(event, guest: PressGuest | None = None) -> set[KitPhase]:
    if guest is not None:
        guest = PressGuest.objects.get(pk=guest.pk)
    found = EventKit.objects.select_related("event").get(event=event)
    return set(open_phases(found, guest=guest, moment=now()))


def standings(event) -> list[ReleaseStatus]:
    found = kit_of(event)
    assert found is not None
    return [one.status for one in judge_kit_items(found)]


def test_on_check_in_it_opens_for_who_came_and_closes_when_that_is_taken_back(here, event) -> None:
    access = here.access()
    kit(access, event)
    came, other = journalist(access, event, "Came"), journalist(access, event, "Other")
    assert opens(event, came) == set()
    check_in(access=access, guest=came)
    assert opens(event, came) == {AT}
    assert opens(event, other) == set()
    assert opens(event) == set(), "no link opens what is for the door"
    undo_check_in(access=access, guest=came)
    assert opens(event, came) == set()


def test_a_moment_opens_it_for_the_link_and_for_the_confirmed_not_before(here, event) -> None:
    access = here.access()
    kit(access, event, way=KitWay.MOMENT, opens_at=now() + HOUR)
    guest = journalist(access, event)
    assert opens(event) == opens(event, guest) == set()
    with time_machine.travel(now() + HOUR, tick=False):
        assert opens(event) == opens(event, guest) == {AT}
        PressGuest.objects.filter(pk=guest.pk).update(state="waiting")
        assert opens(event, guest) == set()


def test_afterwards_it_opens_by_a_press_for_all_confirmed(here, event) -> None:
    access = here.access()
    kit(access, event)
    guest = journalist(access, event)
    afterwards(access, event, KitKind.LINK, link="https://video.example/1")
    with pytest.raises(Refused, match="not begun"):
        kit_actions.open_afterwards(access=access, event=event)
    with time_machine.travel(event.ends_at + HOUR, tick=False):
        kit_actions.open_afterwards(access=access, event=event)
        assert opens(event, guest) == {THEN}
        assert opens(event) == set()


def test_nothing_is_open_of_what_is_cancelled_or_not_public(here, event) -> None:
    access = here.access()
    kit(access, event, way=KitWay.MOMENT, opens_at=now(), on_page=True)
    assert opens(event) == {AT}
    type(event).objects.filter(pk=event.pk).update(handling=Handling.COALITION)
    assert opens(event) == set()
    type(event).objects.filter(pk=event.pk).update(handling=Handling.PUBLIC)
    cancel_event(access=here.access("coordinator"), event=event)
    assert opens(event) == set()


def test_moments_to_come_move_with_the_event(here, event) -> None:
    access = here.access("coordinator")
    kit(access, event, way=KitWay.MOMENT, opens_at=event.starts_at, afterwards_at=event.ends_at)
    move_event(access=access, event=event, times=times_from("2026-03-04 11:00"))
    found = EventKit.objects.get(event=event)
    assert found.opens_at == event.starts_at + datetime.timedelta(days=1)
    assert found.afterwards_at == event.ends_at + datetime.timedelta(days=1)


@pytest.mark.parametrize("role", ["observer", "reviewer", "contributor"])
def test_who_may_not_change_the_event_makes_no_kit(here, event, role) -> None:
    with pytest.raises(NotAllowed):
        kit(here.access(role), event)
    kit(here.access(), event)
    item = put(here.access(), event, KitKind.LINK, link="https://a.example/")
    refused = here.access(role)
    for act in (
        lambda: put(refused, event, KitKind.LINK, link="https://a.example/"),
        lambda: kit_actions.remove_kit_item(access=refused, event=event, uuid=item.uuid),
        lambda: kit_actions.step_kit_item(access=refused, event=event, uuid=item.uuid, down=True),
        lambda: kit_actions.open_afterwards(access=refused, event=event),
        lambda: kit_actions.renew_kit_link(access=refused, event=event),
    ):
        with pytest.raises(NotAllowed):
            act()


@pytest.mark.parametrize("mark", [one for one in Handling if one != Handling.PUBLIC])
def test_a_file_with_a_narrower_mark_is_refused(here, event, mark) -> None:
    access = here.access()
    kit(access, event)
    with pytest.raises(Refused, match="marked Public"):
        put(access, event, file=file_of(access, handling=mark))
    foreign = stage().access()
    with pytest.raises(Refused, match="marked Public"):
        put(access, event, file=file_of(foreign))
    listed = file_of(access, restricted_to=(here.organisation(),))
    with pytest.raises(Refused, match="marked Public"):
        put(access, event, file=listed)


def test_a_mark_made_narrower_or_a_deletion_takes_it_back(here, event) -> None:
    access = here.access()
    kit(access, event)
    marked, deleted = file_of(access), file_of(access)
    put(access, event, file=marked)
    put(access, event, file=deleted)
    assert standings(event) == [ReleaseStatus.GIVEN] * 2
    type(marked).objects.filter(pk=marked.pk).update(handling=Handling.WORKSPACE)
    delete_file(access=access, file=deleted)
    assert standings(event) == [ReleaseStatus.REMOVED] * 2


def test_a_picture_needs_description_credit_and_everybodys_consent(here, event) -> None:
    access = here.access()
    kit(access, event)
    yes, no = speaker(access, event), speaker(access, event, "Withheld", pictured=False)
    with pytest.raises(Refused, match="no credit"):
        put(access, event, file=picture_of(access, credit=""))
    with pytest.raises(Refused, match="recognised"):
        put(access, event, file=picture_of(access), others_agree=False)
    with pytest.raises(Refused, match="has not agreed"):
        afterwards(access, event, KitKind.PHOTOGRAPH, file=picture_of(access), people=[yes, no])
    afterwards(access, event, KitKind.PHOTOGRAPH, file=picture_of(access), people=[yes])
    assert standings(event) == [ReleaseStatus.GIVEN]
    answer_as_speaker(speaker=yes, named=False, pictured=False, recorded=True)
    assert standings(event) == [ReleaseStatus.REMOVED]
    answer_as_speaker(speaker=yes, named=False, pictured=True, recorded=True)
    remove_speaker(access=access, speaker=yes)
    assert standings(event) == [ReleaseStatus.REMOVED], "of who is deleted no consent is left"


def test_only_what_is_public_or_will_be_in_time_can_be_put_in(monkeypatch) -> None:
    monkeypatch.setattr(hooks, "_presenters", [])
    made = approving()
    own = announced(made.access, title="Own", starts="2026-03-03 11:00")
    kit(made.access, own)
    with pytest.raises(Refused, match="Only what is public"):
        put(made.access, own, KitKind.TEXT, draft=made.draft)
    made.publish("kk", "en")
    put(made.access, own, KitKind.TEXT, draft=made.draft)
    assert standings(own) == [ReleaseStatus.GIVEN]
    foreign = approving()
    foreign.publish("kk")
    with pytest.raises(Refused, match="Only what is public"):
        put(made.access, own, KitKind.TEXT, draft=foreign.draft)


def test_what_comes_of_the_event_is_for_afterwards_and_links_are_https(here, event) -> None:
    access = here.access()
    kit(access, event)
    with pytest.raises(Refused, match="after the event only"):
        put(access, event, KitKind.RECORDING, phase=AT, link="https://video.example/")
    for link in ("http://video.example/", "https://", "javascript:alert(1)", "https://a.example/\r\nX: y"):
        with pytest.raises(Refused, match="https"):
            put(access, event, KitKind.LINK, link=link)
    with pytest.raises(Refused, match="title"):
        put(access, event, KitKind.LINK, link="https://a.example/", title={"kk": " "})


def test_things_change_places_go_and_come_back(here, event) -> None:
    access = here.access()
    kit(access, event)
    one, two = (put(access, event, KitKind.LINK, link=f"https://{name}.example/") for name in "ab")
    then = afterwards(access, event, KitKind.LINK, link="https://c.example/")
    kit_actions.step_kit_item(access=access, event=event, uuid=two.uuid, down=False)
    found = kit_of(event)
    assert [one.item.pk for one in judge_kit_items(found, [AT])] == [two.pk, one.pk]
    kit_actions.remove_kit_item(access=access, event=event, uuid=two.uuid)
    assert [one.item.pk for one in judge_kit_items(found)] == [one.pk, then.pk]
    kit_actions.restore_kit_item(access=access, event=event, uuid=two.uuid)
    assert [one.item.pk for one in judge_kit_items(found, [AT])] == [two.pk, one.pk]


def told() -> list[str]:
    return sorted(f"{one.address} {one.context['phase']}" for one in letters())


def test_who_came_and_wished_is_told_once(here, event) -> None:
    access = here.access()
    kit(access, event)
    put(access, event, KitKind.LINK, link="https://a.example/")
    wished, silent, absent = (journalist(access, event, name) for name in ("Wished", "Silent", "Absent"))
    for guest in (wished, absent):
        set_kit_mail_wish(guest=guest, wishes=True)
    for guest in (wished, silent):
        check_in(access=access, guest=guest)
    run_due(worker="one")
    kit_actions.set_kit(access=access, event=event, way=KitWay.CHECK_IN)
    run_due(worker="two")
    assert told() == ["wished@media.example at_event"]
    assert "a.example" not in str(letters()[0].context)


def test_a_phone_at_the_door_opens_it_too(here, event) -> None:
    access = here.access()
    kit(access, event)
    put(access, event, KitKind.LINK, link="https://a.example/")
    guest = journalist(access, event)
    set_kit_mail_wish(guest=guest, wishes=True)
    phone, mark = guest.registration.event.uuid, event.uuid
    tick = Tick(mark, guest_id_for_phone(guest.uuid, salt_of(event.uuid, phone)), now())
    record_ticks(access=access, event=event, phone=phone, ticks=[tick])
    assert opens(event, guest) == {AT}
    run_due(worker="one")
    assert told() == ["aru@media.example at_event"]


def test_at_its_moment_it_is_told_to_who_asked_and_afterwards_to_all_confirmed(here, event) -> None:
    access = here.access()
    kit(access, event, way=KitWay.MOMENT, opens_at=now() + HOUR, afterwards_at=event.ends_at)
    put(access, event, KitKind.LINK, link="https://a.example/")
    wished = journalist(access, event, "Wished")
    journalist(access, event, "Silent", "kk")
    set_kit_mail_wish(guest=wished, wishes=True)
    run_due(worker="one")
    assert told() == []
    with time_machine.travel(now() + HOUR, tick=False):
        run_due(worker="one")
        assert told() == ["wished@media.example at_event"]
    with time_machine.travel(event.ends_at, tick=False):
        run_due(worker="one")
        assert len(told()) == 1, "nothing is in what is for afterwards yet"
        afterwards(access, event, KitKind.LINK, link="https://b.example/")
        run_due(worker="one")
        kit_actions.set_kit(
            access=access,
            event=event,
            way=KitWay.MOMENT,
            opens_at=event.starts_at,
            afterwards_at=event.ends_at,
        )
        run_due(worker="two")
    assert told() == [
        "silent@media.example afterwards",
        "wished@media.example afterwards",
        "wished@media.example at_event",
    ]
    assert {one.language for one in letters()} == {"en", "kk"}


def test_of_a_cancelled_event_nobody_is_told(here, event) -> None:
    access = here.access("coordinator")
    kit(access, event, way=KitWay.MOMENT, opens_at=now() + HOUR)
    put(access, event, KitKind.LINK, link="https://a.example/")
    set_kit_mail_wish(guest=journalist(access, event), wishes=True)
    cancel_event(access=access, event=event)
    with time_machine.travel(now() + HOUR, tick=False):
        run_due(worker="one")
    assert told() == []
