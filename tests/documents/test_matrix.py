"""The matrix as a pure function: rows in, cells and sentences out."""

import datetime

import pytest

from documents.enums import CellState, DecisionKind
from documents.matrix import AskedOrganisation, Decision, Opened, PutText, RoundData, build_matrix

MOMENT = datetime.datetime(2026, 2, 27, 13, tzinfo=datetime.UTC)
A, B = AskedOrganisation(1, "Alfa"), AskedOrganisation(2, "Beta")


def text(language="kk", *, digest="new", current="new", **given):
    return PutText(language, 8, digest, current, MOMENT, **given)


def decided(organisation=1, digest="new", kind=DecisionKind.APPROVED, language="kk", **given):
    return Decision(organisation, language, digest, 7, kind, MOMENT, **given)


def only(*rows, put=None, asked=A):
    decisions = tuple(row for row in rows if isinstance(row, Decision))
    opened = tuple(row for row in rows if isinstance(row, Opened))
    return build_matrix(RoundData((put or text(),), (asked,), decisions, opened))


@pytest.mark.parametrize(
    ("rows", "state"),
    [
        ([], CellState.NOT_OPENED),
        ([Opened(1, "kk", "new", MOMENT)], CellState.READ),
        ([Opened(1, "kk", "old", MOMENT)], CellState.NOT_OPENED),
        ([decided()], CellState.APPROVED),
        ([decided(digest="old")], CellState.REOPENED),
        ([decided(digest="old"), decided()], CellState.APPROVED),
        ([decided(kind=DecisionKind.CHANGES_ASKED)], CellState.CHANGES_ASKED),
        ([decided(digest="old", kind=DecisionKind.CHANGES_ASKED)], CellState.NOT_OPENED),
        ([decided(language="ru")], CellState.NOT_OPENED),
        ([decided(organisation=2)], CellState.NOT_OPENED),
    ],
)
def test_the_state_of_a_cell(rows, state):
    assert only(*rows).cells[1, "kk"].state == state


def test_words_that_changed_reopen_everyone_and_say_what_to_do():
    matrix = only(decided(), put=text(current="newer"))
    assert matrix.cells[1, "kk"].state == CellState.REOPENED
    assert "have changed since version 8" in matrix.obstacles[0]


def test_open_gaps_and_unfinished_texts_are_named():
    assert "Place" in only(decided(), put=text(gaps=("Place",))).obstacles[0]
    assert not only(decided(), put=text(gaps=("Place",))).is_complete
    assert "not ready" in only(put=text(current="")).obstacles[0]


def test_what_is_missing_names_who_and_why_once():
    put = (text(), text("ru"))
    matrix = build_matrix(RoundData(put, (A, B), (decided(), decided(2, language="ru"))))
    assert [(item.text.language, item.count) for item in matrix.missing] == [("kk", 1), ("ru", 1)]
    assert matrix.obstacles == ["Kazakh: Not opened: Beta.", "Russian: Not opened: Alfa."]
    assert (matrix.missing_count, matrix.total) == (2, 4)


def test_frozen_and_departed_organisations_are_named_apart():
    frozen = AskedOrganisation(1, "Alfa", frozen=True)
    assert "silence never counts" in only(asked=frozen).obstacles[0]
    assert not only(decided(), asked=frozen).obstacles
    gone = AskedOrganisation(1, "Alfa", takes_part=False)
    assert "No longer in this workspace" in only(asked=gone).obstacles[0]


def test_nobody_asked_is_not_complete():
    assert not build_matrix(RoundData((text(),), ())).is_complete
