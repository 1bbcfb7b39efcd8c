"""Works of an exhibition: what is said of them, in which order they hang, two people at once."""

import datetime

import pytest
import time_machine

from coalition.core.errors import Refused
from coalition.workspaces.permissions import NotAllowed
from documents.files.models import private_storage
from events.core.actions.plan import cancel_event
from events.core.permissions import StaleRevision
from events.core.printed_codes import find_code, resolve_printed_code
from events.exhibitions.works import actions as works_actions
from events.exhibitions.works.actions import open_catalogue, set_quiet_corner
from events.exhibitions.works.forms import WorkForm
from events.exhibitions.works.models import MakerNaming, Reproduction
from events.exhibitions.works.reminders import forget_lenders
from events.models import Exhibition, PrintedCode, Work
from tests.events.exhibitions.works.builders import (
    about,
    hung,
    in_three,
    order_of,
    picture_of,
    show,
    with_help,
)
from tests.events.planning.builders import planned, stage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _before_march():
    with time_machine.travel("2026-02-27 09:00Z", tick=False):
        yield


@pytest.fixture
def there():
    return show(visibility=None)


def test_a_work_gets_a_number_and_a_code_that_stay(there) -> None:
    here, event = there
    first, second = hung(here, event, "First"), hung(here, event, "Second")
    works_actions.remove_work(access=here.access(), event=event, uuid=second.uuid)
    third = hung(here, event, "Third")
    assert [first.number, second.number, third.number] == [1, 2, 3]
    works_actions.move_work(access=here.access(), event=event, uuid=third.uuid, before=first.uuid)
    third.refresh_from_db()
    assert third.number == 3
    codes = set(PrintedCode.objects.values_list("target", flat=True))
    assert codes == {first.uuid, second.uuid, third.uuid}


def test_the_order_of_hanging_is_changed_and_what_was_out_comes_back_to_its_place(there) -> None:
    here, event = there
    one, two, three = (hung(here, event, title) for title in ("One", "Two", "Three"))
    works_actions.move_work(access=here.access(), event=event, uuid=three.uuid, before=one.uuid)
    assert order_of(event) == [three.uuid, one.uuid, two.uuid]
    works_actions.step_work(access=here.access(), event=event, uuid=three.uuid, down=True)
    works_actions.step_work(access=here.access(), event=event, uuid=one.uuid, down=False)  # at the edge
    assert order_of(event) == [one.uuid, three.uuid, two.uuid]
    works_actions.remove_work(access=here.access(), event=event, uuid=three.uuid)
    works_actions.move_work(access=here.access(), event=event, uuid=one.uuid, before=None)
    works_actions.restore_work(access=here.access(), event=event, uuid=three.uuid)
    assert order_of(event) == [three.uuid, two.uuid, one.uuid]
    with pytest.raises(Refused):
        works_actions.step_work(access=here.access(), event=event, uuid=event.uuid, down=True)


def test_two_people_at_once_lose_nothing(there) -> None:
    here, event = there
    work = hung(here, event, "Old")
    works_actions.change_work(access=here.access(), event=event, uuid=work.uuid, **about("Mine"), seen=0)
    with pytest.raises(StaleRevision) as raised:
        works_actions.change_work(
            access=here.access("coordinator"), event=event, uuid=work.uuid, **about("Theirs"), seen=0
        )
    assert raised.value.current.title["en"] == "Mine en"
    work.refresh_from_db()
    assert work.title["en"] == "Mine en"


@pytest.mark.parametrize("role", ["observer", "reviewer", "contributor"])
def test_whoever_may_not_plan_changes_nothing(there, role) -> None:
    here, event = there
    with pytest.raises(NotAllowed):
        works_actions.add_work(access=here.access(role), event=event, **about())
    with pytest.raises(NotAllowed):
        set_quiet_corner(access=here.access(role), event=event, quiet_corner={}, help_words={})
    assert not Work.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"height": "50"},
        {"height": "0", "width": "1"},
        {"height": "20000", "width": "1"},
        {"depth": "3"},
        {"naming": MakerNaming.PSEUDONYM},
        {"title_kk": " "},
    ],
)
def test_what_makes_no_sense_is_refused(there, wrong) -> None:
    here, _event = there
    sent = {"title_kk": "A", "naming": MakerNaming.NAME, "reproduction": Reproduction.NONE}
    assert WorkForm(sent, access=here.access()).is_valid()
    assert not WorkForm(sent | wrong, access=here.access()).is_valid()


def test_only_an_exhibition_that_takes_place_has_works(there) -> None:
    here, event = there
    with pytest.raises(Refused):
        works_actions.add_work(access=here.access(), event=planned(here.access()), **about())
    cancel_event(access=here.access("coordinator"), event=event)
    with pytest.raises(Refused):
        hung(here, event)


def test_a_picture_of_another_workspace_is_refused(there) -> None:
    here, event = there
    with pytest.raises(Refused):
        hung(here, event, picture=picture_of(stage().access()))


def test_the_small_copy_of_a_picture_follows_it(there, django_capture_on_commit_callbacks) -> None:
    here, event = there
    red, blue = picture_of(here.access()), picture_of(here.access(), colour="blue")
    work = hung(here, event, picture=red)
    first = work.drawn.name
    works_actions.change_work(access=here.access(), event=event, uuid=work.uuid, **about(picture=red), seen=0)
    work.refresh_from_db()
    assert work.drawn.name == first
    with django_capture_on_commit_callbacks(execute=True):
        works_actions.change_work(
            access=here.access(), event=event, uuid=work.uuid, **about(picture=blue), seen=1
        )
    work.refresh_from_db()
    assert work.drawn.name != first
    assert not private_storage().exists(first)
    assert private_storage().exists(work.drawn.name)


def test_the_right_to_reproduce_is_another_than_the_right_to_show(there) -> None:
    here, event = there
    today = datetime.date(2026, 3, 8)
    work = hung(here, event, show_agreed=True, reproduction=Reproduction.NONE)
    assert not work.may_be_reproduced(today)
    work.reproduction = Reproduction.CATALOGUE
    assert work.may_be_reproduced(today)
    assert not work.may_be_reproduced(today, everywhere=True)
    work.reproduction, work.reproduction_until = Reproduction.EVERYWHERE, today
    assert work.may_be_reproduced(today, everywhere=True)
    assert not work.may_be_reproduced(today + datetime.timedelta(days=1))


def test_the_maker_is_named_as_they_want(there) -> None:
    here, event = there
    work = hung(here, event, maker="Real", pseudonym="Mask")
    assert work.maker_in_public == "Real"
    work.naming = MakerNaming.PSEUDONYM
    assert work.maker_in_public == "Mask"
    work.naming = MakerNaming.UNNAMED
    assert work.maker_in_public == ""


def test_difficult_works_are_not_shown_without_a_quiet_corner_and_help(there) -> None:
    here, event = there
    with pytest.raises(Refused):
        open_catalogue(access=here.access(), event=event)
    hung(here, event, difficult=True)
    with pytest.raises(Refused):
        open_catalogue(access=here.access(), event=event)
    with_help(here, event)
    open_catalogue(access=here.access(), event=event)
    assert Exhibition.objects.get().opened_at


def test_words_of_people_are_sealed(there) -> None:
    here, event = there
    work = hung(here, event, maker="Canarymaker", show_from="Canaryright", rights_note="Canarynote")
    kept = Work.objects.extra(select={"raw": "maker || show_from || rights_note"}).get(pk=work.pk)
    assert "Canary" not in kept.raw
    assert Work.objects.get(pk=work.pk).maker == "Canarymaker"


def test_makers_who_are_not_named_are_forgotten_a_year_after(there) -> None:
    here, event = there
    hung(here, event, "Open", maker="Named")
    hung(here, event, "Shy", maker="Canary", naming=MakerNaming.UNNAMED, show_from="Canary")
    with time_machine.travel("2027-04-01 09:00Z"):
        forget_lenders()
        assert {one.maker for one in Work.objects.all()} == {"Named", "Canary"}
    with time_machine.travel("2027-05-03 09:00Z"):
        forget_lenders()
        assert {one.maker for one in Work.objects.all()} == {"Named", ""}
        assert {one.show_from for one in Work.objects.all()} == {""}


def test_an_unknown_code_leads_nowhere(there) -> None:
    here, event = there
    hung(here, event, label=in_three("x"))
    assert resolve_printed_code(find_code("ABCDEFGH"), "kk").address == ""
    code = PrintedCode.objects.get().code
    assert len(code) == 8
    assert not set(code) & set("01ILO")
    assert resolve_printed_code(find_code(code), "kk") == resolve_printed_code(
        None, "kk"
    )  # only planned: nobody knows of it
