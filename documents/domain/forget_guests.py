"""Guests are named for a while only, as people are in the audit log."""

import datetime

from django.conf import settings
from django.db.models import Q

from coalition.clock.now import now
from documents.models import Approval, Clearance, Comment, GuestLink, OneTimeLink, QuotationConsent


def forget_guests() -> int:
    """Empty names and addresses of guests whose links ended `AUDIT_PERSON_MONTHS` ago; returns how many.

    What they did, said and decided stays, as a guest's.
    """
    before = now() - datetime.timedelta(days=30.44 * settings.AUDIT_PERSON_MONTHS)
    over = GuestLink.objects.filter(Q(ended_at__lt=before) | Q(expires_at__lt=before)).exclude(email="")
    uuids = list(over.values_list("uuid", flat=True))
    Comment.objects.filter(guest__in=uuids).update(guest_name="")
    once = OneTimeLink.objects.filter(Q(ended_at__lt=before) | Q(expires_at__lt=before)).exclude(email="")
    once.update(name="", email="")
    Approval.objects.filter(at__lt=before).exclude(named="").update(named="")
    QuotationConsent.objects.filter(asked_at__lt=before).exclude(email="").update(email="")
    Clearance.objects.filter(guest__in=uuids).update(guest_name="")
    return GuestLink.objects.filter(uuid__in=uuids).update(name="", email="")
