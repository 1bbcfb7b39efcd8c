"""What files that leave and come in hand over to `documents.registry`."""

import datetime

from coalition.core import retention as core_retention
from documents.capability import Capability
from documents.hooks import Hooks
from documents.interchange import dashboard, messages
from documents.interchange.actions.export import EXPORT_KIND, make_file_in_background
from documents.interchange.actions.upload import READ_KIND, read_in_background
from documents.interchange.retention import DOWNLOAD_LIFETIME, forget_files, forget_files_of
from documents.interchange.subjects import SUBJECTS


def _connect() -> None:
    core_retention.register_retention_rule(
        "documents.forget_files",
        forget_files,
        of="documents.ExportedFile, IncomingFile, ImportedAuthor: files that left and came back, who is known"
        " by them alone",
        until=f"not taken or refused {DOWNLOAD_LIFETIME.days} day; what they are compared with, and names,"
        " until publication or AUDIT_PERSON_MONTHS",
        every=datetime.timedelta(hours=6),
    )


INTERCHANGE = Capability(
    name="interchange",
    urls="documents.interchange.urls",
    audit_actions=messages.ACTIONS,
    activities=messages.ACTIVITIES,
    labels=messages.LABELS,
    subjects=SUBJECTS,
    due_work={EXPORT_KIND: make_file_in_background, READ_KIND: read_in_background},
    waiting=(dashboard.guest_files_to_review,),
    hooks=Hooks(writers_forgotten=[forget_files_of]),
    connect=_connect,
)
