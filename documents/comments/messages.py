"""The sentences of what is told and kept of comments."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACTIVITIES: Mapping[str, str | Promise] = {
    "comment_written": _("%(actor)s commented on “%(title)s” (%(language)s)."),
    "comment_answered": _("%(actor)s answered a comment on “%(title)s” (%(language)s)."),
    "comment_resolved": _("%(actor)s resolved a comment on “%(title)s” (%(language)s)."),
    "comment_reopened": _("%(actor)s opened a comment on “%(title)s” (%(language)s) again."),
}

ACTIONS: Mapping[str, str | Promise] = {
    "comment.started": _("Comment written"),
    "comment.replied": _("Comment answered"),
    "comment.edited": _("Comment edited"),
    "comment.deleted": _("Comment deleted"),
    "comment.undeleted": _("Deleted comment brought back"),
    "comment.resolved": _("Comment resolved"),
    "comment.reopened": _("Comment opened again"),
    "legal_reader.named": _("Legal reader of a draft named"),
    "legal_reader.ended": _("Legal reader of a draft taken back"),
}
