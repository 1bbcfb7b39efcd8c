"""What publications hand over to `documents.registry`."""

from documents.capability import Capability
from documents.publication import dashboard, messages
from documents.publication.actions import withdraw
from documents.publication.subjects import SUBJECTS

PUBLICATION = Capability(
    name="publication",
    urls="documents.publication.urls",
    activity_links={"publication": "documents:publication"},
    notification_kinds=messages.KINDS,
    subjects=SUBJECTS,
    waiting=(dashboard.publications_to_decide,),
    coming=(dashboard.scheduled_moments,),
    work=(dashboard.texts_in_work,),
    connect=withdraw.register_logo_removal,
)
