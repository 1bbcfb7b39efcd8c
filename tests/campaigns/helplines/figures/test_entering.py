"""Entering monthly figures: what is accepted, what is refused in words, what a correction leaves behind."""

import datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from coalition.audit.models import AuditEntry
from coalition.campaigns.helplines.figures.actions import MonthChanged, TotalBelowParts, enter_month
from coalition.campaigns.helplines.figures.queries import Part, counts_of_month, stamp_of_counts
from coalition.campaigns.helplines.figures.retention import forget_months
from coalition.campaigns.helplines.operators.actions import make_operator_link
from coalition.campaigns.models import HelpMonth
from coalition.core.errors import Refused
from coalition.workspaces.permissions import NotAllowed
from tests.campaigns.helplines.figures.builders import ABAI, ALMATY, ASTANA, NOW, enter, line, month
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
EMPTY = stamp_of_counts({})


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


def rows_of(helpline) -> list[tuple[str, str, int]]:
    return list(HelpMonth.objects.filter(helpline=helpline).values_list("region", "language", "contacts"))


def test_what_the_parts_leave_of_the_total_is_not_known() -> None:
    helpline = line()
    enter(helpline, month(10), 40, {(ABAI, "kk"): 12, (ABAI, ""): 0, (ASTANA, "ru"): 20})
    assert rows_of(helpline) == [("", "", 8), (ABAI, "", 0), (ABAI, "kk", 12), (ASTANA, "ru", 20)]


def test_zero_is_a_figure_and_nothing_entered_is_none() -> None:
    helpline = line()
    assert counts_of_month(helpline, month(10)) == {}
    enter(helpline, month(10), 0)
    assert rows_of(helpline) == [("", "", 0)]


@pytest.mark.parametrize(
    ("on", "total", "parts", "why"),
    [
        ((2026, 12), 5, {}, "not over yet"),
        ((2026, 11), 5, {}, "not over yet"),
        ((2023, 10), 5, {}, "three years"),
        ((2026, 10), -1, {}, "cannot be"),
        ((2026, 10), 1_000_001, {}, "cannot be"),
        ((2026, 10), 5, {(ABAI, "kk"): -1}, "cannot be"),
        ((2026, 10), 5, {("KZ-99", "kk"): 1}, "regions of the list"),
        ((2026, 10), 5, {(ABAI, "kk"): 3, (ASTANA, "kk"): 3}, "cannot be smaller"),
    ],
)
def test_figures_that_cannot_be_are_refused(on, total, parts, why) -> None:
    helpline = line()
    person = MembershipFactory(organisation=helpline.organisation).person
    with pytest.raises(Refused, match=why):
        enter_month(
            helpline=helpline,
            month=month(on[1]).replace(year=on[0]),
            total=total,
            parts=parts,
            seen=EMPTY,
            person=person,
        )
    assert rows_of(helpline) == []


def test_a_month_is_over_by_the_clock_of_the_site_not_before() -> None:
    helpline = line()
    almost = time_machine.travel("2026-11-30 18:59Z", tick=False)  # 23:59 in Almaty
    with almost, pytest.raises(Refused, match="not over yet"):
        enter(helpline, month(11), 3)
    with time_machine.travel("2026-11-30 19:01Z", tick=False):
        enter(helpline, month(11), 3)
    assert rows_of(helpline) == [("", "", 3)]


def test_neither_the_rows_nor_the_audit_log_tell_one_contact_from_another() -> None:
    """Whoever reads everything that is stored learns on which day a month was last entered, and no more."""
    helpline = line()
    person = MembershipFactory(organisation=helpline.organisation).person
    link, _token = make_operator_link(person=person, helpline=helpline)
    entered: dict[Part, int] = {}
    for moment, part in (
        ("05 08:04", (ABAI, "kk")),
        ("06 21:37", (ABAI, "kk")),
        ("07 02:11", (ASTANA, "ru")),
    ):
        entered[part] = entered.get(part, 0) + 1
        with time_machine.travel(f"2026-11-{moment}Z", tick=False):
            enter_month(
                helpline=helpline,
                month=month(10),
                total=sum(entered.values()),
                parts=dict(entered),
                seen=stamp_of_counts(counts_of_month(helpline, month(10))),
                link=link,
            )
    assert rows_of(helpline) == [(ABAI, "kk", 2), (ASTANA, "ru", 1)]
    assert set(HelpMonth.objects.values_list("entered_on", flat=True)) == {datetime.date(2026, 11, 7)}
    logged = AuditEntry.objects.filter(action__startswith="helpline.figures").order_by("pk")
    assert [(one.action, one.target, one.detail) for one in logged] == [
        ("helpline.figures_entered", helpline.uuid, {"month": "2026-10"}),
        ("helpline.figures_corrected", helpline.uuid, {"month": "2026-10"}),
        ("helpline.figures_corrected", helpline.uuid, {"month": "2026-10"}),
    ]


def test_what_is_entered_again_as_it_was_leaves_no_trace() -> None:
    helpline = line()
    enter(helpline, month(10), 30, {(ABAI, "kk"): 12})
    with time_machine.travel("2026-11-20 06:00Z", tick=False):
        enter(helpline, month(10), 30, {(ABAI, "kk"): 12})
    assert HelpMonth.objects.values_list("entered_on", flat=True).distinct().get() == datetime.date(
        2026, 11, 10
    )
    assert AuditEntry.objects.filter(target=helpline.uuid).count() == 1


def test_figures_are_deleted_once_they_can_neither_be_entered_nor_published() -> None:
    helpline = line()
    enter(helpline, datetime.date(2023, 11, 1), 12)  # the oldest that is entered in November 2026
    enter(helpline, month(10), 30)
    assert forget_months() == 0
    with time_machine.travel("2026-12-01 06:00Z", tick=False):
        assert forget_months() == 1
        assert forget_months() == 0
    assert rows_of(helpline) == [("", "", 30)]


def test_two_who_enter_the_same_month_do_not_overwrite_each_other_unseen() -> None:
    helpline = line()
    person = MembershipFactory(organisation=helpline.organisation).person
    enter(helpline, month(10), 30)
    with pytest.raises(MonthChanged):
        enter_month(helpline=helpline, month=month(10), total=5, parts={}, seen=EMPTY, person=person)
    assert rows_of(helpline) == [("", "", 30)]


def test_only_members_of_the_organisation_enter() -> None:
    helpline = line()
    with pytest.raises(NotAllowed):
        enter_month(
            helpline=helpline,
            month=month(10),
            total=5,
            parts={},
            seen=EMPTY,
            person=MembershipFactory().person,
        )
    with pytest.raises(ValueError, match="by a person or by a link"):
        enter_month(helpline=helpline, month=month(10), total=5, parts={}, seen=EMPTY)


# The page at the desk


@pytest.fixture
def helpline():
    return line(regions=[ABAI, ALMATY], languages=["kk", "ru"])


@pytest.fixture
def client(client_of, helpline):
    return client_of(MembershipFactory(organisation=helpline.organisation).person)


def page_of(helpline) -> str:
    return reverse("campaigns:helpline_figures", args=[helpline.uuid])


def sent(helpline, **more: str) -> dict[str, str]:
    counts = counts_of_month(helpline, month(10))
    return {"month": "2026-10", "seen": stamp_of_counts(counts), "total": "40", **more}


def test_a_month_is_entered_at_the_desk_and_shown_again(client, helpline) -> None:
    answer = client.post(page_of(helpline), sent(helpline, **{f"{ABAI}_kk": "1 2", f"{ALMATY}_": "3"}))
    assert answer.status_code == 302
    assert rows_of(helpline) == [("", "", 25), (ABAI, "kk", 12), (ALMATY, "", 3)]
    page = client.get(answer["Location"]).content.decode()
    assert 'value="40"' in page
    assert 'value="12"' in page
    assert "Entered last: " in page


@pytest.mark.parametrize(
    ("more", "why"),
    [
        ({"total": "twelve"}, "without letters"),
        ({"total": "12,5"}, "without letters"),
        ({"total": ""}, "This field is required"),
        ({"total": "-3"}, "greater than or equal to 0"),
        ({f"{ABAI}_kk": "4O"}, "without letters"),
        ({f"{ABAI}_kk": "30", f"{ALMATY}_ru": "11"}, "its parts are 48 together"),
        ({"month": "2026-11"}, "not over yet"),
        ({"month": "October"}, "Choose a month"),
    ],
)
def test_bad_figures_are_refused_in_words_and_what_was_typed_stays(client, helpline, more, why) -> None:
    answer = client.post(page_of(helpline), sent(helpline, **{f"{ALMATY}_kk": "7", **more}))
    assert answer.status_code == 422
    page = answer.content.decode()
    assert why in page
    assert f'name="{ALMATY}_kk" value="7"' in page
    for name, value in more.items():
        assert not value or f'name="{name}" value="{value}"' in page
    assert rows_of(helpline) == []


def test_what_somebody_else_entered_meanwhile_is_told_and_saving_again_counts(client, helpline) -> None:
    stale = sent(helpline)
    enter(helpline, month(10), 77)
    answer = client.post(page_of(helpline), stale)
    assert answer.status_code == 409
    assert "Theirs: 77 contacts" in answer.content.decode()
    assert answer.context["form"]["total"].value() == "40"
    again = stale | {"seen": answer.context["form"]["seen"].value()}
    assert client.post(page_of(helpline), again).status_code == 302
    assert rows_of(helpline) == [("", "", 40)]


def test_the_month_that_runs_is_not_offered(client, helpline) -> None:
    offered = [key for key, _words, _chosen in client.get(page_of(helpline)).context["months"]]
    assert offered[0] == "2026-10"
    assert "2026-11" not in offered
    overview = client.get(reverse("campaigns:figures"))
    assert next(iter(overview.context["lines"][0]["months"])).key == "2026-10"


def test_a_total_below_its_parts_says_both() -> None:
    assert "The total is 5, but its parts are 6" in TotalBelowParts(5, 6).message


def test_members_of_other_organisations_and_strangers_enter_nothing(client_of, helpline) -> None:
    other = client_of(MembershipFactory().person)
    assert other.get(page_of(helpline)).status_code == 403
    assert other.post(page_of(helpline), sent(helpline)).status_code == 403
    assert Client().post(page_of(helpline), sent(helpline)).status_code == 302
    assert rows_of(helpline) == []
