"""People of the desk record letters, answers and stances, withdraw them, and publish what may be public."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.appeals.titles import title_of
from coalition.campaigns.core import records
from coalition.campaigns.core.dates import working_day_after
from coalition.campaigns.core.days import site_today
from coalition.campaigns.letters.board.enums import AnswerKind
from coalition.campaigns.letters.board.models import (
    MOST_TERM_DAYS,
    Answer,
    AnswerTerm,
    BoardEntry,
    OfficialLetter,
    Stance,
)
from coalition.campaigns.letters.board.permissions import may_publish, may_record, require_that
from coalition.campaigns.letters.board.terms import due_day, site_day, term_of
from coalition.campaigns.letters.models import LetterAction
from coalition.campaigns.letters.records import record_letter_action
from coalition.campaigns.recipients.models import Body, Target
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.localized_text import LocalizedText
from coalition.workspaces.permissions import Access
from documents.files.models import StoredFile
from documents.files.public_copy import prepare_public_copy, require_usable

_EDITORS = _("Those who edit here record what came.")
_PUBLISHERS = _("Coordinators publish what came.")


@dataclass(frozen=True)
class Recipient:
    """To or from whom: a person of a body, or the body as a whole (`target` None)."""

    body: Body
    target: Target | None = None


@dataclass(frozen=True)
class LetterContent:
    """An official letter as it was typed in."""

    outgoing_number: str
    sent_on: datetime.date
    note: str = ""
    file: StoredFile | None = None


@dataclass(frozen=True)
class AnswerContent:
    """An answer as it was typed in. `letter`: the official letter that it answers."""

    kind: AnswerKind
    on: datetime.date
    incoming_number: str = ""
    letter: OfficialLetter | None = None
    words: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    file: StoredFile | None = None


@dataclass(frozen=True)
class StanceContent:
    """What shows whether a person agrees."""

    agrees: bool
    on: datetime.date
    words: Mapping[str, str] = field(default_factory=dict)
    url: str = ""
    file: StoredFile | None = None


def record_letter(
    *, access: Access, action: LetterAction, recipient: Recipient, content: LetterContent
) -> OfficialLetter:
    """Record a letter that one's organisation sent, and by when it has to be answered.

    Raises NotAllowed; Refused for a day to come, for a recipient of another action, without an outgoing
    number, or if it is recorded already.
    """
    require_that(may_record(access), _EDITORS)
    if content.file is not None:
        require_usable(access, content.file)
    with transaction.atomic():
        locked = _lock(access, action)
        _check_recipient(locked, recipient)
        _check_not_to_come(content.sent_on)
        number = content.outgoing_number.strip()
        if not number:
            raise Refused(_("Give the outgoing number of the letter."))
        same = locked.official_letters.filter(
            organisation=access.organisation,
            outgoing_number=number,
            body=recipient.body,
            target=recipient.target,
            withdrawn_at=None,
        )
        if same.exists():
            raise Refused(_("This letter is recorded already."))
        letter = OfficialLetter(
            action=locked,
            outgoing_number=number,
            sent_on=content.sent_on,
            note=content.note.strip(),
            **_entry(access, recipient, content.file),
        )
        letter.due_on = due_day(letter, term_of(locked).working_days)
        letter.save()
        _record(access, locked, "letter_board.letter_recorded", letter)
    return letter


def record_answer(
    *,
    access: Access,
    action: LetterAction,
    recipient: Recipient,
    content: AnswerContent,
    publish: bool = False,
) -> Answer:
    """Record what came from a recipient, or that nothing came in time. `publish`: show it to everybody too.

    Raises NotAllowed; Refused for a day to come or before the action or the letter, for an answer without
    what it consists of, and if the file cannot be cleaned.
    """
    require_that(may_record(access), _EDITORS)
    require_that(may_publish(access) or not publish, _PUBLISHERS)
    prepare_public_copy(access, content.file)
    with transaction.atomic():
        locked = _lock(access, action)
        _check_recipient(locked, recipient)
        _check_answer(locked, recipient, content)
        answer = Answer.objects.create(
            action=locked,
            kind=content.kind,
            on=content.on,
            incoming_number=content.incoming_number.strip(),
            letter=content.letter,
            words=LocalizedText(content.words),
            url=content.url,
            published_at=now() if publish else None,
            **_entry(access, recipient, content.file),
        )
        if answer.letter is not None:
            _update_due_day(answer.letter, locked)
        _record(access, locked, "letter_board.answer_recorded", answer, kind=answer.kind, published=publish)
        _notify(access, locked, "letter_answer_recorded")
    return answer


def record_stance(
    *, access: Access, action: LetterAction, target: Target, content: StanceContent, publish: bool = False
) -> Stance:
    """Record that a person agrees or does not. `publish`: show it to everybody too.

    Raises NotAllowed; Refused for a day to come, without evidence, and if the file cannot be cleaned.
    """
    require_that(may_record(access), _EDITORS)
    require_that(may_publish(access) or not publish, _PUBLISHERS)
    prepare_public_copy(access, content.file)
    with transaction.atomic():
        locked = _lock(access, action)
        recipient = Recipient(target.body, target)
        _check_recipient(locked, recipient)
        _check_not_to_come(content.on)
        if not (content.url or content.file or LocalizedText(content.words)):
            raise Refused(_("Say what shows it: a link, a file or words."))
        stance = Stance.objects.create(
            action=locked,
            agrees=content.agrees,
            on=content.on,
            words=LocalizedText(content.words),
            url=content.url,
            published_at=now() if publish else None,
            **_entry(access, recipient, content.file),
        )
        _record(
            access, locked, "letter_board.stance_recorded", stance, agrees=stance.agrees, published=publish
        )
    return stance


def withdraw_entry(*, access: Access, entry: BoardEntry, reason: str) -> None:
    """Withdraw a letter, an answer or a stance: it counts no more, and nobody but the desk sees it.

    Raises NotAllowed; Refused without a reason, and for a letter that has answers. Twice is one.
    """
    require_that(may_record(access), _EDITORS)
    with transaction.atomic():
        action, row = _lock_entry(access, entry)
        if not reason.strip():
            raise Refused(_("Say why: the reason stays beside it."))
        if row.withdrawn_at is not None:
            return
        if isinstance(row, OfficialLetter) and row.answers.filter(withdrawn_at=None).exists():
            raise Refused(_("Answers to this letter are recorded. Withdraw those first."))
        row.withdrawn_at, row.withdrawal_reason = now(), reason.strip()
        row.save(update_fields=["withdrawn_at", "withdrawal_reason"])
        if isinstance(row, Answer) and row.letter is not None:
            _update_due_day(row.letter, action)
        _record(access, action, f"letter_board.{_word(row)}_withdrawn", row)


def publish_entry(*, access: Access, entry: Answer | Stance) -> None:
    """Show an answer or a stance to everybody. Twice is one. Raises NotAllowed; Refused if it is withdrawn or
    its file may not be shown."""
    require_that(may_publish(access), _PUBLISHERS)
    prepare_public_copy(access, entry.file)
    with transaction.atomic():
        action, row = _lock_entry(access, entry)
        if row.withdrawn_at is not None:
            raise Refused(_("It is withdrawn."))
        if row.published_at is None:
            row.published_at = now()
            row.save(update_fields=["published_at"])
            _record(access, action, f"letter_board.{_word(row)}_published", row)
            if isinstance(row, Answer):
                _notify(access, action, "letter_answer_published")


def unpublish_entry(*, access: Access, entry: Answer | Stance) -> None:
    """Take it off the public board. Twice is one. Raises NotAllowed."""
    require_that(may_publish(access), _PUBLISHERS)
    with transaction.atomic():
        action, row = _lock_entry(access, entry)
        if row.published_at is not None:
            row.published_at = None
            row.save(update_fields=["published_at"])
            _record(access, action, f"letter_board.{_word(row)}_unpublished", row)


def set_answer_term(*, access: Access, action: LetterAction, working_days: int, source: str) -> AnswerTerm:
    """Set by when official letters of an action have to be answered. Those that are recorded follow.

    `source`: by which law, "" while no lawyer has said so. Raises NotAllowed; Refused for a number that
    cannot be.
    """
    require_that(may_record(access), _EDITORS)
    if not 1 <= working_days <= MOST_TERM_DAYS:
        raise Refused(_("A number lies between 1 and %(most)s."), most=MOST_TERM_DAYS)
    with transaction.atomic():
        locked = _lock(access, action)
        term, _made = AnswerTerm.objects.update_or_create(
            action=locked, defaults={"working_days": working_days, "source": source.strip()}
        )
        for letter in locked.official_letters.filter(withdrawn_at=None):
            letter.due_on = due_day(letter, working_days)
            letter.save(update_fields=["due_on"])
        _record(access, locked, "letter_board.term_set", None, working_days=working_days)
    return term


def _lock(access: Access, action: LetterAction) -> LetterAction:
    """Return the action, locked until the transaction ends: entries of one action are made one by one."""
    rows = LetterAction.objects.select_for_update(of=("self",)).select_related("workspace", "publication")
    return rows.get(pk=action.pk, workspace=access.workspace)


def _lock_entry[E: BoardEntry](access: Access, entry: E) -> tuple[LetterAction, Any]:
    action = _lock(access, entry.action)  # type: ignore[attr-defined]  # each kind of entry has one
    rows = type(entry)._default_manager.select_for_update(of=("self",))
    return action, rows.get(pk=entry.pk, action=action)


def _entry(access: Access, recipient: Recipient, file: StoredFile | None) -> dict[str, Any]:
    return {
        "body": recipient.body,
        "target": recipient.target,
        "file": file,
        "organisation": access.organisation,
        "recorded_by": access.user,
        "at": now(),
    }


def _check_recipient(action: LetterAction, recipient: Recipient) -> None:
    is_of_body = recipient.target is None or recipient.target.body_id == recipient.body.pk
    if not is_of_body or not action.bodies.filter(pk=recipient.body.pk).exists():
        raise Refused(_("This recipient does not belong to this letter action."))


def _check_not_to_come(day: datetime.date) -> None:
    if day > site_today():
        raise Refused(_("This day has not come yet."))


def _check_answer(action: LetterAction, recipient: Recipient, content: AnswerContent) -> None:
    _check_not_to_come(content.on)
    letter = content.letter
    if letter is not None:
        _check_letter(action, recipient, letter)
        begins = letter.sent_on
    elif action.opened_at is None:
        raise Refused(_("The letter action is not open yet. Answers to official letters can be recorded."))
    else:
        begins = site_day(action.opened_at)
    if content.on < begins:
        raise Refused(_("An answer comes after the letter: not before %(day)s."), day=begins.isoformat())
    if content.kind == AnswerKind.NONE:
        days = term_of(action).working_days
        due = letter.due_on if letter is not None else working_day_after(begins, days)
        if content.on <= due:
            raise Refused(_("The term for an answer is not over: it ends on %(day)s."), day=due.isoformat())
    if content.kind == AnswerKind.INCOMING_NUMBER and not content.incoming_number.strip():
        raise Refused(_("Give the incoming number."))
    has_content = content.url or content.file or LocalizedText(content.words)
    if content.kind == AnswerKind.ANSWER and not has_content:
        raise Refused(_("Say what was answered: in words, by a link or a file."))


def _check_letter(action: LetterAction, recipient: Recipient, letter: OfficialLetter) -> None:
    if letter.action_id != action.pk or letter.withdrawn_at is not None:
        raise Refused(_("This official letter is withdrawn or belongs to another letter action."))
    is_other_person = None not in {letter.target_id, recipient.target} and letter.target != recipient.target
    if letter.body_id != recipient.body.pk or is_other_person:
        raise Refused(_("This official letter went to somebody else."))


def _update_due_day(letter: OfficialLetter, action: LetterAction) -> None:
    letter.due_on = due_day(letter, term_of(action).working_days)
    letter.save(update_fields=["due_on"])


def _word(entry: BoardEntry) -> str:
    return {OfficialLetter: "letter", Answer: "answer", Stance: "stance"}[type(entry)]


def _record(
    access: Access, action: LetterAction, audit_action: str, entry: BoardEntry | None, **detail: Any
) -> None:
    """Write the audit entry in the caller's transaction: numbers and codes, no words."""
    if entry is not None:
        detail["entry"] = str(entry.uuid)
    record_letter_action(access, action, audit_action, **detail)


def _notify(access: Access, action: LetterAction, kind: str) -> None:
    """Write the activity in the caller's transaction, for those who see drafts."""
    records.notify_workspace(
        access,
        kind,
        subject=action.uuid,
        subject_kind="letter_board",
        workspace=action.workspace,
        title=title_of(action.publication) or action.slug,
    )
