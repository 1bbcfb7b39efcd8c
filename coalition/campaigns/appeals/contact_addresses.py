"""Addresses of supporters stay only as long as somebody may write to them."""

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.timezone import localdate

from coalition.accounts.models import Organisation
from coalition.campaigns.appeals.enums import SupportState
from coalition.campaigns.appeals.models import ContactConsent, Support
from coalition.core import retention as core_retention
from coalition.core.clock import now
from coalition.workspaces.models import Participation


def open_consents() -> QuerySet[ContactConsent]:
    """Consents that were not ended."""
    return ContactConsent.objects.filter(ended_on=None)


def erase_addresses_without_consent(supports: QuerySet[Support]) -> int:
    """Empty the addresses of these rows but for those with an open consent. Returns how many.

    For confirmed rows only: an unconfirmed one needs its address for the mail.
    """
    consented = open_consents().filter(support=OuterRef("pk"))
    rows = supports.filter(~Exists(consented)).exclude(state=SupportState.UNCONFIRMED).exclude(address="")
    return core_retention.empty_in_batches(rows, address="")


def groundless_consents() -> QuerySet[ContactConsent]:
    """Open consents to organisations that take no part in the appeal's workspace any more."""
    part = Participation.objects.filter(
        workspace=OuterRef("support__appeal__workspace"),
        organisation=OuterRef("organisation"),
        ended_at=None,
    )
    return open_consents().filter(~Exists(part))


def end_consents(consents: QuerySet[ContactConsent]) -> int:
    """End these consents, and erase the addresses that nobody may use any more. Returns how many ended. In
    the caller's transaction."""
    keys = list(consents.order_by("pk").values_list("pk", flat=True))
    consents = ContactConsent.objects.filter(pk__in=keys)
    supports = list(consents.values_list("support", flat=True))
    ended = consents.update(ended_on=localdate(now()))
    done = [SupportState.COUNTED, SupportState.WITHDRAWN]
    erase_addresses_without_consent(Support.objects.filter(pk__in=supports, state__in=done))
    return ended


def contacts_of(appeal: int, organisation: Organisation) -> QuerySet[Support]:
    """Who supports the appeal (primary key) and lets this organisation write to them."""
    consents = open_consents().filter(organisation=organisation, support=OuterRef("pk"))
    rows = Support.objects.filter(
        Exists(consents), appeal=appeal, state=SupportState.COUNTED, appeal__personal_data_ended_at=None
    )
    return rows.exclude(address="")
