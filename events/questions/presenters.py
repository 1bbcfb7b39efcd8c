"""Question presenters for moderators, for the stage, and for askers."""

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _, ngettext, pgettext

from coalition.core.clock import now
from coalition.workspaces.permissions import Access
from events.core.enums import EventKind, PressState
from events.core.formatting import moment_words
from events.core.models import Event, PressGuest
from events.core.permissions import may_change
from events.core.public_pages import Area, PublicAction
from events.questions.actions import questions_closed_reason, stage_until
from events.questions.models import AskedBy, Question, QuestionPeriod, QuestionState
from events.questions.queries import period_of, question_numbers

SHAPES = {  # shapes of components/state.html
    QuestionState.WAITING: "unopened",
    QuestionState.TAKEN: "later",
    QuestionState.NOW: "silent",
    QuestionState.ANSWERED: "approved",
    QuestionState.NOT_TAKEN: "abstains",
}


def stage_of(period: QuestionPeriod, questions: Iterable[Question]) -> dict[str, Any]:
    """Return the current question and the next ones, from the result of `stage_questions`.

    `mark` changes with the content of the stage.
    """
    rows = list(questions)
    current = rows.pop(0) if rows and rows[0].state == QuestionState.NOW else None
    return {
        "now": current,
        "next": rows[0] if rows else None,
        "later": max(len(rows) - 1, 0),
        "mark": f"{period.revision}-{period.event.sequence}-{questions_closed_reason(period)}",
    }


def question_rows(event: Event, questions: Iterable[Question]) -> dict[str, list[dict[str, Any]]]:
    """Return the rows by state: pending as received, accepted in their order, others newest first.

    `actions`: the states that a question can get, most likely first, with labels of buttons.
    """
    actions = {
        QuestionState.WAITING: [
            (QuestionState.TAKEN, pgettext("a question", "Take")),
            (QuestionState.NOT_TAKEN, pgettext("a question", "Do not take")),
        ],
        QuestionState.TAKEN: [
            (QuestionState.NOW, pgettext("a question", "Now")),
            (QuestionState.NOT_TAKEN, pgettext("a question", "Do not take")),
        ],
        QuestionState.NOW: [
            (QuestionState.ANSWERED, pgettext("a question", "Answered")),
            (QuestionState.TAKEN, pgettext("a question", "Put back")),
        ],
        QuestionState.ANSWERED: [(QuestionState.TAKEN, pgettext("a question", "Ask again"))],
        QuestionState.NOT_TAKEN: [(QuestionState.WAITING, _("Undo"))],
    }
    found: dict[str, list[dict[str, Any]]] = {state.value: [] for state in QuestionState}
    today = now().astimezone(event.zone_info).date()
    for one in questions:
        at = one.written_at.astimezone(event.zone_info)
        row = {
            "question": one,
            "asked": formats.time_format(at, "H:i") if at.date() == today else moment_words(event, at),
            "actions": actions[QuestionState(one.state)] if event.cancelled_at is None else [],
        }
        found[one.state].append(row)
    found[QuestionState.TAKEN].sort(key=lambda row: (row["question"].position, row["question"].pk))
    for state in (QuestionState.ANSWERED, QuestionState.NOT_TAKEN):
        found[state].sort(key=lambda row: row["question"].moved_at, reverse=True)
    return found


def questions_closed_message(period: QuestionPeriod, why: str) -> str:
    """Return a sentence on why questions are closed; "" while they are open."""
    return {
        "": "",
        "cancelled": _("The event is cancelled: no questions are asked."),
        "early": _("Questions open %(moment)s.") % {"moment": moment_words(period.event, period.opening)},
        "over": _("The time for questions is over. Thank you to everyone who asked."),
        "closed": _("Questions are closed. Thank you to everyone who asked."),
        "press": _(
            "Journalists who are confirmed ask here, by the link in the mail about their registration."
        ),
    }[why]


def questions_area(event: Event, access: Access) -> Area | None:
    """Return the line for people who may change the event: of a press conference, or a public event."""
    if not may_change(access, event):
        return None
    period, waiting, taken = question_numbers(event)
    address = reverse("events:questions", args=[event.uuid])
    if period is None:
        ended = event.cancelled_at is not None or (event.lasts_until or event.ends_at) < now()
        fits = event.kind == EventKind.PRESS_CONFERENCE or event.is_public
        return Area(_("Questions online"), _("not open"), address, "talk") if fits and not ended else None
    words = ngettext("%(count)d question is taken", "%(count)d questions are taken", taken)
    words %= {"count": taken}
    if waiting:
        words = ngettext("%(count)d question waits", "%(count)d questions wait", waiting) % {"count": waiting}
    warns = bool(waiting) and event.cancelled_at is None and now() < stage_until(period)
    return Area(_("Questions online"), words, address, "talk", warns=warns)


def own_question_row(question: Question) -> dict[str, Any]:
    """Return an asker's own question with its state, and an explanation of that."""
    lead = question.lead
    state = QuestionState(lead.state if lead is not None else question.state)
    explanations = {
        QuestionState.WAITING: _("It waits: a moderator has not decided yet."),
        QuestionState.TAKEN: _("It is taken and will be asked, if there is time."),
        QuestionState.NOW: _("It is asked now."),
        QuestionState.ANSWERED: _("It was answered."),
        QuestionState.NOT_TAKEN: _("It was not taken. There is not time for every question."),
    }
    return {
        "question": question,
        "label": state.label,
        "shape": SHAPES[state],
        "explanation": explanations[state],
        "can_withdraw": lead is not None or state not in {QuestionState.NOW, QuestionState.ANSWERED},
    }


def questions_of_journalist(guest: PressGuest, token: str) -> dict[str, str] | None:
    """Return where a confirmed journalist asks, and why that is closed; None without questions online."""
    event = guest.registration.event
    period = period_of(event)
    if period is None or guest.state != PressState.CONFIRMED or not event.is_public:
        return None
    return {
        "address": reverse("own_questions", args=[token]),
        "closed": questions_closed_message(period, questions_closed_reason(period)),
    }


def questions_action(event: Event) -> PublicAction | None:
    """The way to ask, while everyone can; journalists have a link of their own."""
    period = period_of(event)
    if period is None or period.asked_by != AskedBy.EVERYONE or questions_closed_reason(period):
        return None
    label = pgettext("at an event", "Ask a question")
    return PublicAction(label, reverse("event_questions", args=[event.slug]), "talk")
