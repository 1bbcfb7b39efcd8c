"""The sentences of what happens around drafts, their texts and versions."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.workspaces.notifications.kinds import NotificationKind
from documents.drafts.enums import Handling, TextKind

ACTIVITIES: Mapping[str, str | Promise] = {
    "draft_created": _("%(actor)s started the draft “%(title)s”."),
    "draft_archived": _("%(actor)s put the draft “%(title)s” into the archive."),
    "draft_brought_back": _("%(actor)s took the draft “%(title)s” out of the archive."),
    "draft_phases_set": _("%(actor)s set the dates of “%(title)s”."),
    "draft_renamed": _("%(actor)s renamed the draft “%(before)s”: it is called “%(title)s” now."),
    "draft_kind_changed": _("%(actor)s made the draft “%(title)s” another kind of text: %(text_kind)s."),
    "draft_marked": _("%(actor)s marked the draft “%(title)s”: %(handling)s."),
    "draft_readers_changed": _("%(actor)s changed who reads the draft “%(title)s”."),
    "text_saved": _("%(actor)s wrote in “%(title)s” (%(language)s)."),
    "text_suggested": _("%(actor)s suggested changes in “%(title)s” (%(language)s)."),
    "version_named": _("%(actor)s named version %(number)s of “%(title)s” (%(language)s): “%(name)s”."),
}
LABELS = {"handling": dict(Handling.choices), "text_kind": dict(TextKind.choices)}
ACTIONS: Mapping[str, str | Promise] = {
    "draft.created": _("Draft started"),
    "draft.changed": _("Title, kind, mark or readers of a draft changed"),
    "draft.phases_set": _("Set the dates of a draft"),
    "draft.archived": _("Draft archived"),
    "draft.brought_back": _("Draft taken out of the archive"),
    "text.saved": _("Text saved"),
    "text.up_to_date": _("Text marked as up to date"),
    "version.named": _("Version named"),
}
KINDS: Mapping[str, NotificationKind] = {
    "version_named": NotificationKind(
        sentence=_("%(actor)s named version %(number)s of “%(title)s” (%(language)s)."),
        outline=_("A version of a text that you worked on has a name."),
        icon="file",
    ),
    "text_changed": NotificationKind(
        sentence=_("%(actor)s changed “%(title)s” (%(language)s), where you wrote too."),
        outline=_("A text in which you wrote was changed."),
        icon="pen",
        together=_("“%(title)s” (%(language)s), where you wrote too, was changed. Changes: %(count)s."),
    ),
    "suggestion_accepted": NotificationKind(
        sentence=_("%(actor)s accepted your suggestion in “%(title)s” (%(language)s)."),
        outline=_("A suggestion of yours was accepted."),
        icon="check",
        together=_("Suggestions of yours in “%(title)s” (%(language)s) were accepted: %(count)s."),
    ),
    "suggestion_rejected": NotificationKind(
        sentence=_("%(actor)s rejected your suggestion in “%(title)s” (%(language)s)."),
        outline=_("A suggestion of yours was rejected."),
        icon="x",
        together=_("Suggestions of yours in “%(title)s” (%(language)s) were rejected: %(count)s."),
    ),
}
