"""The sentences of what happens around texts that leave as files and come back."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from documents.interchange.formats import FileFormat

ACTIVITIES: Mapping[str, str | Promise] = {
    "text_exported": _("%(actor)s took “%(title)s” (%(language)s) out as a file: %(format)s."),
    "text_file_taken_in": _("%(actor)s brought a file back into “%(title)s” (%(language)s)."),
}
LABELS = {"format": dict(FileFormat.choices)}
ACTIONS: Mapping[str, str | Promise] = {
    "text.exported": _("Text taken out as a file"),
    "text.file_sent": _("File sent back into a text"),
    "text.file_taken_in": _("File taken into a text"),
}
