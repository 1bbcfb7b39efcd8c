"""The words of what is told and kept of drafts and files."""

from django.utils.translation import gettext_lazy as _

from documents.drafts.enums import Handling, TextKind
from documents.interchange.formats import Format

ACTIVITIES = {
    "draft_created": _("%(actor)s started the draft “%(title)s”."),
    "draft_archived": _("%(actor)s put the draft “%(title)s” into the archive."),
    "draft_brought_back": _("%(actor)s took the draft “%(title)s” out of the archive."),
    "draft_phases_set": _("%(actor)s set the dates of “%(title)s”."),
    "draft_renamed": _("%(actor)s renamed the draft “%(before)s”: it is called “%(title)s” now."),
    "draft_kind_changed": _("%(actor)s made the draft “%(title)s” another kind of text: %(text_kind)s."),
    "draft_marked": _("%(actor)s marked the draft “%(title)s”: %(handling)s."),
    "draft_readers_changed": _("%(actor)s changed who reads the draft “%(title)s”."),
    "guest_link_made": _("%(actor)s let somebody from outside read “%(title)s” by a guest link."),
    "guest_sent_back": _("A guest sent a Word file of “%(title)s” (%(language)s) back."),
    "text_saved": _("%(actor)s wrote in “%(title)s” (%(language)s)."),
    "text_suggested": _("%(actor)s suggested changes in “%(title)s” (%(language)s)."),
    "text_exported": _("%(actor)s took “%(title)s” (%(language)s) out as a file: %(format)s."),
    "text_file_taken_in": _("%(actor)s brought a file back into “%(title)s” (%(language)s)."),
    "version_named": _("%(actor)s named version %(number)s of “%(title)s” (%(language)s): “%(name)s”."),
    "file_shared": _("%(actor)s shared the file “%(title)s”."),
    "file_described": _("%(actor)s changed what is said of the file “%(title)s”."),
    "file_marked": _("%(actor)s marked the file “%(title)s”: %(handling)s."),
    "file_deleted": _("%(actor)s deleted the file “%(title)s”."),
    "file_brought_back": _("%(actor)s brought the file “%(title)s” back."),
}
LABELS = {
    "handling": dict(Handling.choices),
    "text_kind": dict(TextKind.choices),
    "format": dict(Format.choices),
}
ACTIONS = {
    "draft.created": _("Draft started"),
    "draft.changed": _("Title, kind, mark or readers of a draft changed"),
    "draft.phases_set": _("Set the dates of a draft"),
    "asking.table_changed": _("Changed whom the coalition asks"),
    "asking.group_changed": _("Changed a group of organisations"),
    "asking.group_removed": _("Removed a group of organisations"),
    "asking.silence_declined": _("Said that its silence is never counted"),
    "draft.archived": _("Draft archived"),
    "draft.brought_back": _("Draft taken out of the archive"),
    "legal.verdict": _("Verdict of a lawyer on a text"),
    "legal.marked": _("Said whether a lawyer has to read a draft"),
    "guest.made": _("Guest link made"),
    "guest.renewed": _("Guest link renewed"),
    "guest.ended": _("Guest link ended"),
    "guest.opened": _("Guest link opened"),
    "guest.downloaded": _("File downloaded by a guest"),
    "guest.sent_back": _("File sent back by a guest"),
    "text.saved": _("Text saved"),
    "text.exported": _("Text taken out as a file"),
    "text.file_sent": _("File sent back into a text"),
    "text.file_taken_in": _("File taken into a text"),
    "text.up_to_date": _("Text marked as up to date"),
    "version.named": _("Version named"),
    "glossary.added": _("Term added to the glossary"),
    "glossary.changed": _("Term of the glossary changed"),
    "glossary.removed": _("Term taken out of the glossary"),
    "glossary.restored": _("Term of the glossary restored"),
    "checklist.acknowledged": _("What the checklist found was looked at and acknowledged"),
    "file.shared": _("File shared"),
    "file.described": _("Description of a file changed"),
    "file.deleted": _("File deleted"),
    "file.brought_back": _("File brought back"),
}
