"""Guests are named for a while only, as people are in the audit log."""

from django.db.models import Q

from coalition.core.retention import anonymise_cutoff, delete_in_batches, empty_in_batches
from documents.approval.models import Approval, OneTimeLink
from documents.comments.models import Comment
from documents.guests.models import GuestLink
from documents.legal_review.models import Clearance
from documents.publication.embargo.models import EmbargoUse
from documents.quotations.models import QuotationConsent


def forget_guests() -> int:
    """Empty names and addresses of guests whose links ended `AUDIT_PERSON_MONTHS` ago; returns how many rows.

    What they did, said and decided stays, as a guest's.
    """
    before = anonymise_cutoff()
    over = GuestLink.objects.filter(Q(ended_at__lt=before) | Q(expires_at__lt=before)).exclude(email="")
    uuids = list(over.values_list("uuid", flat=True))
    once = OneTimeLink.objects.filter(Q(ended_at__lt=before) | Q(expires_at__lt=before)).exclude(email="")
    named = Approval.objects.filter(at__lt=before).exclude(named="")
    asked = QuotationConsent.objects.filter(asked_at__lt=before).exclude(email="")
    return (
        empty_in_batches(Comment.objects.filter(guest__in=uuids).exclude(guest_name=""), guest_name="")
        + empty_in_batches(Clearance.objects.filter(guest__in=uuids).exclude(guest_name=""), guest_name="")
        + empty_in_batches(once, name="", email="")
        + empty_in_batches(named, named="")
        + empty_in_batches(asked, email="")
        + empty_in_batches(GuestLink.objects.filter(uuid__in=uuids), name="", email="")
    )


def forget_readings() -> int:
    """Delete who of an outlet opened what under an embargo, `AUDIT_PERSON_MONTHS` ago. Returns how many."""
    return delete_in_batches(EmbargoUse.objects.filter(at__lt=anonymise_cutoff()))
