"""Writing a running order: who may, what a change does, and two people at once."""

import datetime

import pytest
import time_machine

from coalition.core.errors import Refused
from coalition.workspaces.permissions import NotAllowed
from events.core.actions.plan import cancel_event, move_event
from events.core.permissions import StaleRevision
from events.models import RunningOrder
from events.production.running_order import actions as running_order_actions
from events.production.running_order.presenters import build_running_order_table
from events.production.running_order.queries import running_items_of, running_order_for
from events.production.running_order.views import RunningItemForm
from tests.events.planning.builders import planned, press_conference, stage, times_from
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_the_day():
    with time_machine.travel("2026-03-03 05:30Z", tick=False):
        yield


def item(title: str, minutes: int = 5) -> dict[str, object]:
    return {"title": {"en": title}, "minutes": minutes}


@pytest.fixture
def here():
    return stage()


@pytest.fixture
def event(here):
    return planned(here.access(), title="A conference")


@pytest.fixture
def three(here, event):
    return [
        running_order_actions.add_running_item(access=here.access(), event=event, **item(name))
        for name in ("One", "Two", "Three")
    ]


def titles(event) -> list[str]:
    return [row.title.in_language("en") for row in running_items_of(event.running_order)]


def test_it_begins_with_the_event_and_items_come_at_the_end_or_after_another(here, event, three) -> None:
    assert event.running_order.begins == event.starts_at_time
    running_order_actions.add_running_item(
        access=here.access(), event=event, **item("Between"), after=three[0].uuid
    )
    assert titles(event) == ["One", "Between", "Two", "Three"]


@pytest.mark.parametrize(
    ("moved", "before", "expected"),
    [
        (0, 2, ["Two", "One", "Three"]),
        (0, None, ["Two", "Three", "One"]),
        (2, 0, ["Three", "One", "Two"]),
        (2, 1, ["One", "Three", "Two"]),
        (1, 1, ["One", "Two", "Three"]),
    ],
)
def test_an_item_is_put_before_another(here, event, three, moved, before, expected) -> None:
    target = three[before].uuid if before is not None else None
    running_order_actions.move_running_item(
        access=here.access(), event=event, uuid=three[moved].uuid, before=target
    )
    assert titles(event) == expected
    places = [row.position for row in running_items_of(event.running_order)]
    assert len(set(places)) == 3


def test_steps_pass_over_what_was_taken_out(here, event, three) -> None:
    running_order_actions.remove_running_item(access=here.access(), event=event, uuid=three[1].uuid)
    running_order_actions.step_running_item(access=here.access(), event=event, uuid=three[2].uuid, down=False)
    assert titles(event) == ["Three", "One"]
    running_order_actions.step_running_item(access=here.access(), event=event, uuid=three[2].uuid, down=False)
    assert titles(event) == ["Three", "One"]
    running_order_actions.restore_running_item(access=here.access(), event=event, uuid=three[1].uuid)
    assert titles(event) == ["Three", "Two", "One"]


def test_of_two_who_change_one_item_the_second_is_told_what_the_first_wrote(here, event, three) -> None:
    coordinator = here.access("coordinator")
    running_order_actions.change_running_item(
        access=coordinator, event=event, uuid=three[0].uuid, **item("Hers", 9), seen=0
    )
    with pytest.raises(StaleRevision) as told:
        running_order_actions.change_running_item(
            access=here.access(), event=event, uuid=three[0].uuid, **item("Mine"), seen=0
        )
    assert told.value.current.title == {"en": "Hers"}
    assert titles(event)[0] == "Hers"
    running_order_actions.change_running_item(
        access=here.access(), event=event, uuid=three[0].uuid, **item("Mine"), seen=1
    )
    assert titles(event)[0] == "Mine"


def test_two_who_change_two_items_do_not_meet(here, event, three) -> None:
    running_order_actions.change_running_item(
        access=here.access(), event=event, uuid=three[0].uuid, **item("A"), seen=0
    )
    running_order_actions.change_running_item(
        access=here.access("coordinator"), event=event, uuid=three[1].uuid, **item("B"), seen=0
    )
    running_order_actions.move_running_item(
        access=here.access(), event=event, uuid=three[0].uuid, before=None
    )
    assert titles(event) == ["B", "Three", "A"]


@pytest.mark.parametrize("wrong", [{"title_kk": " "}, {"minutes": 601}])
def test_an_item_has_a_title_and_minutes_that_fit(wrong) -> None:
    given = {"title_kk": "Есік", "minutes": 5}
    assert RunningItemForm(given).is_valid()
    assert list(RunningItemForm(given | wrong).errors) == [next(iter(wrong)).partition("_")[0]]


def test_there_are_at_most_three_hundred(here, event, three, monkeypatch) -> None:
    monkeypatch.setattr(running_order_actions, "MOST_ITEMS", 3)
    with pytest.raises(Refused):
        running_order_actions.add_running_item(access=here.access(), event=event, **item("One too many"))


def test_what_begins_takes_back_what_was_said_of_those_below(here, event, three) -> None:
    running_order_actions.begin_item(access=here.access(), event=event, uuid=three[1].uuid)
    running_order_actions.begin_item(access=here.access(), event=event, uuid=three[0].uuid)
    begun = {row.title.in_language("en") for row in running_items_of(event.running_order) if row.began_at}
    assert begun == {"One"}
    running_order_actions.end_order(access=here.access(), event=event)
    assert RunningOrder.objects.get().ended_at
    running_order_actions.reset_progress(access=here.access(), event=event)
    assert not any(row.began_at for row in running_items_of(RunningOrder.objects.get()))
    assert RunningOrder.objects.get().ended_at is None


@pytest.mark.parametrize("moment", ["2026-03-02 17:59Z", "2026-03-04 06:01Z"])
def test_on_another_day_nothing_begins(here, event, three, moment) -> None:
    with time_machine.travel(moment, tick=False), pytest.raises(Refused):
        running_order_actions.begin_item(access=here.access(), event=event, uuid=three[0].uuid)
    assert not any(row.began_at for row in running_items_of(event.running_order))


@pytest.mark.parametrize("name", ["observer", "reviewer", "contributor"])
def test_whoever_may_not_plan_changes_nothing(here, event, three, name) -> None:
    access = here.access(name)
    for act in (
        lambda: running_order_actions.add_running_item(access=access, event=event, **item("No")),
        lambda: running_order_actions.change_running_item(
            access=access, event=event, uuid=three[0].uuid, **item("No"), seen=0
        ),
        lambda: running_order_actions.move_running_item(
            access=access, event=event, uuid=three[0].uuid, before=None
        ),
        lambda: running_order_actions.step_running_item(
            access=access, event=event, uuid=three[0].uuid, down=True
        ),
        lambda: running_order_actions.remove_running_item(access=access, event=event, uuid=three[0].uuid),
        lambda: running_order_actions.restore_running_item(access=access, event=event, uuid=three[0].uuid),
        lambda: running_order_actions.begin_item(access=access, event=event, uuid=three[0].uuid),
        lambda: running_order_actions.end_order(access=access, event=event),
        lambda: running_order_actions.reset_progress(access=access, event=event),
        lambda: running_order_actions.set_beginning(access=access, event=event, begins=datetime.time(9)),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert titles(event) == ["One", "Two", "Three"]


def test_an_event_of_another_workspace_is_not_changed(event, three) -> None:
    elsewhere = stage()
    with pytest.raises(NotAllowed):
        running_order_actions.add_running_item(access=elsewhere.access(), event=event, **item("No"))


def test_an_item_of_another_order_is_not_there(here, event, three) -> None:
    other = planned(here.access(), title="Another")
    running_order_actions.add_running_item(access=here.access(), event=other, **item("Other"))
    with pytest.raises(Refused):
        running_order_actions.remove_running_item(access=here.access(), event=other, uuid=three[0].uuid)


def test_a_cancelled_event_stands_still(here) -> None:
    event = press_conference(here.access("coordinator"))
    running_order_actions.add_running_item(access=here.access(), event=event, **item("One"))
    cancel_event(access=here.access("coordinator"), event=event)
    with pytest.raises(Refused):
        running_order_actions.add_running_item(access=here.access(), event=event, **item("Two"))


def test_it_is_read_by_those_who_prepare_even_when_the_event_is_told_to_everyone(here) -> None:
    event = press_conference(here.access("coordinator"))
    running_order_actions.add_running_item(access=here.access(), event=event, **item("One"))
    assert running_order_for(here.user("contributor"), event.uuid) is not None
    assert running_order_for(here.user("observer"), event.uuid) is None
    assert running_order_for(stage().user("coordinator"), event.uuid) is None
    assert running_order_for(UserFactory(), event.uuid) is None
    assert running_order_for(None, event.uuid) is None


# --- the event moves ----------------------------------------------------------------------------


@pytest.fixture
def told(here):
    """An announced event from 11:00 to 12:00, its plan half an hour ahead with a fixed time."""
    event = press_conference(here.access("coordinator"))
    running_order_actions.set_beginning(access=here.access(), event=event, begins=datetime.time(10, 30))
    fixed = {"title": {"en": "The minister"}, "minutes": 5, "pinned": datetime.time(11, 15)}
    running_order_actions.add_running_item(access=here.access(), event=event, **fixed)
    return event


def moved(here, event, begins: str, day: str = "2026-03-03") -> RunningOrder:
    """The running order after the event was moved to a time of the day, for an hour."""
    hour, minute = begins.split(":")
    ends = f"{int(hour) + 1}:{minute}" if hour != "23" else "23:59"
    move_event(access=here.access(), event=event, times=times_from(f"{day} {begins}", f"{day} {ends}"))
    return RunningOrder.objects.get()


def plan(order: RunningOrder) -> list[str]:
    return [f"{time:%H:%M}" for time in (order.begins, *(row.pinned for row in running_items_of(order)))]


def test_the_plan_moves_as_far_as_the_event_fixed_times_too(here, told) -> None:
    order = moved(here, told, "12:30")
    assert plan(order) == ["12:00", "12:45"]
    assert build_running_order_table(order, running_items_of(order)).outdated == ""
    assert running_items_of(order)[0].revision == 1  # who has it open in a form hears of it
    assert plan(moved(here, told, "11:00")) == ["10:30", "11:15"]


def test_the_plan_stays_as_it_is_on_another_day_at_the_same_time(here, told) -> None:
    assert plan(moved(here, told, "11:00", day="2026-03-05")) == ["10:30", "11:15"]


def test_a_plan_that_would_leave_the_day_says_for_which_beginning_it_was_made(here, told) -> None:
    order = moved(here, told, "23:50")
    assert plan(order) == ["10:30", "11:15"]
    words = "The plan was made for a beginning at 11:00; the event begins at 23:50 now."
    assert build_running_order_table(order, running_items_of(order)).outdated == words
    running_order_actions.set_beginning(access=here.access(), event=told, begins=datetime.time(23, 30))
    order = RunningOrder.objects.get()
    assert build_running_order_table(order, running_items_of(order)).outdated == ""


def test_a_plan_of_which_an_item_has_begun_stays(here, told) -> None:
    [row] = running_items_of(told.running_order)
    running_order_actions.begin_item(access=here.access(), event=told, uuid=row.uuid)
    assert plan(moved(here, told, "12:30")) == ["10:30", "11:15"]
