"""Questions to an event as the desk, the stage and who asked read them."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from coalition.core.clock import now
from coalition.workspaces.permissions import Access
from events.core.area import Area
from events.core.enums import EventKind
from events.core.formatting import moment_words
from events.core.models import Event
from events.core.permissions import may_change
from events.press.registration.enums import PressState
from events.press.registration.models import PressGuest
from events.questions.actions import stage_until, why_closed
from events.questions.enums import AskedBy, QuestionState
from events.questions.models import Question, QuestionPeriod
from events.questions.queries import period_of, question_numbers

SHAPES = {  # of components/state.html
    QuestionState.WAITING: "unopened",
    QuestionState.TAKEN: "later",
    QuestionState.NOW: "silent",
    QuestionState.ANSWERED: "approved",
    QuestionState.NOT_TAKEN: "abstains",
}
SHORT, MIDDLING = 90, 220  # characters that a screen shows large, and less large


@dataclass(frozen=True)
class Shown:
    """A question as everybody may read it. `is_summary`: these are a moderator's words, not the person's.
    `to`: a speaker who agreed to be named; `by`: what the person gave, "" without a name."""

    question: Question
    words: str
    language: str
    is_summary: bool
    to: str
    by: str
    size: str


@dataclass(frozen=True)
class Stage:
    """What is asked now and what comes next. `mark` changes with what the stage shows."""

    now: Shown | None
    next: Shown | None
    later: int
    mark: str


@dataclass(frozen=True)
class Act:
    """What a moderator can do with a question: the state it gets, and the word on the button."""

    state: str
    label: str
    is_first: bool


@dataclass(frozen=True)
class QuestionRow:
    """One question at the desk. `speaker`: to whom, `hidden_speaker`: who did not agree to be named outside;
    `others`: what it stands for."""

    question: Question
    shown: Shown
    speaker: str
    hidden_speaker: bool
    asked: str
    acts: list[Act]
    others: list[Shown]
    can_merge: bool


@dataclass(frozen=True)
class OwnRow:
    """One's own question. `told`: what becomes of it, as a sentence."""

    question: Question
    state: QuestionState
    shape: str
    told: str
    to: str
    together: bool
    can_take_back: bool


def shown(question: Question) -> Shown:
    words = question.summary or question.words
    speaker = question.speaker
    size = "l" if len(words) <= SHORT else "m" if len(words) <= MIDDLING else "s"
    return Shown(
        question=question,
        words=words,
        language=question.summary_language or question.language if question.summary else question.language,
        is_summary=bool(question.summary),
        to=speaker.public_name if speaker is not None and speaker.named else "",
        by=", ".join(part for part in (question.name, question.outlet) if part),
        size=size,
    )


def stage_of(period: QuestionPeriod, questions: Iterable[Question]) -> Stage:
    """The stage, from what `on_stage` gives."""
    rows = list(questions)
    current = rows.pop(0) if rows and rows[0].state == QuestionState.NOW else None
    return Stage(
        now=shown(current) if current is not None else None,
        next=shown(rows[0]) if rows else None,
        later=max(len(rows) - 1, 0),
        mark=f"{period.revision}-{period.event.sequence}-{why_closed(period)}",
    )


def question_rows(event: Event, questions: Iterable[Question]) -> dict[str, list[QuestionRow]]:
    """By state: those that wait in the order of asking, those taken in their own, others newest first."""
    found: dict[str, list[QuestionRow]] = {state.value: [] for state in QuestionState}
    for question in questions:
        found[question.state].append(_row(event, question))
    found[QuestionState.TAKEN].sort(key=lambda row: (row.question.position, row.question.pk))
    for state in (QuestionState.ANSWERED, QuestionState.NOT_TAKEN):
        found[state].sort(key=lambda row: row.question.moved_at, reverse=True)
    return found


def own_rows(questions: Iterable[Question]) -> list[OwnRow]:
    return [_own(one) for one in questions]


def closed_words(period: QuestionPeriod, why: str) -> str:
    """Why nobody can ask, as a sentence; "" while it is open."""
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
    """The line for who may change the event: of a press conference always, of others once they are public."""
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
    return Area(_("Questions online"), words, address, "talk", warns=bool(waiting) and _still_on(period))


def asked_by_words(period: QuestionPeriod) -> str:
    return str(AskedBy(period.asked_by).label)


def _still_on(period: QuestionPeriod) -> bool:
    return period.event.cancelled_at is None and now() < stage_until(period)


def _row(event: Event, question: Question) -> QuestionRow:
    state, speaker = QuestionState(question.state), question.speaker
    return QuestionRow(
        question=question,
        shown=shown(question),
        speaker=speaker.name if speaker is not None else "",
        hidden_speaker=speaker is not None and not speaker.named,
        asked=_asked(event, question),
        acts=_acts(state) if event.cancelled_at is None else [],
        others=[shown(one) for one in getattr(question, "standing_for", [])],
        can_merge=state.can_be_merged and event.cancelled_at is None,
    )


def _asked(event: Event, question: Question) -> str:
    """When: the time alone if it was today."""
    at = question.written_at.astimezone(event.zone_info)
    is_today = at.date() == now().astimezone(event.zone_info).date()
    return formats.time_format(at, "H:i") if is_today else moment_words(event, at)


def _acts(state: QuestionState) -> list[Act]:
    """What one press does, the likeliest first."""
    words = {
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
    }[state]
    return [Act(to.value, word, place == 0) for place, (to, word) in enumerate(words)]


def _own(question: Question) -> OwnRow:
    lead = question.lead
    state = QuestionState(lead.state if lead is not None else question.state)
    told = {
        QuestionState.WAITING: _("It waits: a moderator has not decided yet."),
        QuestionState.TAKEN: _("It is taken and will be asked, if there is time."),
        QuestionState.NOW: _("It is asked now."),
        QuestionState.ANSWERED: _("It was answered."),
        QuestionState.NOT_TAKEN: _("It was not taken. There is not time for every question."),
    }
    before = state not in {QuestionState.NOW, QuestionState.ANSWERED}
    return OwnRow(
        question=question,
        state=state,
        shape=SHAPES[state],
        told=told[state],
        to=shown(question).to,
        together=lead is not None,
        can_take_back=before or lead is not None,
    )


def questions_of_journalist(guest: PressGuest, token: str) -> dict[str, str] | None:
    """For a confirmed journalist's own page: where they ask, and why not yet or no more; None where nothing
    is asked online."""
    event = guest.registration.event
    period = period_of(event)
    if period is None or guest.state != PressState.CONFIRMED or not event.is_public:
        return None
    return {
        "address": reverse("own_questions", args=[token]),
        "closed": closed_words(period, why_closed(period)),
    }
