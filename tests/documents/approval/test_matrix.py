"""The matrix as a pure function: rows in, cells and sentences out."""

import datetime

import pytest

from documents.approval.matrix import build_matrix
from documents.approval.round_data import AskedOrganisation, Decision, RoundData, SubmittedText
from documents.drafts.models import ApprovalRule, CellState, DecisionKind, Voice, Way

MOMENT = datetime.datetime(2026, 2, 27, 13, tzinfo=datetime.UTC)
HOUR = datetime.timedelta(hours=1)
A, B = AskedOrganisation(1, "Alfa"), AskedOrganisation(2, "Beta")


def text(language="kk", *, digest="new", current="new", **given):
    return SubmittedText(language, 8, digest, current, MOMENT, **given)


def decided(organisation=1, digest="new", kind=DecisionKind.APPROVED, language="kk", **given):
    return Decision(organisation, language, digest, 7, kind, MOMENT, **given)


def only(*rows, put=None, asked=A):
    decisions = tuple(row for row in rows if isinstance(row, Decision))
    opened = {row: (MOMENT, "") for row in rows if isinstance(row, tuple)}
    return build_matrix(RoundData((put or text(),), (asked,), decisions, opened, moment=MOMENT))


def names(matrix):
    return [one.organisation.name for one in matrix.standing]


def put_to(rule, *decisions, asked=(A, B), late=True, **given):
    """Two languages; `late`: the deadline is this moment."""
    deadline = MOMENT if late else MOMENT + HOUR
    put = given.pop("put", (text(), text("ru")))
    return build_matrix(
        RoundData(put, asked, decisions, rule=rule, deadline=deadline, moment=MOMENT, **given)
    )


def both(organisation=1, **given):
    return [decided(organisation, **given), decided(organisation, language="ru", **given)]


def relying(organisation=1, **given):
    return [decided(organisation), decided(organisation, language="ru", kind=DecisionKind.RELIES, **given)]


ANSWERED = [("ru", "kk")]


@pytest.mark.parametrize(
    ("rows", "state"),
    [
        ([], CellState.NOT_OPENED),
        ([(1, "kk", "new")], CellState.READ),
        ([(1, "kk", "old")], CellState.NOT_OPENED),
        ([decided()], CellState.APPROVED),
        ([decided(digest="old")], CellState.REOPENED),
        ([decided(digest="old"), decided()], CellState.APPROVED),
        ([decided(kind=DecisionKind.CHANGES_ASKED)], CellState.CHANGES_ASKED),
        ([decided(digest="old", kind=DecisionKind.CHANGES_ASKED)], CellState.NOT_OPENED),
        ([decided(language="ru")], CellState.NOT_OPENED),
        ([decided(organisation=2)], CellState.NOT_OPENED),
        ([decided(kind=DecisionKind.ABSTAINS)], CellState.ABSTAINS),
        ([decided(kind=DecisionKind.OBJECTS)], CellState.OBJECTS),
        ([decided(kind=DecisionKind.OBJECTS, digest="old")], CellState.OBJECTS),
        (
            [decided(kind=DecisionKind.OBJECTS, digest="old"), decided(digest="older")],
            CellState.REOPENED,
        ),
        ([decided(kind=DecisionKind.OBJECTS, digest="old"), decided()], CellState.APPROVED),
        ([decided(digest="older"), decided(kind=DecisionKind.OBJECTS, digest="old")], CellState.OBJECTS),
        ([decided(kind=DecisionKind.RELIES)], CellState.REOPENED),
        ([decided(counts_from=MOMENT)], CellState.APPROVED),
        ([decided(counts_from=MOMENT + HOUR)], CellState.LATER),
        ([decided(objected_at=MOMENT)], CellState.OBJECTS),
        ([decided(digest="old", objected_at=MOMENT)], CellState.NOT_OPENED),
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


def test_relying_counts_while_a_reviewer_answers_for_both_hashes():
    assert put_to(ApprovalRule.ALL, *relying(), asked=(A,), attested=ANSWERED).is_complete
    for others in [(), [("en", "kk")]]:
        matrix = put_to(ApprovalRule.ALL, *relying(), asked=(A,), attested=others)
        assert matrix.cells[1, "ru"].state == CellState.REOPENED
        assert "nobody answers for" in matrix.obstacles[0]


def test_relying_may_go_from_language_to_language_and_backwards():
    put = (text(), text("ru"), text("en"))
    answered = [("ru", "kk"), ("en", "kk")]
    rows = [
        decided(language="ru"),
        decided(kind=DecisionKind.RELIES),
        decided(language="en", kind=DecisionKind.RELIES),
    ]
    assert put_to(ApprovalRule.ALL, *rows, put=put, asked=(A,), attested=answered).is_complete
    assert not put_to(ApprovalRule.ALL, *rows, put=put, asked=(A,), attested=answered[1:]).is_complete


def test_who_relies_on_translations_alone_has_not_joined():
    rows = both(kind=DecisionKind.RELIES)
    for rule in ApprovalRule:
        matrix = put_to(rule, *rows, asked=(A,), attested=ANSWERED)
        assert not matrix.joined
        assert not matrix.is_complete


def test_a_changed_source_reopens_what_hangs_on_it_and_nothing_else():
    put = (text(digest="newer", current="newer"), text("ru"))
    matrix = put_to(ApprovalRule.ALL, *relying(1), *both(2), put=put, attested=ANSWERED)
    states = {key: cell.state for key, cell in matrix.cells.items()}
    assert states == {
        (1, "kk"): CellState.REOPENED,
        (1, "ru"): CellState.REOPENED,
        (2, "kk"): CellState.REOPENED,
        (2, "ru"): CellState.APPROVED,
    }


def test_those_who_joined_by_the_deadline_are_named_and_no_others():
    matrix = put_to(ApprovalRule.JOINED, *both(1), decided(2))
    assert matrix.is_complete
    assert names(matrix) == ["Alfa"]
    early = put_to(ApprovalRule.JOINED, *both(1), decided(2), late=False)
    assert "1 organisation has not decided yet" in early.obstacles[0]
    assert put_to(ApprovalRule.JOINED, *both(1), *both(2, kind=DecisionKind.OBJECTS), late=False).is_complete
    assert put_to(ApprovalRule.JOINED).obstacles == [
        "Nobody has joined yet: no organisation has approved every language that is put."
    ]


def test_a_frozen_organisation_is_not_waited_for_where_others_join():
    frozen = AskedOrganisation(2, "Beta", frozen=True)
    matrix = put_to(ApprovalRule.JOINED, *both(1), asked=(A, frozen), late=False)
    assert (matrix.is_complete, names(matrix)) == (True, ["Alfa"])


def test_the_voice_of_one_organisation_needs_that_organisation():
    rows = both(2)
    matrix = put_to(ApprovalRule.JOINED, *rows, voice=Voice.ONE, speaker=1)
    assert matrix.obstacles == ["The text speaks in the voice of Alfa, which has not joined it."]
    assert put_to(ApprovalRule.JOINED, *rows, voice=Voice.ONE, speaker=2).is_complete


@pytest.mark.parametrize("kind", [DecisionKind.ABSTAINS, DecisionKind.OBJECTS, DecisionKind.CHANGES_ASKED])
def test_all_means_all(kind):
    matrix = put_to(ApprovalRule.ALL, *both(1), *both(2, kind=kind))
    assert not matrix.is_complete
    assert all("Beta" in sentence for sentence in matrix.obstacles)


def test_silence_after_notice_is_shown_as_such_and_never_as_approval():
    matrix = put_to(ApprovalRule.NO_OBJECTION, *both(1))
    assert matrix.cells[2, "kk"].state == CellState.NO_OBJECTION
    assert not matrix.cells[2, "kk"].counts
    assert matrix.is_complete
    assert [(one.organisation.name, one.way) for one in matrix.standing] == [
        ("Alfa", Way.MEMBERS_AREA),
        ("Beta", Way.NO_OBJECTION),
    ]
    assert not put_to(ApprovalRule.NO_OBJECTION, *both(1), late=False).is_complete
    assert not put_to(ApprovalRule.NO_OBJECTION).is_complete, "nobody has said yes"
    against = put_to(ApprovalRule.NO_OBJECTION, *both(1), *both(2, kind=DecisionKind.OBJECTS))
    assert "Against the text: Beta" in against.obstacles[0]


@pytest.mark.parametrize("how", ["frozen", "gone", "excluded", "unheard"])
def test_whose_silence_says_nothing(how):
    silent = AskedOrganisation(
        2,
        "Beta",
        frozen=how == "frozen",
        takes_part=how != "gone",
        excluded=how == "excluded",
        could_answer=how != "unheard",
    )
    matrix = put_to(ApprovalRule.NO_OBJECTION, *both(1), asked=(A, silent))
    assert (matrix.is_complete, names(matrix)) == (True, ["Alfa"])
    if how == "excluded":
        assert matrix.cells[2, "kk"].state == CellState.NOT_ASKED


def test_what_is_kept_of_who_stands_under_a_text():
    (one,) = put_to(ApprovalRule.ALL, *relying(), asked=(A,), attested=ANSWERED).standing
    assert [(row["language"], row["decision"], row["hash"]) for row in one.record] == [
        ("kk", "approved", "new"),
        ("ru", "relies", "new"),
    ]


NEWER = (text(digest="newer", current="newer"), text("ru", digest="newer", current="newer"))


def test_an_objection_stands_when_all_words_are_put_anew():
    against = both(2, kind=DecisionKind.OBJECTS)
    mine = both(1, digest="newer")
    for late in (True, False):
        silent = put_to(ApprovalRule.NO_OBJECTION, *mine, *against, put=NEWER, late=late)
        assert not silent.is_complete
        assert any("earlier words" in sentence and "Beta" in sentence for sentence in silent.obstacles)
        assert names(silent) == ["Alfa"]
    everyone = put_to(ApprovalRule.ALL, *mine, *against, put=NEWER)
    assert [sentence for sentence in everyone.obstacles if "earlier words" in sentence]
    joined = put_to(ApprovalRule.JOINED, *mine, *against, put=NEWER)
    assert (joined.is_complete, names(joined)) == (True, ["Alfa"])


def test_who_objected_to_earlier_words_is_asked_about_the_new_ones():
    matrix = put_to(
        ApprovalRule.JOINED,
        *both(1, digest="newer"),
        *both(2, kind=DecisionKind.OBJECTS),
        put=NEWER,
        late=False,
    )
    assert [one.name for one in matrix.undecided] == ["Beta"]
    assert "1 organisation has not decided yet" in matrix.obstacles[0]


@pytest.mark.parametrize("kind", [DecisionKind.ABSTAINS, DecisionKind.CHANGES_ASKED])
def test_who_did_not_stand_under_earlier_words_does_not_by_its_silence(kind):
    matrix = put_to(ApprovalRule.NO_OBJECTION, *both(1, digest="newer"), *both(2, kind=kind), put=NEWER)
    assert (matrix.is_complete, names(matrix)) == (True, ["Alfa"])


def test_what_is_open_again_without_newer_words_is_not_settled_by_silence():
    """Nobody was told that it is: the notice was about other things."""
    fallen = both(2, fallen=True)
    matrix = put_to(ApprovalRule.NO_OBJECTION, *both(1), *fallen)
    assert names(matrix) == ["Alfa"]
    unattested = relying(2)
    assert names(put_to(ApprovalRule.NO_OBJECTION, *both(1), *unattested)) == ["Alfa"]


@pytest.mark.parametrize("rule", list(ApprovalRule))
def test_who_left_the_coalition_is_not_asked_counted_or_waited_for(rule):
    left = AskedOrganisation(2, "Beta", takes_part=False, left=True)
    for said in ([], both(2), both(2, kind=DecisionKind.OBJECTS)):
        matrix = put_to(rule, *both(1), *said, asked=(A, left))
        assert (matrix.is_complete, names(matrix), matrix.obstacles) == (True, ["Alfa"], [])
        assert {cell.state for cell in matrix.row(left)} == {CellState.NOT_ASKED}
        assert (matrix.total, matrix.missing_count) == (2, 0)


def test_nobody_left_is_not_complete():
    left = AskedOrganisation(1, "Alfa", takes_part=False, left=True)
    for rule in ApprovalRule:
        assert not put_to(rule, *both(1), asked=(left,)).is_complete
