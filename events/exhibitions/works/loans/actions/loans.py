"""Loans: from whom a work is lent, and when it goes back."""

import datetime
from dataclasses import dataclass, fields
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation
from coalition.core.errors import Refused
from coalition.workspaces.queries import participants
from coalition.workspaces.rules import Access
from events.core import audit
from events.core.models import Event
from events.exhibitions.works.actions.works import held_work
from events.exhibitions.works.enums import AgreementState, Currency
from events.exhibitions.works.loans.models import Loan
from events.exhibitions.works.loans.reminders import plan_reminders

MOST = 10**13  # minor units


@dataclass(frozen=True)
class AboutLoan:
    """Who lends a work and until when. `value`: minor units of `currency`. `organisation`: one that takes
    part in the workspace; else `lender` says who it is."""

    organisation: Organisation | None = None
    lender: str = ""
    address: str = ""
    phone: str = ""
    from_on: datetime.date | None = None
    return_on: datetime.date | None = None
    returned_on: datetime.date | None = None
    value: int | None = None
    currency: Currency = Currency.KZT
    agreement: AgreementState = AgreementState.NONE
    note: str = ""


def set_loan(*, access: Access, event: Event, work: UUID, about: AboutLoan) -> Loan:
    """Say who lends a work, until when, and whether it went back; reminders follow the day.

    Raises NotAllowed without the right to change the event; Refused if nobody lends it, if the days are the
    wrong way round, or if the event is cancelled.
    """
    _check(about)
    with transaction.atomic():
        held = held_work(access, event, work)
        if about.organisation is not None:
            taking_part = participants(held.exhibition.event.workspace)
            if not taking_part.filter(pk=about.organisation.pk).exists():
                raise Refused(_("Only organisations that take part here can answer for it."))
        loan, _made = Loan.objects.get_or_create(work=held)
        for one in fields(about):
            said = getattr(about, one.name)
            setattr(loan, one.name, said.strip() if type(said) is str else said)
        loan.save()
        loan.work = held
        plan_reminders(loan)
        audit.record(held.exhibition.event, access, "event.loan_set", work=str(work))
    return loan


def end_loan(*, access: Access, event: Event, work: UUID) -> None:
    """Say that a work is not lent after all. Raises NotAllowed."""
    with transaction.atomic():
        held = held_work(access, event, work)
        for loan in Loan.objects.filter(work=held):
            loan.work = held
            loan.return_on = None
            plan_reminders(loan)
            loan.delete()
            audit.record(held.exhibition.event, access, "event.loan_ended", work=str(work))


def _check(about: AboutLoan) -> None:
    if about.organisation is None and not about.lender.strip():
        raise Refused(_("Say who lends the work."))
    begins, back, gone = about.from_on, about.return_on, about.returned_on
    if begins and ((back and back < begins) or (gone and gone < begins)):
        raise Refused(_("The work goes back before it comes."))
    if about.value is not None and not 0 <= about.value <= MOST:
        raise Refused(_("The value is not a sum that a work is insured for."))
