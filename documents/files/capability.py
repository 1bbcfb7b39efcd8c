"""What files register: audit messages and activities."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from documents.capability import Capability
from documents.files.consent import register_files

ACTIVITIES: Mapping[str, str | Promise] = {
    "file_shared": _("%(actor)s shared the file “%(title)s”."),
    "file_described": _("%(actor)s changed what is said of the file “%(title)s”."),
    "file_marked": _("%(actor)s marked the file “%(title)s”: %(handling)s."),
    "file_deleted": _("%(actor)s deleted the file “%(title)s”."),
    "file_brought_back": _("%(actor)s brought the file “%(title)s” back."),
}
ACTIONS: Mapping[str, str | Promise] = {
    "file.shared": _("File shared"),
    "file.described": _("Description of a file changed"),
    "file.deleted": _("File deleted"),
    "file.brought_back": _("File brought back"),
}

FILES = Capability(
    name="files",
    urls="documents.files.urls",
    audit_actions=ACTIONS,
    activities=ACTIVITIES,
    activity_links={"file": "documents:file"},
    connect=register_files,
)
