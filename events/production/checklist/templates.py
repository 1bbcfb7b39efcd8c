"""Checklist templates: tasks with their number of days before the event.

From the practice of press services: an advisory a week before, calls three days before and on the
morning; of exhibitions: arrival of works, labels, insurance, return.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from events.core.enums import EventKind


@dataclass(frozen=True)
class TemplateLine:
    """One line of a template. `days`: before the first day; 0: on the day; negative: after it."""

    key: str
    title: str | Promise
    days: int


PRESS_CONFERENCE = (
    TemplateLine("room", _("Book the room, step-free, with a quiet room beside it"), 21),
    TemplateLine("second-place", _("Agree on a second place in case this one falls through"), 14),
    TemplateLine("speakers", _("Ask speakers, and whether they may be named and photographed"), 14),
    TemplateLine("interpreters", _("Book interpreters, sign language too"), 14),
    TemplateLine("guide", _("Approve the message guide with the hard questions"), 10),
    TemplateLine("advisory", _("Send the advisory to the media list"), 7),
    TemplateLine("safety", _("Name who answers for safety: steward, lawyer, first aid, psychologist"), 5),
    TemplateLine("calls", _("Call the newsrooms"), 3),
    TemplateLine("kit", _("Make the kit: texts, pictures with captions, contacts"), 3),
    TemplateLine("sound", _("Try sound, the split for cameras, light and screen"), 1),
    TemplateLine("photo-rule", _("Set seats where nobody is photographed, and put up the rule"), 1),
    TemplateLine("morning-calls", _("Call the newsrooms once more in the morning"), 0),
    TemplateLine("water", _("Water, name plates, the list at the door"), 0),
    TemplateLine("thanks", _("Thank speakers and journalists, send the recording"), -1),
    TemplateLine("coverage", _("Write down what was aired and printed"), -7),
    TemplateLine("learned", _("Write down what we learned"), -7),
)
EXHIBITION = (
    TemplateLine("rights", _("Agree with the makers on the right to show and to reproduce"), 60),
    TemplateLine("loans", _("Sign loan agreements"), 45),
    TemplateLine("venue", _("Agree with the venue: hours, step-free way, guards"), 45),
    TemplateLine("labels", _("Write the labels in three languages, with content notes"), 21),
    TemplateLine("arrival", _("Works arrive: write down their condition with photographs"), 10),
    TemplateLine("volunteers", _("Plan the volunteers' shifts and brief them on safety"), 10),
    TemplateLine("quiet", _("Set up the quiet corner and the way to help"), 5),
    TemplateLine("hang", _("Hang the works, check the light"), 3),
    TemplateLine("opening", _("Prepare the opening night"), 1),
    TemplateLine("return", _("Works go back: write down their condition with photographs"), -60),
)
SIMPLE = (
    TemplateLine("place", _("Book the place, step-free"), 14),
    TemplateLine("invite", _("Invite people"), 10),
    TemplateLine("prepare", _("Prepare what will be shown or discussed"), 5),
    TemplateLine("remind", _("Remind those who come"), 1),
    TemplateLine("notes", _("Send notes to everyone"), -2),
)
_KINDS = {EventKind.PRESS_CONFERENCE: PRESS_CONFERENCE, EventKind.EXHIBITION: EXHIBITION}


def template_for(kind: str) -> tuple[TemplateLine, ...]:
    """Return the template for this kind of event; empty for a deadline."""
    if kind == EventKind.DEADLINE:
        return ()
    return _KINDS.get(EventKind(kind), SIMPLE)
