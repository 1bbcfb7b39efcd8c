"""Loans of works: who lends, when it goes back, how it looked."""

import datetime
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from PIL import Image

from coalition.accounts.naming import PUBLIC
from coalition.core.clock import freeze_clock_at, now
from coalition.core.errors import Refused
from coalition.jobs import scheduler
from coalition.jobs.models import DueWork
from coalition.workspaces.models import Notification
from coalition.workspaces.permissions import NotAllowed
from documents.files.models import private_storage
from events.exhibitions.works.actions import end_loan, report_condition, set_loan
from events.exhibitions.works.forms import ConditionForm, LoanForm
from events.exhibitions.works.models import ConditionMoment
from events.exhibitions.works.presenters import returns_due
from events.exhibitions.works.reminders import REMIND_OF_RETURN, forget_lenders
from events.models import ConditionPhoto, ConditionReport, Loan
from tests.desk import on_desk
from tests.events.exhibitions.works.builders import hung, photo, show
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db
BACK = datetime.date(2026, 5, 4)


@pytest.fixture(autouse=True)
def _before_march():
    with time_machine.travel("2026-02-27 09:00Z", tick=False):
        yield


@pytest.fixture
def there():
    here, event = show(visibility=None)
    return here, event, hung(here, event)


def lend(there, **given: object) -> Loan:
    here, event, work = there
    said = {"lender": "Canary Lender", "from_on": datetime.date(2026, 3, 1), "return_on": BACK, **given}
    return set_loan(access=here.access(), event=event, work=work.uuid, **said)


def seen(**given: object) -> dict[str, Any]:
    said = {"moment": ConditionMoment.ARRIVAL, "seen_at": now(), "words": "Whole", "seen_by": "B. Reader"}
    return {**said, **given}


def run_on(moment: str) -> list[str]:
    """The kinds of notifications after the due work of a moment ran."""
    with time_machine.travel(moment, tick=False):
        scheduler.run_due(worker="test")
    return list(Notification.objects.order_by("at", "pk").values_list("kind", flat=True))


def test_who_plans_is_reminded_fourteen_and_three_days_before_on_the_day_and_after(there) -> None:
    here, _event, _work = there
    lend(there)
    people = 2  # editor and coordinator
    assert run_on("2026-04-20 03:59Z") == []
    assert run_on("2026-04-20 04:00Z") == ["return_due"] * people
    assert run_on("2026-05-01 04:00Z") == ["return_due"] * 2 * people
    assert run_on("2026-05-04 04:00Z") == ["return_due"] * 3 * people
    told = run_on("2026-05-05 04:00Z")
    assert told[-people:] == ["return_overdue"] * people
    assert set(Notification.objects.values_list("person", flat=True)) == {
        here.user("editor").pk,
        here.user("coordinator").pk,
    }


def test_a_host_that_is_a_day_behind_hides_no_work_that_goes_back(there) -> None:
    """It says 27 February where the clock that decides says the 28th: what goes back in 14 days waits."""
    here, _event, _work = there
    lend(there, return_on=datetime.date(2026, 3, 14))
    with freeze_clock_at(now() + datetime.timedelta(days=1)):
        [waiting] = on_desk(returns_due, here.user())
    assert waiting.due.date() == datetime.date(2026, 3, 14)


def test_what_went_back_or_goes_back_another_day_is_not_reminded_of(there) -> None:
    lend(there)
    lend(there, return_on=BACK + datetime.timedelta(days=30))
    assert run_on("2026-05-06 04:00Z") == []
    lend(there, return_on=BACK + datetime.timedelta(days=30), returned_on=BACK)
    assert not DueWork.objects.filter(kind=REMIND_OF_RETURN, done_at=None).exists()
    here, event, work = there
    lend(there)
    end_loan(access=here.access(), event=event, work=work.uuid)
    assert not DueWork.objects.filter(kind=REMIND_OF_RETURN, done_at=None).exists()
    assert not Loan.objects.exists()


@pytest.mark.parametrize(
    "wrong",
    [
        {"lender": " "},
        {"return_on": "2026-02-01"},
        {"returned_on": "2026-02-01"},
        {"value": "-1"},
    ],
)
def test_what_makes_no_sense_is_refused(there, wrong) -> None:
    here, _event, _work = there
    given = {"access": here.access(), "viewer": PUBLIC}
    sent = {"lender": "A", "from_on": "2026-03-01", "currency": "KZT", "agreement": "none"}
    assert LoanForm(sent, **given).is_valid()
    assert not LoanForm(sent | wrong, **given).is_valid()


def test_an_organisation_from_elsewhere_lends_nothing_here(there) -> None:
    with pytest.raises(Refused):
        lend(there, organisation=OrganisationFactory())
    here, _event, _work = there
    assert lend(there, organisation=here.organisation("reviewer")).organisation_id


@pytest.mark.parametrize("role", ["observer", "reviewer", "contributor"])
def test_whoever_may_not_plan_writes_nothing(there, role) -> None:
    here, event, work = there
    with pytest.raises(NotAllowed):
        set_loan(access=here.access(role), event=event, work=work.uuid, lender="x")
    with pytest.raises(NotAllowed):
        report_condition(access=here.access(role), event=event, work=work.uuid, **seen(), photos=[photo()])
    assert not ConditionPhoto.objects.exists()


def test_a_report_keeps_photographs_without_place_and_camera(there) -> None:
    here, event, work = there
    report = report_condition(
        access=here.access(), event=event, work=work.uuid, **seen(), photos=[photo(), photo("green")]
    )
    kept = list(report.photos.all())
    assert len(kept) == 2
    with private_storage().open(kept[0].file.name) as file:
        content = file.read()
    assert b"Canary" not in content
    with private_storage().open(kept[0].file.name) as file, Image.open(file) as shown:
        assert not shown.getexif()


def test_what_is_no_photograph_leaves_nothing_behind(there) -> None:
    here, event, work = there
    folder_before = _files()
    with pytest.raises(Refused):
        report_condition(
            access=here.access(),
            event=event,
            work=work.uuid,
            **seen(),
            photos=[photo(), ContentFile(b"words", "words.txt")],
        )
    assert _files() == folder_before
    assert not ConditionReport.objects.exists()


@pytest.mark.parametrize("wrong", [{"words": " "}, {"seen_by": ""}, {"seen_on": "2027-01-01"}])
def test_a_report_says_what_and_who(there, wrong) -> None:
    _here, event, _work = there
    sent = {"moment": "arrival", "seen_on": "2026-02-27", "seen_at": "12:00", "words": "A", "seen_by": "B"}
    assert ConditionForm(sent, event=event).is_valid()
    assert not ConditionForm(sent | wrong, event=event).is_valid()


def test_lenders_are_forgotten_a_year_after_the_work_went_back(there) -> None:
    here, event, work = there
    lend(there, returned_on=BACK, address="Canary", phone="Canary")
    report_condition(access=here.access(), event=event, work=work.uuid, **seen(seen_by="Canary"))
    with time_machine.travel("2027-05-04 09:00Z"):
        forget_lenders()
        assert Loan.objects.get().lender == "Canary Lender"
    with time_machine.travel("2027-05-06 09:00Z"):
        forget_lenders()
    loan = Loan.objects.get()
    assert (loan.lender, loan.address, loan.phone) == ("", "", "")
    assert ConditionReport.objects.get().seen_by == ""


def _files() -> set[str]:
    found = set()
    if private_storage().exists("conditions"):
        for folder in private_storage().listdir("conditions")[0]:
            found.update(private_storage().listdir(f"conditions/{folder}")[1])
    return found
