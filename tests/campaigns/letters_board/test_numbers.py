"""The numbers of the board: speed, full tens for everybody, and what cannot be subtracted."""

import datetime
import itertools

import pytest

from coalition.accounts.models import Listing
from coalition.campaigns.letters.board.enums import AnswerKind
from coalition.campaigns.letters.board.numbers import column_for_everybody, median_days, recipient_numbers
from coalition.campaigns.letters.board.presenters import (
    desk_organisation_rows,
    organisation_columns,
    public_organisation_rows,
    recipient_columns,
)
from coalition.campaigns.letters.board.queries import board_records
from coalition.campaigns.recipients import outreach
from coalition.campaigns.recipients.outreach import Outreach, register_outreach
from tests.campaigns.letters_board.builders import OPENED

DAY = datetime.timedelta(days=1)
FIRST = OPENED.date()


def rows_of(desk, *, for_everybody: bool = False):
    records = board_records(desk.action, for_everybody=for_everybody)
    return recipient_numbers(records, today=FIRST + 30 * DAY, for_everybody=for_everybody)


@pytest.fixture
def postcards(monkeypatch):
    """A kind of outreach that the capability above registers, with what it reached."""
    reached: dict = {}
    monkeypatch.setattr(outreach, "_kinds", dict(outreach._kinds))  # put back after the test
    register_outreach(
        Outreach("postcards", label="Postcards", method="Counted by two.", reached=lambda _workspace: reached)
    )
    return reached


@pytest.mark.django_db
@pytest.mark.usefixtures("after_a_month")
class TestRecipients:
    def test_speed_is_from_the_first_letter_of_any_kind_to_the_first_real_answer(self, desk):
        first, second, third = desk.targets
        desk.letters(first, 3, day=FIRST + 2 * DAY)
        desk.official(first, sent_on=FIRST + 5 * DAY)
        desk.answer(first, kind=AnswerKind.INCOMING_NUMBER, incoming_number="1", on=FIRST + 3 * DAY, words="")
        desk.answer(first, kind=AnswerKind.MEETING, on=FIRST + 12 * DAY, words="")
        desk.official(second, sent_on=FIRST)
        desk.answer(second, on=FIRST + 20 * DAY)
        desk.answer(third, on=FIRST + DAY)  # nobody wrote to them
        rows = rows_of(desk)
        assert [row.days for row in rows] == [10, 20, None]
        assert [row.is_answered for row in rows] == [True, True, True]
        assert median_days(rows) == 15

    def test_everybody_reads_published_answers_and_full_tens(self, desk, postcards):
        first, second, third = desk.targets
        for target, number in ((first, 27), (second, 9), (third, 10)):
            desk.letters(target, number)
        postcards |= {(first.uuid, None): 19, (second.uuid, desk.made.organisations[0].pk): 3}
        desk.answer(first, on=FIRST + DAY)
        desk.answer(second, on=FIRST + DAY, publish=True)
        desk.answer(third, on=FIRST + 3 * DAY, publish=True)
        rows = rows_of(desk, for_everybody=True)
        assert [row.letters for row in rows] == [20, 0, 10]
        assert [row.outreach["postcards"] for row in rows] == [10, 0, 0]
        assert [len(row.answers) for row in rows] == [0, 1, 1]
        # The day of one of nine letters is its writer's, so how long they waited is not told.
        assert [row.days for row in rows] == [None, None, 3]
        assert [row.letters for row in rows_of(desk)] == [27, 9, 10]

    def test_a_body_as_a_whole_has_a_row_once_something_is_recorded(self, desk):
        assert [row.target for row in rows_of(desk)] == desk.targets
        desk.official()
        assert [row.target for row in rows_of(desk)] == [*desk.targets, None]

    def test_who_left_office_stays_while_something_is_recorded(self, desk):
        gone, quiet, _other = desk.targets
        desk.letters(gone, 12)
        for target in (gone, quiet):
            target.gone_on = FIRST + 10 * DAY
            target.save()
        assert [row.target for row in rows_of(desk)] == [gone, desk.targets[2]]

    def test_overdue_letters_are_those_that_nothing_settles(self, desk):
        first, _second, third = desk.targets
        for target in desk.targets:
            desk.official(target)
        letter = desk.official(third, number="2")
        desk.answer(third, letter=letter, on=FIRST + DAY, kind=AnswerKind.ACKNOWLEDGEMENT, words="")
        answered = desk.official(first, number="3")
        desk.answer(first, letter=answered, on=FIRST + DAY)
        assert [row.overdue for row in rows_of(desk)] == [1, 1, 2]


@pytest.mark.django_db
@pytest.mark.usefixtures("after_a_month")
class TestOrganisations:
    def public(self, desk):
        records = board_records(desk.action, for_everybody=True)
        columns = organisation_columns(recipient_columns(records, for_everybody=True))
        rows = public_organisation_rows(records, columns)
        return {row.name: {column.name: number for column, number in row.numbers} for row in rows}

    def test_a_withheld_organisation_is_neither_named_nor_subtracted(self, desk):
        names = {}
        for number, listing in enumerate([Listing.PUBLIC] * 4 + [Listing.WITHHELD, Listing.CONFIDENTIAL]):
            made = desk.made.organisation(listing=listing, name_en=f"Canary {number}", name_kk="", name_ru="")
            names[number] = made
            desk.letters(desk.targets[0], 30 + number, made, day=FIRST + number * DAY)
        found = self.public(desk)
        assert not {name for name in found if name in {"Canary 4", "Canary 5"}}
        assert "withheld" not in str(found)
        others = found["Others, and letters without a code"]["letters"]
        # Two of them are withheld: one that is named is told with them, so three are together.
        assert [name for name, row in found.items() if row["letters"] is None] == ["Canary 0"]
        assert others == 90  # 30 + 34 + 35, in full tens
        assert found["Canary 3"]["letters"] == 30

    def test_the_desk_reads_names_as_far_as_each_person_may(self, desk):
        hidden = desk.made.organisation(listing=Listing.WITHHELD, name_en="Canary withheld")
        desk.letters(desk.targets[0], 25, hidden)
        desk.letters(desk.targets[0], 14)
        records = board_records(desk.action, for_everybody=False)
        columns = organisation_columns(recipient_columns(records, for_everybody=False))
        from coalition.accounts.naming import PUBLIC, viewer_for

        rows = desk_organisation_rows(records, columns, viewer_for(desk.made.coordinator))
        assert [(row.name, row.numbers[0][1]) for row in rows[-2:]] == [
            ("Canary withheld", 20),
            ("Without a code", 10),
        ]
        assert "Canary" not in str(desk_organisation_rows(records, columns, PUBLIC))

    def test_official_letters_and_those_answered_are_counted_by_sender(self, desk):
        own = desk.official(desk.targets[0])
        desk.official(desk.targets[1])
        desk.answer(desk.targets[0], letter=own, publish=True)
        found = self.public(desk)
        row = found[desk.access.organisation.name_en]
        assert (row["official_letters"], row["answered_letters"]) == (2, 1)


def test_no_withheld_number_can_be_found_by_subtraction():
    """Every column of up to six organisations, two of them withheld, with the total known to everybody."""
    named, withheld = [1, 2, 3, 4], [8, 9]
    for numbers in itertools.product([0, 1, 7], repeat=7):
        counts = dict(zip([*named, *withheld, None], numbers, strict=True))
        column = column_for_everybody(counts, named)
        together = [*(key for key in named if key not in column.shown), *withheld, None]
        filled = [key for key in together if counts[key]]
        if any(counts[key] for key in withheld):
            assert column.others is None or len(filled) >= 3
        if column.others is not None:
            assert sum(column.shown.values()) + column.others == sum(counts.values())
        else:
            assert not column.shown


def test_without_withheld_organisations_nothing_is_joined():
    column = column_for_everybody({1: 5, 2: 0, None: 4}, [1, 2])
    assert (dict(column.shown), column.others, column.pooled) == ({1: 5, 2: 0}, 4, frozenset())
