"""What checks of publications hand over to `documents.registry`."""

from coalition.workspaces.capability import RecurringWork
from documents.capability import Capability
from documents.publication.verification import messages
from documents.publication.verification.run import RUN_INTERVAL, verify_due

VERIFICATION = Capability(
    name="verification",
    notification_kinds=messages.KINDS,
    recurring=(RecurringWork("documents.verify_publications", verify_due, every=RUN_INTERVAL),),
)
