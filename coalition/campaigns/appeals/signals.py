"""What is written down of each asking for three days, and the sweep that holds what is suspect."""

import datetime
import ipaddress
import re
import secrets
from collections.abc import Collection
from itertools import batched
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.crypto import salted_hmac
from django.utils.timezone import localdate

from coalition.applicants.forms import normalize_mailbox
from coalition.campaigns.appeals.actions.hold_states import set_states
from coalition.campaigns.appeals.counting import change_of
from coalition.campaigns.appeals.enums import CONFIRMED, HoldState, SupportState
from coalition.campaigns.appeals.models import (
    Hold,
    HoldDecision,
    PlaceKey,
    Support,
    SupportChange,
    SupportSignal,
)
from coalition.campaigns.appeals.providers import COMMON_DOMAINS, is_disposable, registrable_domain
from coalition.campaigns.appeals.suspicion import HOUR, Signal, Suspicion, Thresholds, suspects
from coalition.core.clock import now
from coalition.core.throttling import unmap_ipv4

KEPT: Final = 72 * 3600  # seconds
PREFIX: Final = 6  # letters that addresses of one pattern begin with
BATCH_SIZE: Final = 500  # rows in one transaction
_DIGITS: Final = re.compile(r"\d+")
_HOLDABLE: Final = (SupportState.UNCONFIRMED, SupportState.COUNTED)


def place_of(ip: str) -> str:
    """Return what counts as one network: a /24 of IPv4, a /48 of IPv6; "" for what is no address."""
    try:
        address = ipaddress.ip_address(unmap_ipv4(ip))
    except ValueError:
        return ""
    bits = 24 if address.version == 4 else 48
    return str(ipaddress.ip_network((address, bits), strict=False))


def record_signal(*, support: Support, address: str, name: str, place: str) -> None:
    """Write down that somebody asked with this address, from this network (`place_of`). One query.

    Of a support that is counted already only the burst is written down, not whose it is: nobody can make
    another person's support suspect by asking with their address.
    """
    moment = now()
    key = _key_of(localdate(moment))
    mailbox = normalize_mailbox(address)
    local, _at, domain = mailbox.rpartition("@")
    SupportSignal.objects.create(
        appeal_id=support.appeal_id,
        support=support if support.state == SupportState.UNCONFIRMED else None,
        at=moment.replace(second=0, microsecond=0),
        place_print=_print(key, "place", place),
        domain_print=_print(key, "domain", registrable_domain(domain)),
        is_disposable=is_disposable(domain),
        is_common=domain in COMMON_DOMAINS,
        patterns=" ".join(
            f"{kind}:{_print(key, kind, pattern)[:16]}"
            for kind, pattern in patterns_of(local, domain, name).items()
        ),
    )


def patterns_of(local: str, domain: str, name: str) -> dict[str, str]:
    """Return what addresses and names of one series have in common, by kind (`suspicion.SHARES`).

    The part before the @ with its digits left out (`supporter0041` → `supporter#`), if it has digits; how it
    begins; both at their provider, if it is a large one. The name with its digits left out.
    """
    stem = _DIGITS.sub("#", local.casefold())
    provider = domain if domain in COMMON_DOMAINS else ""
    found = {}
    if "#" in stem:
        found["stem"] = f"{stem}@{provider}"
    if len(stem) > PREFIX:
        found["prefix"] = f"{stem[:PREFIX]}@{provider}"
    if name.strip():
        found["name"] = _DIGITS.sub("#", " ".join(name.casefold().split()))
    return found


def hold_suspects() -> int:
    """Hold what is suspect among those who asked within the hour, the first ones of a burst too.

    Who has not confirmed yet is held when they do. Returns how many rows. Safe with several workers: each row
    is locked while it changes.
    """
    since = now() - HOUR - datetime.timedelta(minutes=settings.SUPPORT_BURST_MINUTES)
    recent = SupportSignal.objects.filter(at__gte=since)
    appeals = recent.filter(rule="").order_by().values_list("appeal", flat=True).distinct()
    return sum(_hold_in(appeal, recent.filter(appeal=appeal)) for appeal in list(appeals))


def _hold_in(appeal: int, recent: QuerySet[SupportSignal]) -> int:
    signals, fresh = _crowded(recent)
    grouped: dict[Suspicion, list[int]] = {}
    for key, suspicion in sorted(suspects(signals, _confirmed_by_domain(recent), _thresholds()).items()):
        if key in fresh:
            grouped.setdefault(suspicion, []).append(key)
    return sum(
        _hold(appeal, suspicion, some)
        for suspicion, keys in grouped.items()
        for some in batched(keys, BATCH_SIZE)
    )


def _confirmed_by_domain(recent: QuerySet[SupportSignal]) -> dict[str, int]:
    rows = recent.filter(is_common=False, support__state__in=CONFIRMED).order_by()
    return dict(
        rows.values_list("domain_print").annotate(count=Count("support__address_print", distinct=True))
    )


def _crowded(recent: QuerySet[SupportSignal]) -> tuple[list[Signal], set[int]]:
    """The signals of networks from which so many asked that it can be a burst, and which of them no rule has
    found yet."""
    places = recent.order_by().values("place_print").annotate(count=Count("pk"))
    crowded = places.filter(count__gt=settings.SUPPORT_BURST).values("place_print")
    names = ("pk", "at", "place_print", "domain_print", "is_disposable", "is_common", "patterns")
    rows = recent.filter(place_print__in=crowded).values_list(
        *names, "support__address_print", "support__state", "rule"
    )
    found, fresh = [], set()
    for pk, at, place, domain, disposable, common, patterns, mailbox, state, rule in rows.iterator():
        kinds, is_confirmed = tuple(patterns.split()), state in CONFIRMED
        found.append(Signal(pk, at, place, domain, disposable, common, mailbox or "", kinds, is_confirmed))
        if not rule:
            fresh.add(pk)
    return found, fresh


def _thresholds() -> Thresholds:
    return Thresholds(
        burst=settings.SUPPORT_BURST,
        burst_minutes=settings.SUPPORT_BURST_MINUTES,
        domain=settings.SUPPORT_ONE_DOMAIN,
        pattern=settings.SUPPORT_ONE_PATTERN,
    )


def _hold(appeal: int, suspicion: Suspicion, signals: Collection[int]) -> int:
    """Hold the supports behind these signals, unless one of them asked without being suspect too.

    Locks the hold, then the supports in order, then the signals, as votes and withdrawals do.
    """
    own = SupportSignal.objects.filter(pk__in=signals)
    innocent = SupportSignal.objects.filter(support=OuterRef("pk"), rule="")
    with transaction.atomic():
        hold = _open_hold(appeal, suspicion)
        locked = Support.objects.select_for_update().filter(pk__in=own.values("support"))
        keys = list(locked.order_by("pk").values_list("pk", flat=True))
        own.update(rule=suspicion.rule)
        # Read anew: a lock may have waited for somebody who changed the row.
        rows = Support.objects.filter(~Exists(innocent), pk__in=keys, state__in=_HOLDABLE, hold=None)
        found = list(rows.order_by("pk"))
        if found:
            _put_under(hold or _new_hold(appeal, suspicion), found)
    return len(found)


def _open_hold(appeal: int, suspicion: Suspicion) -> Hold | None:
    """The hold of the burst on which nobody has voted, locked: a vote is on the rows that were there."""
    same = Hold.objects.select_for_update().filter(
        appeal=appeal, rule=suspicion.rule, burst=suspicion.shared[:64], state=HoldState.WAITING
    )
    waiting = list(same.order_by("pk"))
    # Asked after the lock, so that a vote is seen for which the lock has waited.
    voted = set(HoldDecision.objects.filter(hold__in=waiting).values_list("hold", flat=True))
    return next((hold for hold in waiting if hold.pk not in voted), None)


def _new_hold(appeal: int, suspicion: Suspicion) -> Hold:
    burst = suspicion.shared[:64]
    return Hold.objects.create(appeal_id=appeal, rule=suspicion.rule, burst=burst, made_at=now())


def _put_under(hold: Hold, rows: Collection[Support]) -> None:
    counted = [row for row in rows if row.state == SupportState.COUNTED]
    SupportChange.objects.bulk_create([change_of(row, -1) for row in counted])
    keys = [row.pk for row in rows]
    Support.objects.filter(pk__in=keys).update(hold=hold)
    Support.objects.filter(pk__in=[row.pk for row in counted]).update(state=SupportState.HELD)
    hold.reason = {"rows": Support.objects.filter(hold=hold).count()}
    hold.save(update_fields=["reason"])


def settle_decided_holds() -> int:
    """Move rows that were confirmed in the moment in which their hold was made or decided. Returns how many
    moved."""
    decided = Hold.objects.filter(decided_at__gt=now() - HOUR).exclude(state=HoldState.WAITING)
    counted = Support.objects.filter(state=SupportState.COUNTED, hold__state=HoldState.WAITING)
    keys = {*decided.values_list("pk", flat=True), *counted.order_by().values_list("hold", flat=True)}
    return sum(_settle(key) for key in sorted(keys))


def _settle(key: int) -> int:
    with transaction.atomic():
        hold = Hold.objects.select_for_update().filter(pk=key).first()
        if hold is None:
            return 0
        if hold.state != HoldState.WAITING:
            return set_states(hold=hold, counted=hold.state == HoldState.RELEASED)
        rows = Support.objects.select_for_update().filter(hold=hold, state=SupportState.COUNTED)
        found = list(rows.order_by("pk"))
        _put_under(hold, found)
        return len(found)


def forget_signals() -> int:
    """Delete signals and keys after `KEPT`, and empty what holds remember of them. Returns how many."""
    since = now() - datetime.timedelta(seconds=KEPT)
    gone, _by_model = SupportSignal.objects.filter(at__lt=since).delete()
    keys, _by_model = PlaceKey.objects.filter(day__lt=localdate(since)).delete()
    holds = Hold.objects.filter(~Q(burst=""), made_at__lt=since).update(burst="")
    return gone + keys + holds


def _key_of(day: datetime.date) -> str:
    """The key of the day, made by who asks first. Never held in memory: deleted it has to be gone."""
    row, _is_new = PlaceKey.objects.get_or_create(day=day, defaults={"key": secrets.token_hex(32)})
    return row.key


def _print(key: str, kind: str, value: str) -> str:
    return salted_hmac(f"campaigns.support.{kind}", value, secret=key, algorithm="sha256").hexdigest()[:32]
