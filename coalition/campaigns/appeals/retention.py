"""How long what supporters left is kept."""

from django.db import transaction
from django.utils.timezone import localdate

from coalition.applicants.flow import delete_unproved
from coalition.audit import log
from coalition.campaigns.appeals.contact_addresses import erase_addresses_without_consent
from coalition.campaigns.appeals.enums import HoldState, SupportState
from coalition.campaigns.appeals.flow import PROVED
from coalition.campaigns.appeals.mail_funnel import add_mail_counts, detach_askings
from coalition.campaigns.appeals.models import Appeal, Support, SupportMailLimit
from coalition.core.clock import now
from coalition.core.retention import days_ago, delete_in_batches, empty_in_batches

DAYS_SET_ASIDE = 30  # then a decision can still be turned round, and nobody be written to


def forget_unconfirmed() -> int:
    """Delete what nobody confirmed, and what the outbox still knows of its mails; counts of mails stay."""
    return delete_unproved(Support, state=SupportState.UNCONFIRMED, before=_detach)


def _detach(keys: list[int]) -> None:
    rows = list(Support.objects.filter(pk__in=keys).defer("address", "name"))
    add_mail_counts(rows, is_confirmed=False)
    detach_askings(rows)


def erase_needless_addresses() -> int:
    """Erase addresses that nothing needs: of rows that were set aside `DAYS_SET_ASIDE` ago, and of rows whose
    hold was released while they were not confirmed."""
    counted = Support.objects.filter(state=SupportState.COUNTED)
    aside = Support.objects.filter(
        state=SupportState.SET_ASIDE,
        hold__state=HoldState.SET_ASIDE,
        hold__decided_at__lt=days_ago(DAYS_SET_ASIDE),
    )
    return erase_addresses_without_consent(counted) + empty_in_batches(aside.exclude(address=""), address="")


def erase_prints_after_closing() -> int:
    """Erase the prints of addresses once an appeal can no longer be opened again: nobody can count twice, and
    nothing leads from an address to a row any more.

    Rows that still have an address keep theirs with it. Rows with a name keep the print of the owner as long
    as the name, so that who asks to be forgotten is found (`forget_person`).
    """
    today = localdate(now())
    over = Appeal.objects.exclude(opened_at=None).filter(personal_data_ended_at=None)
    final = [appeal.pk for appeal in over if not appeal.may_reopen_on(today)]
    rows = Support.objects.filter(appeal__in=final, state__in=PROVED, address="")
    nameless = rows.filter(name="").exclude(owner_print="")
    return empty_in_batches(rows.exclude(address_print=""), address_print="") + empty_in_batches(
        nameless, owner_print=""
    )


def end_personal_data() -> int:
    """Delete everything about supporters of appeals whose day has come. Counts stay. Returns how many rows.

    An appeal is marked first, so that no recount misses the rows that are deleted.
    """
    ended = Appeal.objects.filter(personal_data_until__lt=localdate(now()), personal_data_ended_at=None)
    for appeal in ended.select_related("workspace"):
        _mark_ended(appeal)
    delete_in_batches(SupportMailLimit.objects.filter(appeal__personal_data_ended_at__isnull=False))
    return delete_in_batches(Support.objects.filter(appeal__personal_data_ended_at__isnull=False))


def _mark_ended(appeal: Appeal) -> None:
    with transaction.atomic():
        locked = Appeal.objects.select_for_update().get(pk=appeal.pk)
        if locked.personal_data_ended_at is not None:
            return
        locked.personal_data_ended_at = now()
        locked.save(update_fields=["personal_data_ended_at"])
        log.record_audit(
            "appeal.personal_data_ended",
            actor=None,
            target_kind="appeal",
            target=appeal.uuid,
            workspace=appeal.workspace.uuid,
        )
