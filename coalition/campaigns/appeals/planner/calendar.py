"""The steps of a petition plan as deadlines in the workspace's calendar, made by the actions of events."""

from collections.abc import Iterable

from django.utils.translation import get_language

from coalition.accounts.models import Language
from coalition.campaigns.appeals.models import PetitionPlan, PetitionStep
from coalition.campaigns.appeals.planner.schedule import DatedStep, dated_steps
from coalition.workspaces.permissions import Access
from events.core.actions.plan import cancel_event, change_event, move_event, place_input_for, plan_event
from events.core.actions.times import EventTextInput, EventTimesInput
from events.core.enums import EventKind, EventState
from events.core.models import Event


def update_deadlines(access: Access, plan: PetitionPlan) -> int:
    """Make or change the deadline of each step. Returns how many there are. In the caller's transaction.

    A deadline that somebody cancelled in the calendar is made anew.
    """
    steps = dated_steps(plan.steps.select_related("event"), plan.files_on)
    for one in steps:
        event = one.step.event
        if event is None or event.state == EventState.CANCELLED:
            one.step.event = _make(access, one)
            one.step.save(update_fields=["event"])
        else:
            _follow(access, event, one)
    return len(steps)


def remove_deadlines(access: Access, steps: Iterable[PetitionStep]) -> None:
    """Cancel the deadlines of these steps. In the caller's transaction."""
    for step in steps:
        if step.event is not None:
            cancel_event(access=access, event=step.event)
            step.event = None
            step.save(update_fields=["event"])


def _make(access: Access, one: DatedStep) -> Event:
    return plan_event(
        access=access,
        kind=EventKind.DEADLINE,
        texts={_language(): EventTextInput(title=one.step.name)},
        times=EventTimesInput(starts_on=one.day),
    )


def _follow(access: Access, event: Event, one: DatedStep) -> None:
    """Give an event the step's name and day, whether people were told of it or not."""
    texts = {text.language: text for text in event.texts.all()}
    language = _language() if _language() in texts else next(iter(texts), _language())
    text = texts.get(language)
    if event.starts_on != one.day:
        times = EventTimesInput(starts_on=one.day, zone=event.zone)
        if event.is_told:
            event = move_event(access=access, event=event, times=times)
        else:
            event = _change(access, event, {}, times)
    if text is None or text.title != one.step.name:
        words = EventTextInput(
            title=one.step.name,
            text=text.text if text else "",
            place=text.place if text else "",
            address=text.address if text else "",
            access_notes=text.access_notes if text else "",
        )
        _change(access, event, {language: words}, None)


def _change(
    access: Access, event: Event, texts: dict[str, EventTextInput], times: EventTimesInput | None
) -> Event:
    return change_event(
        access=access,
        event=event,
        kind=EventKind(event.kind),
        texts=texts,
        place=place_input_for(event),
        handling=event.handling,  # type: ignore[arg-type]  # one of the choices
        draft=event.draft,
        picture=event.picture,
        times=times,
    )


def _language() -> str:
    language = (get_language() or "").split("-")[0]
    return language if language in Language.values else Language.KK.value
