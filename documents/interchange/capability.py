"""What files in and out register: messages, the dashboard's source, background jobs, retention."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.utils.translation import gettext as _, gettext_lazy

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer
from coalition.core import retention as core_retention
from coalition.workspaces.dashboard import WaitingItem, only_if
from coalition.workspaces.notifications.kinds import NotificationSubject, SubjectDescription
from documents.capability import Capability
from documents.hooks import Hooks
from documents.interchange import queries
from documents.interchange.actions.export import EXPORT_KIND, make_file_in_background
from documents.interchange.actions.upload import READ_KIND, read_in_background
from documents.interchange.formats import FileFormat
from documents.interchange.models import IncomingFile


@only_if(queries.possible_guest_files)
def guest_files_to_review(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """Return Word files that guests uploaded for texts that the person edits: one query."""
    for file in queries.guest_files_waiting(user):
        assert file.text is not None  # noqa: S101  the query leaves out others
        yield WaitingItem(
            icon="file",
            title=file.text.draft.title,
            detail=_("%(name)s sent a Word file back.") % {"name": file.guest_name or _("A guest")},
            url=file.get_absolute_url(),
            action=_("Look at what it brings"),
        )


def _incoming(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    """Files that came back into a text: the text has the title."""
    rows = IncomingFile.objects.filter(uuid__in=uuids).select_related("text__draft").defer("reading")
    return {
        row.uuid: SubjectDescription(row.text.draft.title if row.text else row.title, row.get_absolute_url())
        for row in rows
    }


def _register_retention() -> None:
    core_retention.register_retention_rule(
        "documents.forget_files",
        queries.forget_files,
        of="documents.ExportedFile, IncomingFile, ImportedAuthor: files that left and came back, who is known"
        " by them alone",
        until=f"not taken or refused {queries.DOWNLOAD_LIFETIME.days} day; what they are compared with,"
        " and names, until publication or AUDIT_PERSON_MONTHS",
        every=datetime.timedelta(hours=6),
    )


INTERCHANGE = Capability(
    name="interchange",
    urls="documents.interchange.urls",
    audit_actions={
        "text.exported": gettext_lazy("Text taken out as a file"),
        "text.file_sent": gettext_lazy("File sent back into a text"),
        "text.file_taken_in": gettext_lazy("File taken into a text"),
    },
    activities={
        "text_exported": gettext_lazy("%(actor)s took “%(title)s” (%(language)s) out as a file: %(format)s."),
        "text_file_taken_in": gettext_lazy("%(actor)s brought a file back into “%(title)s” (%(language)s)."),
    },
    labels={"format": dict(FileFormat.choices)},
    subjects={"incoming": NotificationSubject(queries.incoming_for, _incoming)},
    due_work={EXPORT_KIND: make_file_in_background, READ_KIND: read_in_background},
    waiting=(guest_files_to_review,),
    hooks=Hooks(writers_forgotten=[queries.forget_files_of]),
    connect=_register_retention,
)
