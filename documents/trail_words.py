"""The words of what is told and kept of drafts and files."""

from django.utils.translation import gettext_lazy as _

from documents.enums import Handling, TextKind

ACTIVITIES = {
    "draft_created": _("%(actor)s started the draft “%(title)s”."),
    "draft_archived": _("%(actor)s put the draft “%(title)s” into the archive."),
    "draft_brought_back": _("%(actor)s took the draft “%(title)s” out of the archive."),
    "draft_renamed": _("%(actor)s renamed the draft “%(before)s”: it is called “%(title)s” now."),
    "draft_kind_changed": _("%(actor)s made the draft “%(title)s” another kind of text: %(text_kind)s."),
    "draft_marked": _("%(actor)s marked the draft “%(title)s”: %(handling)s."),
    "draft_readers_changed": _("%(actor)s changed for which organisations the draft “%(title)s” is."),
    "text_saved": _("%(actor)s wrote in “%(title)s” (%(language)s)."),
    "version_named": _("%(actor)s named version %(number)s of “%(title)s” (%(language)s): “%(name)s”."),
    "file_shared": _("%(actor)s shared the file “%(title)s”."),
    "file_described": _("%(actor)s changed what is said of the file “%(title)s”."),
    "file_marked": _("%(actor)s marked the file “%(title)s”: %(handling)s."),
    "file_deleted": _("%(actor)s deleted the file “%(title)s”."),
    "file_brought_back": _("%(actor)s brought the file “%(title)s” back."),
}
LABELS = {"handling": dict(Handling.choices), "text_kind": dict(TextKind.choices)}
ACTIONS = {
    "draft.created": _("Draft started"),
    "draft.changed": _("Title, kind, mark or readers of a draft changed"),
    "draft.archived": _("Draft archived"),
    "draft.brought_back": _("Draft taken out of the archive"),
    "text.saved": _("Text saved"),
    "text.settled": _("Decided between two texts"),
    "text.up_to_date": _("Text marked as up to date"),
    "version.named": _("Version named"),
    "file.shared": _("File shared"),
    "file.described": _("Description of a file changed"),
    "file.deleted": _("File deleted"),
    "file.brought_back": _("File brought back"),
}
