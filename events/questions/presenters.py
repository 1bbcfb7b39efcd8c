"""Question presenters for moderators, for the stage, and for askers."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from coalition.core.clock import now
from coalition.workspaces.permissions import Access
from events.core.enums import EventKind, PressState
from events.core.formatting import moment_words
from events.core.models import Event, PressGuest
from events.core.pages import Area, PublicAction
from events.core.permissions import may_change
from events.questions.actions import questions_closed_reason, stage_until
from events.questions.enums import AskedBy, QuestionState
from events.questions.models import Question, QuestionPeriod
from events.questions.queries import period_of, question_numbers

SHAPES = {  # shapes of components/state.html
    QuestionState.WAITING: "unopened",
    QuestionState.TAKEN: "later",
    QuestionState.NOW: "silent",
    QuestionState.ANSWERED: "approved",
    QuestionState.NOT_TAKEN: "abstains",
}
SHORT, MIDDLING = 90, 220  # characters up to which text is displayed large, and medium


@dataclass(frozen=True)
class PublicQuestion:
    """Question as displayed in public. `is_summary`: the text is a moderator's. `to`: a speaker who
    consented to be named; `by`: the name given, "" without one."""

    question: Question
    words: str
    language: str
    is_summary: bool
    to: str
    by: str
    size: str


@dataclass(frozen=True)
class Stage:
    """Current question and the next ones. `mark` changes with the content of the stage."""

    now: PublicQuestion | None
    next: PublicQuestion | None
    later: int
    mark: str


@dataclass(frozen=True)
class QuestionAction:
    """Moderator's action: the resulting state, and the button label."""

    state: str
    label: str
    is_first: bool


@dataclass(frozen=True)
class QuestionRow:
    """Question row for moderators. `speaker`: addressed speaker, `hidden_speaker`: one without
    consent to be named in public; `others`: questions merged into it."""

    question: Question
    shown: PublicQuestion
    speaker: str
    hidden_speaker: bool
    asked: str
    acts: list[QuestionAction]
    others: list[PublicQuestion]
    can_merge: bool


@dataclass(frozen=True)
class OwnQuestionRow:
    """Asker's own question. `told`: a sentence on its state."""

    question: Question
    state: QuestionState
    shape: str
    told: str
    to: str
    together: bool
    can_take_back: bool


def build_public_question(question: Question) -> PublicQuestion:
    words = question.summary or question.words
    speaker = question.speaker
    size = "l" if len(words) <= SHORT else "m" if len(words) <= MIDDLING else "s"
    return PublicQuestion(
        question=question,
        words=words,
        language=question.summary_language or question.language if question.summary else question.language,
        is_summary=bool(question.summary),
        to=speaker.public_name if speaker is not None and speaker.named else "",
        by=", ".join(part for part in (question.name, question.outlet) if part),
        size=size,
    )


def stage_of(period: QuestionPeriod, questions: Iterable[Question]) -> Stage:
    """Return the stage, from the result of `on_stage`."""
    rows = list(questions)
    current = rows.pop(0) if rows and rows[0].state == QuestionState.NOW else None
    return Stage(
        now=build_public_question(current) if current is not None else None,
        next=build_public_question(rows[0]) if rows else None,
        later=max(len(rows) - 1, 0),
        mark=f"{period.revision}-{period.event.sequence}-{questions_closed_reason(period)}",
    )


def question_rows(event: Event, questions: Iterable[Question]) -> dict[str, list[QuestionRow]]:
    """Return the rows by state: pending ones in the order received, accepted ones in their own
    order, others newest first."""
    found: dict[str, list[QuestionRow]] = {state.value: [] for state in QuestionState}
    for question in questions:
        found[question.state].append(_question_row(event, question))
    found[QuestionState.TAKEN].sort(key=lambda row: (row.question.position, row.question.pk))
    for state in (QuestionState.ANSWERED, QuestionState.NOT_TAKEN):
        found[state].sort(key=lambda row: row.question.moved_at, reverse=True)
    return found


def own_question_rows(questions: Iterable[Question]) -> list[OwnQuestionRow]:
    return [_own_question_row(one) for one in questions]


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
    """Return the questions' line for people who may change the event: for a press conference
    always, for others once they are public."""
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
    return Area(_("Questions online"), words, address, "talk", warns=bool(waiting) and _is_still_open(period))


def asked_by_words(period: QuestionPeriod) -> str:
    return str(AskedBy(period.asked_by).label)


def _is_still_open(period: QuestionPeriod) -> bool:
    return period.event.cancelled_at is None and now() < stage_until(period)


def _question_row(event: Event, question: Question) -> QuestionRow:
    state, speaker = QuestionState(question.state), question.speaker
    return QuestionRow(
        question=question,
        shown=build_public_question(question),
        speaker=speaker.name if speaker is not None else "",
        hidden_speaker=speaker is not None and not speaker.named,
        asked=_asked_at_words(event, question),
        acts=_question_actions(state) if event.cancelled_at is None else [],
        others=[build_public_question(one) for one in getattr(question, "standing_for", [])],
        can_merge=state.can_be_merged and event.cancelled_at is None,
    )


def _asked_at_words(event: Event, question: Question) -> str:
    """Return when it was asked; only the time if it was today."""
    at = question.written_at.astimezone(event.zone_info)
    is_today = at.date() == now().astimezone(event.zone_info).date()
    return formats.time_format(at, "H:i") if is_today else moment_words(event, at)


def _question_actions(state: QuestionState) -> list[QuestionAction]:
    """Return the available actions, most likely first."""
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
    return [QuestionAction(to.value, word, place == 0) for place, (to, word) in enumerate(words)]


def _own_question_row(question: Question) -> OwnQuestionRow:
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
    return OwnQuestionRow(
        question=question,
        state=state,
        shape=SHAPES[state],
        told=told[state],
        to=build_public_question(question).to,
        together=lead is not None,
        can_take_back=before or lead is not None,
    )


def questions_of_journalist(guest: PressGuest, token: str) -> dict[str, str] | None:
    """Return the part of a confirmed journalist's own page: where to ask, and why questions are
    closed; None if the event accepts no questions online."""
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
