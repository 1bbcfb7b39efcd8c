"""Sentences about events around decisions other than texts."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.workspaces.notifications.kinds import NotificationKind
from documents.resolutions.enums import Outcome

ACTIVITIES: Mapping[str, str | Promise] = {
    "question_asked": _("%(actor)s put a question to organisations: “%(title)s”."),
    "question_answered": _("%(organisation)s answered the question “%(title)s”."),
    "question_settled": _("The question “%(title)s” is decided: %(outcome)s."),
    "question_taken_back": _("%(actor)s took the question “%(title)s” back."),
}
LABELS = {"outcome": dict(Outcome.choices)}
ACTIONS: Mapping[str, str | Promise] = {
    "question.asked": _("Put a question to organisations"),
    "question.answered": _("Answered a question for an organisation"),
    "question.settled": _("A question was decided at its deadline"),
    "question.taken_back": _("Took a question back"),
}
KINDS: Mapping[str, NotificationKind] = {
    "question_asked": NotificationKind(
        sentence=_("%(actor)s asks %(about)s to decide on “%(title)s” until %(deadline)s."),
        outline=_("A question waits for the answer of your organisation."),
        icon="speech",
        asks=True,
    ),
    "question_reminder": NotificationKind(
        sentence=_("%(about)s has not answered “%(title)s” yet. The deadline is %(deadline)s."),
        outline=_("The deadline of a question is near, and your organisation has not answered."),
        icon="clock",
        asks=True,
        urgent=True,
    ),
    "answered_for_you": NotificationKind(
        sentence=_("%(actor)s answered “%(title)s” for %(about)s."),
        outline=_("Somebody answered a question for your organisation."),
        icon="check",
        asks=True,
        protects=True,
    ),
    "question_settled": NotificationKind(
        sentence=_("“%(title)s” is decided: %(outcome)s."),
        outline=_("A question that was put to your organisation is decided."),
        icon="info",
        asks=True,
    ),
    "question_taken_back": NotificationKind(
        sentence=_("%(actor)s took the question “%(title)s” back: nothing is decided on it."),
        outline=_("A question that was put to your organisation was taken back."),
        icon="x",
    ),
}
