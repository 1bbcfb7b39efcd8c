"""How long documents keep what tells of people. Called once from `ready()`."""

import datetime

from coalition.core.retention import register_retention_rule
from documents.guests.retention import forget_guests, forget_readings
from documents.interchange.retention import TO_TAKE, forget_files


def register() -> None:
    """Say how long."""
    register_retention_rule(
        "documents.forget_files",
        forget_files,
        of="documents.ExportedFile, IncomingFile, ImportedAuthor: files that left and came back, who is known"
        " by them alone",
        until=f"not taken or refused {TO_TAKE.days} day; what they are compared with, and names,"
        " until publication or AUDIT_PERSON_MONTHS",
        every=datetime.timedelta(hours=6),
    )
    register_retention_rule(
        "documents.forget_guests",
        forget_guests,
        of="documents.GuestLink, OneTimeLink, QuotationConsent, Comment, Clearance, Approval: names and"
        " addresses of guests",
        until="AUDIT_PERSON_MONTHS after the link's end; what they did stays, as a guest's",
    )
    register_retention_rule(
        "documents.forget_readings",
        forget_readings,
        of="documents.EmbargoUse: who of an outlet opened what under an embargo",
        until="AUDIT_PERSON_MONTHS",
    )
