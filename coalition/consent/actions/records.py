"""Caseworkers record what a survivor allows: ask, widen, keep details apart, ask again after a year."""

import datetime
import secrets
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Language, Organisation, User
from coalition.audit import log
from coalition.consent.enums import Answer, DetailKind, Form, Place
from coalition.consent.gate import ZONE, day_of
from coalition.consent.items import notify_changes
from coalition.consent.models import WAITING_TIME, ConsentRecord, ConsentScope, ConsentUse, SeparateDetails
from coalition.consent.permissions import is_caseworker, may_keep_record, require_that
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.jobs import scheduler

BOUNDARY_WORK: Final = "consent.boundary"
LONGEST: Final = 5  # years: a consent for ever is none
REVIEW_OPENS: Final = datetime.timedelta(days=60)  # before the day of the yearly question
_ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no signs that are taken for others


@dataclass(frozen=True)
class Scope:
    """What may be shown: a form, in a place, in a language."""

    form: Form
    place: Place
    language: Language


def ask_consent(
    *,
    by: User,
    organisation: Organisation,
    contact: str,
    is_adult: bool,
    until: datetime.date,
    scopes: Collection[Scope],
    apart: Iterable[Collection[DetailKind]] = (),
) -> ConsentRecord:
    """Record that an adult was asked now. Nothing may be shown for 48 hours.

    `apart`: sets of details that must not stand together. Raises NotAllowed for anybody but a caseworker of
    the organisation; Refused for a child, without a scope, and for a day that is past or too far off.
    """
    require_that(is_caseworker(by, organisation))
    if not is_adult:
        raise Refused(_("Never a child: this platform shows nobody under 18."))
    if not scopes:
        raise Refused(_("Choose what may be shown, where and in which languages."))
    moment = now()
    check_new_end(until, day_of(moment))
    with transaction.atomic():
        consent = ConsentRecord.objects.create(
            code=_free_code(),
            organisation=organisation,
            caseworker=by,
            contact=contact,
            asked_at=moment,
            until=until,
            review_on=years_after(day_of(moment)),
        )
        _add_scopes(consent, scopes, moment)
        for kinds in apart:
            _add_separate(consent, kinds)
        record_consent_audit("consent.asked", by, consent)
        schedule_boundaries(consent, moment + WAITING_TIME)
    return consent


def widen_consent(*, by: User, consent: ConsentRecord, scopes: Collection[Scope]) -> None:
    """Record that she was asked for more now: the new scopes wait 48 hours, the others go on.

    Raises Refused if every one of them is there already, or the consent has ended.
    """
    with locked_record(by, consent) as locked:
        _require_running(locked)
        there = {(one.form, one.place, one.language) for one in locked.scopes.filter(ended_at=None)}
        new = [one for one in scopes if (one.form, one.place, one.language) not in there]
        if not new:
            raise Refused(_("She allows this already. Choose something new."))
        moment = now()
        _add_scopes(locked, new, moment)
        record_consent_audit("consent.widened", by, locked, count=len(new))
        schedule_boundaries(locked, moment + WAITING_TIME)


def keep_apart(*, by: User, consent: ConsentRecord, kinds: Collection[DetailKind]) -> None:
    """Add details that must not stand together. If they do now, nothing is shown until one use ends.

    Raises Refused for fewer than two kinds.
    """
    with locked_record(by, consent) as locked:
        _add_separate(locked, kinds)
        refresh_identifies(locked)
        record_consent_audit("consent.separated", by, locked)


def shorten_consent(*, by: User, consent: ConsentRecord, until: datetime.date) -> None:
    """Let the consent end earlier. Raises Refused for a later day: that has to be asked anew."""
    with locked_record(by, consent) as locked:
        _require_running(locked)
        if until > locked.until:
            raise Refused(_("A later day has to be asked anew: make a new record."))
        _check_until(until, day_of(now()))
        locked.until = until
        locked.save(update_fields=["until"])
        record_consent_audit("consent.narrowed", by, locked)
        schedule_boundaries(locked)


def change_contact(*, by: User, consent: ConsentRecord, contact: str) -> None:
    """Store how the record's caseworker is reached now. Takers who ask later see this."""
    with locked_record(by, consent) as locked:
        locked.contact = contact
        locked.save(update_fields=["contact"])
        record_consent_audit("consent.contact_changed", by, locked)


def review_day_is_open(consent: ConsentRecord, today: datetime.date) -> bool:
    return consent.review_on - REVIEW_OPENS <= today


def extend_review(locked: ConsentRecord, by: User) -> None:
    """Move the yearly question by a year, for `withdraw.review_consent`, which holds the lock."""
    locked.review_on = years_after(day_of(now()))
    locked.save(update_fields=["review_on"])
    record_consent_audit("consent.reviewed", by, locked)
    schedule_boundaries(locked)


@contextmanager
def locked_record(by: User, consent: ConsentRecord) -> Iterator[ConsentRecord]:
    """Lock the record for its caseworker, in a transaction, and tell of its items afterwards. Raises
    NotAllowed for anybody else."""
    require_that(may_keep_record(by, consent))
    with transaction.atomic():
        locked = ConsentRecord.objects.select_for_update(of=("self",)).get(pk=consent.pk)
        require_that(may_keep_record(by, locked))
        yield locked
        notify_items(locked)


def notify_items(consent: ConsentRecord) -> None:
    """Tell the layers above that the record's items may be shown again, or no longer."""
    notify_changes([(item.kind, item.key, one) for item in consent.items.all() for one in item.hashes])


def refresh_identifies(consent: ConsentRecord) -> None:
    """Store whether details that must not stand together do so in the items agreed to."""
    together = details_together(consent)
    found = any(together.issuperset(rule) for rule in rules_of(consent))
    if found != consent.identifies:
        consent.identifies = found
        consent.save(update_fields=["identifies"])


# Kinds of details that identify together whatever a record says: the project's own rule.
ALWAYS_APART: Final = (
    {DetailKind.NAME, DetailKind.WORKPLACE},
    {DetailKind.NAME, DetailKind.PLACE},
    {DetailKind.WORKPLACE, DetailKind.PLACE},
    {DetailKind.WORKPLACE, DetailKind.POST},
)


def rules_of(consent: ConsentRecord) -> list[set[str]]:
    """Return sets of details that must not stand together: always, and by the record."""
    own = [set(one.kinds) for one in consent.separate_details.all()]
    return [*({str(kind) for kind in rule} for rule in ALWAYS_APART), *own]


def details_together(consent: ConsentRecord, *more: str) -> set[str]:
    """Return the kinds of details in all items agreed to, and `more`: readers see them side by side."""
    uses = ConsentUse.objects.filter(
        item__consent=consent, item__detached_at=None, ended_at=None, answer=Answer.AGREED
    )
    lists = uses.values_list("item__details", flat=True)
    return {kind for kinds in lists for kind in kinds} | set(more)


def schedule_boundaries(consent: ConsentRecord, *moments: datetime.datetime) -> None:
    """Have cached pages drawn anew at these moments and when the consent ends or its review is missed."""
    ends = (consent.until + datetime.timedelta(days=1), consent.review_on)
    midnights = [datetime.datetime.combine(day, datetime.time(), tzinfo=ZONE) for day in ends]
    for moment in (*moments, *midnights):
        key = f"{consent.uuid}:{moment:%Y%m%d%H%M}"
        scheduler.schedule(kind=BOUNDARY_WORK, key=key, due_at=moment)


def years_after(day: datetime.date, years: int = 1) -> datetime.date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)


def record_consent_audit(action: str, by: User | None, consent: ConsentRecord, **detail: Any) -> None:
    """Write the audit entry: code and centre, no name of hers exists to be written."""
    log.record_audit(
        action,
        actor=by,
        organisation=consent.organisation.uuid,
        target=consent.uuid,
        code=consent.code,
        **detail,
    )


def _require_running(consent: ConsentRecord) -> None:
    if consent.withdrawn_at is not None or consent.until < day_of(now()):
        raise Refused(_("This consent has ended. If she wants to speak again, make a new record."))


def check_new_end(until: datetime.date, today: datetime.date) -> None:
    """Raise Refused unless the day can be the last of a new consent."""
    _check_until(until, today)
    if until < today + WAITING_TIME:
        raise Refused(_("Nothing is shown for 48 hours. Choose a later day."))


def _check_until(until: datetime.date, today: datetime.date) -> None:
    if until < today:
        raise Refused(_("This day is past. Choose a later one."))
    if until > years_after(today, LONGEST):
        raise Refused(_("Choose a day within five years: consent for ever is none."))


def _add_scopes(consent: ConsentRecord, scopes: Iterable[Scope], moment: datetime.datetime) -> None:
    ConsentScope.objects.bulk_create(
        ConsentScope(
            consent=consent,
            form=one.form,
            place=one.place,
            language=one.language,
            asked_at=moment,
            usable_from=moment + WAITING_TIME,
        )
        for one in dict.fromkeys(scopes)
    )


def _add_separate(consent: ConsentRecord, kinds: Collection[DetailKind]) -> None:
    chosen = sorted(set(kinds))
    if len(chosen) < 2:
        raise Refused(_("Choose at least two details that must not stand together."))
    SeparateDetails.objects.get_or_create(consent=consent, kinds=chosen)


def _free_code() -> str:
    """Return a random code such as `7KQ4-M2XH`: 39 bits, which tell nothing."""
    while True:
        letters = [secrets.choice(_ALPHABET) for _place in range(8)]
        code = f"{''.join(letters[:4])}-{''.join(letters[4:])}"
        if not ConsentRecord.objects.filter(code=code).exists():
            return code
