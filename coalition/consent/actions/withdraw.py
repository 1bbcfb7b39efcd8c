"""What a survivor takes back: all of it, or some scopes or uses. One transaction; the gate reads its rows.

Takers are asked to remove what they took. They get no reason: the licence has ended.
"""

import datetime
import secrets
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _, override

from coalition.accounts.models import User
from coalition.consent.actions.records import (
    extend_review,
    locked_record,
    notify_items,
    record_consent_audit,
    refresh_identifies,
    review_day_is_open,
)
from coalition.consent.enums import Answer, Place, RemovalAnswer
from coalition.consent.gate import day_of
from coalition.consent.items import describe_items, outside_title, takers_of
from coalition.consent.models import (
    ConsentItem,
    ConsentRecord,
    ConsentScope,
    ConsentUse,
    ConsentWithdrawal,
    RemovalRequest,
)
from coalition.consent.permissions import may_keep_record, require_that
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import hash_token
from coalition.jobs import scheduler
from coalition.mail import outbox
from coalition.mail.outbox import absolute_url

NOTICES_WORK = "consent.removal_requests"


def withdraw_consent(*, by: User, consent: ConsentRecord) -> ConsentWithdrawal:
    """Take everything back, at once and for good. Raises Refused if it was taken back already."""
    with locked_record(by, consent) as locked:
        if locked.withdrawn_at is not None:
            raise Refused(_("This consent was taken back already."))
        moment = now()
        locked.withdrawn_at = moment
        locked.save(update_fields=["withdrawn_at"])
        locked.scopes.filter(ended_at=None).update(ended_at=moment)
        ended = _end_uses(ConsentUse.objects.filter(item__consent=locked), moment)
        withdrawal = start_withdrawal(locked, by, ended, whole=True, at=moment)
        record_consent_audit("consent.withdrawn", by, locked, uses=len(ended))
    return withdrawal


def narrow_consent(
    *,
    by: User,
    consent: ConsentRecord,
    scopes: Iterable[ConsentScope] = (),
    uses: Iterable[ConsentUse] = (),
) -> ConsentWithdrawal:
    """Take back these scopes, with every use that needs one of them, and these uses.

    Raises Refused if nothing of it is in force.
    """
    with locked_record(by, consent) as locked:
        moment = now()
        rows = locked.scopes.filter(pk__in=[one.pk for one in scopes], ended_at=None)
        gone = Q(pk__in=[one.pk for one in uses])
        count = 0
        for scope in rows:
            gone |= Q(place=scope.place, language=scope.language, **{f"item__shows_{scope.form}": True})
            count += 1
        rows.update(ended_at=moment)
        ended = _end_uses(ConsentUse.objects.filter(gone, item__consent=locked), moment)
        if not count and not ended:
            raise Refused(_("Choose what she takes back."))
        refresh_identifies(locked)
        withdrawal = start_withdrawal(locked, by, ended, whole=False, at=moment)
        record_consent_audit("consent.narrowed", by, locked, scopes=count, uses=len(ended))
    return withdrawal


def review_consent(*, by: User, consent: ConsentRecord, goes_on: Collection[UUID]) -> None:
    """Record the yearly question: uses not in `goes_on` are taken back, the rest goes on for a year.

    Raises Refused more than 60 days before the day, and for a consent that has ended.
    """
    with locked_record(by, consent) as locked:
        today = day_of(now())
        if locked.withdrawn_at is not None or locked.until < today:
            raise Refused(_("This consent has ended. If she wants to speak again, make a new record."))
        if not review_day_is_open(locked, today):
            raise Refused(_("It is too early for the yearly question."))
        ends = ConsentUse.objects.filter(item__consent=locked).exclude(uuid__in=goes_on)
        moment = now()
        ended = _end_uses(ends.exclude(answer=Answer.WAITING), moment)
        if ended:
            start_withdrawal(locked, by, ended, whole=False, at=moment)
        refresh_identifies(locked)
        extend_review(locked, by)


def answer_removal(*, token: str, answers: dict[UUID, RemovalAnswer]) -> None:
    """Record what a taker answers by their link. Answers to other requests are ignored."""
    with transaction.atomic():
        rows = RemovalRequest.objects.select_for_update().filter(token_hash=hash_token(token))
        _store_answers(rows.filter(uuid__in=answers), answers, by=None)


def record_removal_answer(*, by: User, request: RemovalRequest, answer: RemovalAnswer) -> None:
    """Record what a taker said on the phone: for the record's caseworker."""
    require_that(may_keep_record(by, request.withdrawal.consent))
    with transaction.atomic():
        rows = RemovalRequest.objects.select_for_update().filter(pk=request.pk)
        _store_answers(rows, {request.uuid: answer}, by=by)
        record_consent_audit("consent.removal_answered", by, request.withdrawal.consent, answer=str(answer))


def send_removal_requests(key: str, _payload: Any) -> None:
    """Job: mail each taker of a withdrawal one link to everything they took. Idempotent."""
    with transaction.atomic():
        rows = RemovalRequest.objects.select_for_update().filter(
            withdrawal__uuid=key, sent_at=None, answer=""
        )
        by_address: dict[str, list[RemovalRequest]] = defaultdict(list)
        for row in rows:
            if row.address:
                by_address[row.address.casefold()].append(row)
        for own in by_address.values():
            token = secrets.token_urlsafe(32)
            RemovalRequest.objects.filter(pk__in=[one.pk for one in own]).update(
                token_hash=hash_token(token), sent_at=now()
            )
            first = own[0]
            with override(first.language):
                address = absolute_url(reverse("material_ended", args=[token]))
            outbox.queue_mail(
                key=f"removal:{first.uuid}",
                template="consent/material_ended",
                language=first.language,
                address=first.address,
                context={
                    "name": first.taker,
                    "count": len(own),
                    "button_url": address,
                },
            )


def _end_uses(rows: Any, moment: datetime.datetime) -> list[ConsentUse]:
    """End open uses of these; return them with their items."""
    found = list(rows.filter(ended_at=None, item__detached_at=None).select_related("item"))
    ConsentUse.objects.filter(pk__in=[one.pk for one in found]).update(ended_at=moment)
    return found


def start_withdrawal(
    consent: ConsentRecord,
    by: User | None,
    ended: list[ConsentUse],
    *,
    whole: bool,
    at: datetime.datetime,
) -> ConsentWithdrawal:
    """Record a withdrawal and who is asked to remove what: takers of the ended uses' items in their places,
    if she ever agreed to these; if everything ends (`whole`), all takers of all items. In the caller's
    transaction."""
    withdrawal = ConsentWithdrawal.objects.create(consent=consent, whole=whole, at=at, by=by)
    places: dict[ConsentItem, set[str]] = defaultdict(set)
    for use in ended:
        if use.first_agreed_at is not None:
            places[use.item].add(use.place)
    if whole:
        places |= {item: set(Place.values) for item in consent.items.filter(detached_at=None)}
    described = describe_items((item.kind, item.key) for item in places)
    RemovalRequest.objects.bulk_create(
        RemovalRequest(
            withdrawal=withdrawal,
            item=item,
            taker=taker.name,
            address=taker.address,
            language=taker.language,
            title=outside_title(item.kind, described.get((item.kind, item.key))),
        )
        for item, own in places.items()
        for taker in takers_of(item.kind, item.key)
        if taker.place in own
    )
    scheduler.schedule(kind=NOTICES_WORK, key=str(withdrawal.uuid), due_at=now())
    return withdrawal


def pass_boundary(key: str, _payload: Any) -> None:
    """Job: a date of a consent has passed. The gate knows; writing the row lets cached pages go. After the
    last day, takers are asked to remove what they took, once. Idempotent."""
    uuid = key.partition(":")[0]
    with transaction.atomic():
        consent = ConsentRecord.objects.select_for_update(of=("self",)).filter(uuid=uuid).first()
        if consent is None:
            return
        consent.boundary_at = now()
        consent.save(update_fields=["boundary_at"])
        is_over = consent.withdrawn_at is None and consent.until < day_of(now())
        if is_over and not consent.withdrawals.filter(whole=True).exists():
            moment = now()
            ended = _end_uses(ConsentUse.objects.filter(item__consent=consent), moment)
            start_withdrawal(consent, None, ended, whole=True, at=moment)
        notify_items(consent)


def _store_answers(
    rows: Iterable[RemovalRequest], answers: dict[UUID, RemovalAnswer], *, by: User | None
) -> None:
    moment = now()
    withdrawals = set()
    for row in rows:
        row.answer, row.answered_at, row.recorded_by = answers[row.uuid], moment, by
        row.save(update_fields=["answer", "answered_at", "recorded_by"])
        withdrawals.add(row.withdrawal_id)
    for pk in withdrawals:
        if not RemovalRequest.objects.filter(withdrawal=pk, answer="").exists():
            ConsentWithdrawal.objects.filter(pk=pk, closed_at=None).update(closed_at=moment)
