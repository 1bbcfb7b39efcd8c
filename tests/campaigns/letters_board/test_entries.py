"""Letters, answers and stances are recorded, withdrawn and published; bad input is refused in words."""

import datetime

import pytest

from coalition.audit.models import AuditEntry
from coalition.campaigns.letters.board.actions import (
    Recipient,
    publish_entry,
    set_answer_term,
    unpublish_entry,
    withdraw_entry,
)
from coalition.campaigns.letters.board.enums import AnswerKind
from coalition.campaigns.letters.board.queries import agreed_targets, official_letters_reached
from coalition.campaigns.letters.board.terms import default_source, term_of
from coalition.campaigns.models import Answer, Body, LetterAction, OfficialLetter
from coalition.core.clock import freeze_clock_at
from coalition.core.errors import Refused
from coalition.roles import SeatRole
from coalition.workspaces.permissions import NotAllowed
from tests.campaigns.letters_board.builders import OPENED

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("after_a_month")]
DAY = datetime.timedelta(days=1)
FIRST = OPENED.date()
TODAY = FIRST + 30 * DAY


def audit_actions() -> list[str]:
    rows = AuditEntry.objects.filter(action__startswith="letter_board").order_by("pk")
    return list(rows.values_list("action", flat=True))


def test_an_editor_records_and_only_coordinators_publish(desk):
    editor = desk.seated(SeatRole.EDITOR)
    row = desk.answer(desk.targets[0], access=editor)
    assert (row.organisation, row.recorded_by, row.published_at) == (editor.organisation, editor.user, None)
    with pytest.raises(NotAllowed):
        publish_entry(access=editor, entry=row)
    with pytest.raises(NotAllowed):
        desk.answer(desk.targets[0], access=editor, publish=True)
    publish_entry(access=desk.access, entry=row)
    publish_entry(access=desk.access, entry=row)  # twice is one
    assert Answer.objects.get().published_at is not None
    unpublish_entry(access=desk.access, entry=row)
    assert Answer.objects.get().published_at is None
    assert audit_actions() == [
        "letter_board.answer_recorded",
        "letter_board.answer_published",
        "letter_board.answer_unpublished",
    ]


@pytest.mark.parametrize("role", [SeatRole.REVIEWER, SeatRole.CONTRIBUTOR])
def test_who_does_not_edit_records_nothing(desk, role):
    other = desk.seated(role)
    with pytest.raises(NotAllowed):
        desk.answer(desk.targets[0], access=other)
    with pytest.raises(NotAllowed):
        desk.official(desk.targets[0], access=other)
    with pytest.raises(NotAllowed):
        withdraw_entry(access=other, entry=desk.answer(desk.targets[0]), reason="No")


@pytest.mark.parametrize("day", [TODAY + DAY, FIRST - DAY])
def test_an_answer_is_of_a_day_between_the_opening_and_today(desk, day):
    with pytest.raises(Refused):
        desk.answer(desk.targets[0], on=day)
    assert not Answer.objects.exists()


def test_an_answer_to_an_official_letter_counts_from_the_letter(desk):
    letter = desk.official(desk.targets[0], sent_on=FIRST - 20 * DAY)
    assert desk.answer(desk.targets[0], letter=letter, on=FIRST - 5 * DAY).letter == letter
    with pytest.raises(Refused, match="not before"):
        desk.answer(desk.targets[0], letter=letter, on=FIRST - 21 * DAY)
    with pytest.raises(Refused, match="somebody else"):
        desk.answer(desk.targets[1], letter=letter)


def test_a_letter_action_that_is_not_open_takes_answers_to_official_letters_alone(desk):
    LetterAction.objects.update(opened_at=None)
    desk.action.refresh_from_db()
    with pytest.raises(Refused, match="not open yet"):
        desk.answer(desk.targets[0])
    letter = desk.official(desk.targets[0])
    assert desk.answer(desk.targets[0], letter=letter).pk


def test_no_answer_is_recorded_only_once_the_term_is_over(desk):
    letter = desk.official(desk.targets[0], sent_on=TODAY - 7 * DAY)
    with pytest.raises(Refused, match="not over"):
        desk.answer(desk.targets[0], kind=AnswerKind.NONE, letter=letter, on=TODAY, words="")
    # Fifteen working days after 2 March 2026, without the weekends and the holidays of Nauryz.
    early = desk.official(desk.targets[1], number="2", sent_on=FIRST)
    assert early.due_on > FIRST + 21 * DAY
    with pytest.raises(Refused, match="not over"):
        desk.answer(desk.targets[1], kind=AnswerKind.NONE, letter=early, on=early.due_on, words="")
    desk.answer(desk.targets[1], kind=AnswerKind.NONE, letter=early, on=early.due_on + DAY, words="")


def test_an_answer_consists_of_something(desk):
    with pytest.raises(Refused, match="what was answered"):
        desk.answer(desk.targets[0], words="")
    with pytest.raises(Refused, match="incoming number"):
        desk.answer(desk.targets[0], kind=AnswerKind.INCOMING_NUMBER)
    assert desk.answer(desk.targets[0], words="", url="https://parlam.example/answer").url


def test_recipients_of_other_actions_are_refused(desk):
    elsewhere = Body.objects.create(workspace=desk.made.workspace, kind="ministry", name={"en": "Elsewhere"})
    desk.body, own = elsewhere, desk.body
    with pytest.raises(Refused, match="does not belong"):
        desk.answer()
    stranger = desk.target()
    desk.body = own
    with pytest.raises(Refused, match="does not belong"):
        desk.answer(stranger)
    assert desk.recipient(stranger) == Recipient(own, stranger)  # its body is another one


def test_a_letter_is_recorded_once(desk):
    letter = desk.official(desk.targets[0])
    with pytest.raises(Refused, match="already"):
        desk.official(desk.targets[0])
    desk.official(desk.targets[1])  # the same number to several people
    desk.official()
    with pytest.raises(Refused, match="already"):
        desk.official()
    withdraw_entry(access=desk.access, entry=letter, reason="Typing error")
    assert desk.official(desk.targets[0]).pk != letter.pk
    with pytest.raises(Refused, match="not come"):
        desk.official(desk.targets[0], number="9", sent_on=TODAY + DAY)
    with pytest.raises(Refused, match="outgoing number"):
        desk.official(desk.targets[0], number="  ")


def test_the_term_counts_from_the_incoming_number_once_it_is_known(desk):
    letter = desk.official(desk.targets[0])
    sent = letter.due_on
    came = desk.answer(
        desk.targets[0],
        kind=AnswerKind.INCOMING_NUMBER,
        incoming_number="4711",
        letter=letter,
        on=FIRST + 4 * DAY,
    )
    letter.refresh_from_db()
    assert letter.due_on > sent
    withdraw_entry(access=desk.access, entry=came, reason="Of another letter")
    letter.refresh_from_db()
    assert letter.due_on == sent


def test_the_term_is_data_and_letters_follow_it(desk):
    letter = desk.official(desk.targets[0])
    assert term_of(desk.action).working_days == 15
    assert term_of(desk.action).source.startswith("check with a lawyer: perhaps article 76")
    set_answer_term(access=desk.access, action=desk.action, working_days=1, source="Another law")
    letter.refresh_from_db()
    assert letter.due_on == FIRST + DAY
    assert term_of(LetterAction.objects.get()).source == "Another law"
    with pytest.raises(Refused):
        set_answer_term(access=desk.access, action=desk.action, working_days=0, source="x")


def test_a_term_without_a_law_is_still_to_be_checked(desk):
    set_answer_term(access=desk.access, action=desk.action, working_days=5, source=" ")
    term = term_of(LetterAction.objects.get())
    assert (term.working_days, term.source) == (5, default_source())


def test_entries_are_withdrawn_with_a_reason_and_stay(desk):
    row = desk.answer(desk.targets[0], publish=True)
    with pytest.raises(Refused, match="why"):
        withdraw_entry(access=desk.access, entry=row, reason=" ")
    withdraw_entry(access=desk.access, entry=row, reason="Of another deputy")
    withdraw_entry(access=desk.access, entry=row, reason="Again")
    row.refresh_from_db()
    assert row.withdrawal_reason == "Of another deputy"
    with pytest.raises(Refused, match="withdrawn"):
        publish_entry(access=desk.access, entry=row)
    assert audit_actions().count("letter_board.answer_withdrawn") == 1


def test_a_letter_with_answers_is_not_withdrawn(desk):
    letter = desk.official(desk.targets[0])
    desk.answer(desk.targets[0], letter=letter)
    with pytest.raises(Refused, match="Withdraw those first"):
        withdraw_entry(access=desk.access, entry=letter, reason="Typing error")


def test_the_newest_published_stance_counts(desk):
    first, second, third = desk.targets
    desk.stance(first)
    desk.stance(second, publish=False)  # nobody knows it yet, so nobody is thanked in public
    desk.stance(third)
    desk.stance(third, agrees=False, on=FIRST + DAY)
    assert agreed_targets(desk.action) == {first.uuid}
    with pytest.raises(Refused, match="what shows it"):
        desk.stance(second, words="")
    with pytest.raises(Refused, match="not come"):
        desk.stance(second, on=TODAY + DAY)


def test_official_letters_are_a_kind_of_outreach(desk):
    other = desk.seated(SeatRole.EDITOR)
    desk.official(desk.targets[0])
    desk.official(desk.targets[0], access=other)
    desk.official(number="to the body")
    withdraw_entry(access=desk.access, entry=desk.official(desk.targets[1]), reason="Never sent")
    own = desk.access.organisation.pk
    assert official_letters_reached(desk.made.workspace) == {
        (desk.targets[0].uuid, own): 1,
        (desk.targets[0].uuid, other.organisation.pk): 1,
        (desk.body.uuid, own): 1,
    }


def test_nothing_is_recorded_in_an_archive(desk):
    workspace = desk.made.workspace
    workspace.archived_at = OPENED
    workspace.save(update_fields=["archived_at"])
    with pytest.raises(NotAllowed):
        desk.answer(desk.targets[0])
    assert not OfficialLetter.objects.exists()


def test_the_day_is_that_of_the_site_and_not_of_utc(desk):
    """At 20:00 UTC it is the next day in Kazakhstan."""
    evening = datetime.datetime(2026, 3, 20, 20, tzinfo=datetime.UTC)
    with freeze_clock_at(evening):
        assert desk.answer(desk.targets[0], on=datetime.date(2026, 3, 21)).pk
        with pytest.raises(Refused, match="not come"):
            desk.answer(desk.targets[0], on=datetime.date(2026, 3, 22))


def test_everything_of_an_action_goes_with_it(desk):
    desk.answer(desk.targets[0], letter=desk.official(desk.targets[0]))
    desk.stance(desk.targets[0])
    desk.action.delete()
    assert not OfficialLetter.objects.exists()
