"""What a frozen report lists as changed since."""

import csv
import io

import pytest
import time_machine
from django.test import Client
from lxml import html

from coalition.accounts.models import Listing, Organisation
from coalition.campaigns.core.days import site_today
from coalition.campaigns.impact.actions.figures import (
    ChangeContent,
    Evidence,
    FigureRefused,
    correct_change,
    correct_figure,
    declare_figure,
    record_change,
    restore_line,
    withdraw_line,
)
from coalition.campaigns.impact.actions.grants import link_path
from coalition.campaigns.impact.actions.reports import freeze_report
from coalition.campaigns.impact.changes import later_changes
from coalition.campaigns.impact.queries import evidence_for_donor
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.models import Participation
from tests.campaigns.impact.conftest import DAY, content
from tests.campaigns.impact.test_desk_pages import words

WORDS = {name: {"en": f"{name} in words"} for name in ("change", "contribution", "others", "confirmed_by")}
pytestmark = pytest.mark.django_db


@pytest.fixture
def paid(desk):
    return desk.grant()


def corrected(desk, figure, value: int, note: str, grant, **given: object):
    """The figure, corrected a day later."""
    with time_machine.travel(now() + DAY, tick=False):
        return correct_figure(
            access=desk.access,
            figure=figure,
            content=content(value, as_of=figure.as_of, **given),
            note=note,
            evidence=Evidence(grant),
        )


def test_donors_do_not_read_notes_of_another_grant(desk, paid) -> None:
    other = desk.grant(title={"en": "Another"})
    measure = desk.measure()
    figure = desk.figure(measure, 30, grant=paid)
    desk.figure(measure, 5, grant=paid, access=desk.other())
    report = freeze_report(access=desk.access, grant=paid)
    figure = corrected(desk, figure, 30, "It was of another grant", other)
    corrected(desk, figure, 31, "The other donor counted again", other)
    (change,) = later_changes(report)
    assert (change.before, change.after, change.notes) == (35, 5, ("It was of another grant",))


def test_a_correction_with_the_same_total_is_listed_in_words(desk, paid) -> None:
    before = {"baseline": 10, "baseline_words": {"en": "last year"}, "baseline_on": site_today() - 9 * DAY}
    figure = desk.figure(desk.measure(), 30, grant=paid, **before)
    report = freeze_report(access=desk.access, grant=paid)
    corrected(desk, figure, 30, "It was 20 before", paid, **before | {"baseline": 20})
    page = f"{link_path(desk.link(paid))}reports/{report.uuid}/"
    text = words(Client().get(page))
    assert "corrected, the total is 30 as before" in text
    assert "It was 20 before" in text
    assert Client().get(f"{page}report.pdf").content.startswith(b"%PDF")


def test_two_corrections_that_cancel_each_other_are_both_listed(desk, paid) -> None:
    measure, second = desk.measure(), desk.other()
    figures = [desk.figure(measure, 30, grant=paid), desk.figure(measure, 12, grant=paid)]
    desk.figure(measure, 2, grant=paid, access=second)
    report = freeze_report(access=desk.access, grant=paid)
    corrected(desk, figures[0], 25, "Five too many", paid)
    corrected(desk, figures[1], 17, "Five too few", paid)
    (change,) = later_changes(report)
    assert (change.before, change.after) == (44, 44)
    assert set(change.notes) == {"Five too many", "Five too few"}


def test_the_table_of_a_report_ends_with_what_changed_and_its_hash(desk, paid) -> None:
    figure = desk.figure(desk.measure(), 30, grant=paid)
    report = freeze_report(access=desk.access, grant=paid)
    corrected(desk, figure, 25, "Five too many", paid)
    page = f"{link_path(desk.link(paid))}reports/{report.uuid}/report.csv"
    rows = list(csv.DictReader(io.StringIO(Client().get(page).content.decode("utf-8-sig"))))
    assert [row["Row"] for row in rows] == ["total", "part", "changed since", "hash"]
    assert [rows[2][one] for one in ("Number", "Number before", "What was corrected")] == [
        "25",
        "30",
        "30 in this report, 25 now · Five too many",
    ]
    assert report.sha256 in rows[3].values()


def test_proofs_are_open_while_they_count_or_stand_in_a_report(desk, paid) -> None:
    figure = desk.figure(desk.measure(), 30, grant=paid)

    def is_open(number: int) -> bool:
        return evidence_for_donor(paid, figure.line, number) is not None

    newest = corrected(desk, figure, 25, "Five too many", paid)
    assert (is_open(1), is_open(2)) == (False, True)
    report = freeze_report(access=desk.access, grant=paid)
    newest = withdraw_line(access=desk.access, row=newest, note="Wrong list")
    assert (is_open(1), is_open(2), is_open(3)) == (False, True, False)
    restore_line(access=desk.access, row=newest, note="It was right")
    assert is_open(4)
    (change,) = later_changes(report)
    assert (change.before, change.after, change.notes[-1]) == (25, 25, "It was right")


def test_lines_of_the_withheld_that_changed_with_the_same_total_are_listed_without_words(desk, paid) -> None:
    measure, hidden = desk.measure(), desk.withheld()
    desk.figure(measure, 10, grant=paid)
    figure = desk.figure(measure, 5, grant=paid, access=hidden)
    report = freeze_report(access=desk.access, grant=paid)
    with time_machine.travel(now() + DAY, tick=False):
        withdraw_line(access=hidden, row=figure, note="Our shelter closed")
        desk.figure(measure, 5, grant=paid, access=desk.other(), as_of=site_today() - DAY)
    (change,) = later_changes(report)
    assert (change.before, change.after, change.notes) == (15, 15, ())


def recorded(desk, access, grant, **texts: str):
    words = WORDS | {name: {"en": text} for name, text in texts.items()}
    by = ChangeContent(on=site_today(), **words)
    return record_change(
        access=access, organisation=access.organisation, content=by, evidence=Evidence(grant)
    )


def reworded(desk, row, note: str, grant):
    with time_machine.travel(now() + DAY, tick=False):
        return correct_change(
            access=desk.access,
            contribution=row,
            content=ChangeContent(on=row.on, **WORDS | {"change": {"en": note}}),
            note=note,
            evidence=Evidence(grant),
        )


def test_changes_in_words_are_listed_as_what_became_of_them(desk, paid) -> None:
    other = desk.grant(title={"en": "Another"})
    rows = [recorded(desk, desk.access, paid, change=f"Law {number}") for number in range(3)]
    report = freeze_report(access=desk.access, grant=paid)
    assert later_changes(report) == []
    reworded(desk, reworded(desk, rows[0], "first note", paid), "second note", paid)
    moved = reworded(desk, rows[1], "It belongs to another", other)
    reworded(desk, moved, "The other donor refused to pay", other)
    with time_machine.travel(now() + DAY, tick=False):
        withdraw_line(access=desk.access, row=rows[2], note="Not true")
        added = recorded(desk, desk.access, paid, change="Law 4")
    assert added.on > report.until
    page = Client().get(f"{link_path(desk.link(paid))}reports/{report.uuid}/")
    listed = html.document_fromstring(page.content).xpath("//section[@aria-labelledby='since']//li")
    assert {" ".join(part.text_content() for part in one.xpath(".//b | .//small")) for one in listed} == {
        "second note worded differently now first note second note",
        "Law 1 in this report, counted no more It belongs to another",
        "Law 2 in this report, counted no more Not true",
    }


def test_an_organisation_named_since_changes_nothing(desk, paid) -> None:
    hidden = desk.withheld()
    figure = desk.figure(desk.measure(), 5, grant=paid, access=hidden)
    recorded(desk, hidden, paid)
    report = freeze_report(access=desk.access, grant=paid)
    Organisation.objects.filter(pk=hidden.organisation.pk).update(listing=Listing.PUBLIC)
    assert later_changes(report) == []
    assert figure.value == 5


def test_figures_of_who_left_are_corrected_and_withdrawn_by_coordinators(desk, paid) -> None:
    gone = desk.other()
    figure = desk.figure(desk.measure(), 50, grant=paid, access=gone)
    Participation.objects.filter(organisation=gone.organisation).update(ended_at=now())
    newest = corrected(desk, figure, 5, "A zero too many", paid)
    assert withdraw_line(access=desk.access, row=newest, note="Nobody can say").is_withdrawn
    with pytest.raises(FigureRefused):
        declare_figure(
            access=desk.access,
            measure=figure.measure,
            organisation=gone.organisation,
            content=content(1),
        )


def test_what_is_withdrawn_is_not_corrected(desk, paid) -> None:
    figure = desk.figure(desk.measure(), 50, grant=paid)
    withdrawn = withdraw_line(access=desk.access, row=figure, note="Wrong list")
    with pytest.raises(Refused, match="Let it count again"):
        corrected(desk, withdrawn, 5, "A zero too many", paid)


def test_a_report_frozen_after_a_name_was_withheld_does_not_hold_it(desk, paid) -> None:
    named = desk.other()
    Organisation.objects.filter(pk=named.organisation.pk).update(name_en="Umit fund")
    desk.figure(desk.measure("Pupils of Umit fund"), 3, grant=paid, scope={"en": "At Umit fund"})
    Organisation.objects.filter(pk=named.organisation.pk).update(listing=Listing.WITHHELD)
    report = freeze_report(access=desk.access, grant=paid)
    assert "Umit" not in report.content
    page = f"{link_path(desk.link(paid))}reports/{report.uuid}/"
    assert words(Client().get(page)).count("(withheld: it named an organisation)") >= 2
    assert Client().get(f"{page}report.json").content.decode() == report.content
    assert later_changes(report) == []
