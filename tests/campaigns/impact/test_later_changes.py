"""What a frozen report lists as changed since."""

import csv
import io

import pytest
import time_machine
from django.test import Client

from coalition.campaigns.core.days import site_today
from coalition.campaigns.impact.actions.figures import Evidence, correct_figure, restore_line, withdraw_line
from coalition.campaigns.impact.actions.grants import link_path
from coalition.campaigns.impact.actions.reports import freeze_report
from coalition.campaigns.impact.changes import later_changes
from coalition.campaigns.impact.queries import evidence_for_donor
from coalition.core.clock import now
from tests.campaigns.impact.conftest import DAY, content
from tests.campaigns.impact.test_desk_pages import words

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
        "Five too many",
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
