"""Condition reports: how a work looked when it came and when it went."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import IO
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation
from coalition.core.clock import now
from coalition.core.compensate import undo_on_failure
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants
from events.core import audit
from events.core.models import Event
from events.exhibitions.works.actions import Drawn, draw_photo, drop, held_work
from events.exhibitions.works.enums import AgreementState, ConditionMoment, Currency
from events.exhibitions.works.loans.models import ConditionPhoto, ConditionReport, Loan
from events.exhibitions.works.loans.reminders import plan_reminders

MOST_PHOTOS = 12


@dataclass(frozen=True)
class Seen:
    """How a work looked. `seen_at` is aware; the names are people as they would stand on paper."""

    moment: ConditionMoment
    seen_at: datetime.datetime
    words: str
    seen_by: str
    handed_by: str = ""
    taken_by: str = ""


@dataclass(frozen=True)
class Photo:
    """A photograph as it was sent."""

    content: IO[bytes]
    name: str


def report_condition(
    *, access: Access, event: Event, work: UUID, seen: Seen, photos: Sequence[Photo] = ()
) -> ConditionReport:
    """Keep how a work looked, with photographs, from which the place and the camera are taken.

    Raises NotAllowed without the right to change the event; Refused without words or a name, for a moment in
    the future, for what is no picture, or too many of them.
    """
    _check_condition(seen, photos)
    drawn: list[Drawn] = []
    with undo_on_failure(lambda: _drop(drawn)):
        drawn.extend(draw_photo(one.content, one.name) for one in photos)
        with transaction.atomic():
            held = held_work(access, event, work)
            report = ConditionReport.objects.create(
                work=held,
                moment=seen.moment,
                seen_at=seen.seen_at,
                words=seen.words.strip(),
                seen_by=seen.seen_by.strip(),
                handed_by=seen.handed_by.strip(),
                taken_by=seen.taken_by.strip(),
                written_by=access.user,
            )
            ConditionPhoto.objects.bulk_create(
                ConditionPhoto(report=report, file=one.name, width=one.width, height=one.height)
                for one in drawn
            )
            audit.record(
                held.exhibition.event, access, "event.condition_kept", work=str(work), moment=seen.moment
            )
    return report


def _drop(drawn: Sequence[Drawn]) -> None:
    for one in drawn:
        drop(one.name)


def _check_condition(seen: Seen, photos: Sequence[Photo]) -> None:
    if not seen.words.strip() or not seen.seen_by.strip():
        raise Refused(_("Write how the work looks and who looked at it."))
    if seen.seen_at > now() + datetime.timedelta(hours=1):
        raise Refused(_("Nobody can have looked at it in the future."))
    if len(photos) > MOST_PHOTOS:
        raise Refused(_("A report has at most 12 photographs."))


# --- loans ---
# Loans: from whom a work is lent, and when it goes back.


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
    _check_terms(about)
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


def _check_terms(about: AboutLoan) -> None:
    if about.organisation is None and not about.lender.strip():
        raise Refused(_("Say who lends the work."))
    begins, back, gone = about.from_on, about.return_on, about.returned_on
    if begins and ((back and back < begins) or (gone and gone < begins)):
        raise Refused(_("The work goes back before it comes."))
    if about.value is not None and not 0 <= about.value <= MOST:
        raise Refused(_("The value is not a sum that a work is insured for."))
