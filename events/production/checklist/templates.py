"""Checklists that an organiser begins with, counted back from the day: what, and how many days before.

From the practice of press services: an advisory a week before, calls three days before and on the morning;
of exhibitions, works that arrive, labels, insurance, return.
"""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from events.core.enums import EventKind


@dataclass(frozen=True)
class Line:
    """One line of a template. `days`: before the first day; 0: on the day; negative: after it."""

    key: str
    title: str | Promise
    days: int


PRESS_CONFERENCE = (
    Line("room", _("Book the room, step-free, with a quiet room beside it"), 21),
    Line("second-place", _("Agree on a second place in case this one falls through"), 14),
    Line("speakers", _("Ask speakers, and whether they may be named and photographed"), 14),
    Line("interpreters", _("Book interpreters, sign language too"), 14),
    Line("guide", _("Approve the message guide with the hard questions"), 10),
    Line("advisory", _("Send the advisory to the media list"), 7),
    Line("safety", _("Name who answers for safety: steward, lawyer, first aid, psychologist"), 5),
    Line("calls", _("Call the newsrooms"), 3),
    Line("kit", _("Make the kit: texts, pictures with captions, contacts"), 3),
    Line("sound", _("Try sound, the split for cameras, light and screen"), 1),
    Line("photo-rule", _("Set seats where nobody is photographed, and put up the rule"), 1),
    Line("morning-calls", _("Call the newsrooms once more in the morning"), 0),
    Line("water", _("Water, name plates, the list at the door"), 0),
    Line("thanks", _("Thank speakers and journalists, send the recording"), -1),
    Line("coverage", _("Write down what was aired and printed"), -7),
    Line("learned", _("Write down what we learned"), -7),
)
EXHIBITION = (
    Line("rights", _("Agree with the makers on the right to show and to reproduce"), 60),
    Line("loans", _("Sign loan agreements"), 45),
    Line("venue", _("Agree with the venue: hours, step-free way, guards"), 45),
    Line("labels", _("Write the labels in three languages, with content notes"), 21),
    Line("arrival", _("Works arrive: write down their condition with photographs"), 10),
    Line("volunteers", _("Plan the volunteers' shifts and brief them on safety"), 10),
    Line("quiet", _("Set up the quiet corner and the way to help"), 5),
    Line("hang", _("Hang the works, check the light"), 3),
    Line("opening", _("Prepare the opening night"), 1),
    Line("return", _("Works go back: write down their condition with photographs"), -60),
)
SIMPLE = (
    Line("place", _("Book the place, step-free"), 14),
    Line("invite", _("Invite people"), 10),
    Line("prepare", _("Prepare what will be shown or discussed"), 5),
    Line("remind", _("Remind those who come"), 1),
    Line("notes", _("Send notes to everyone"), -2),
)
_KINDS = {EventKind.PRESS_CONFERENCE: PRESS_CONFERENCE, EventKind.EXHIBITION: EXHIBITION}


def template_for(kind: str) -> tuple[Line, ...]:
    """The lines to begin with for an event of this kind; a deadline has none."""
    if kind == EventKind.DEADLINE:
        return ()
    return _KINDS.get(EventKind(kind), SIMPLE)
