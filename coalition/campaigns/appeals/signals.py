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

from coalition.applicants.mailboxes import mailbox_of
from coalition.campaigns.appeals.actions.hold_states import set_states
from coalition.campaigns.appeals.counting import change_of
from coalition.campaigns.appeals.enums import HoldState, SupportState
from coalition.campaigns.appeals.models import Hold, PlaceKey, Support, SupportChange, SupportSignal
from coalition.campaigns.appeals.providers import COMMON_DOMAINS, is_disposable
from coalition.campaigns.appeals.suspicion import HOUR, Signal, Suspicion, Thresholds, suspects
from coalition.core.clock import now
from coalition.core.throttling import plain_address

KEPT: Final = 72 * 3600  # seconds
PREFIX: Final = 6  # letters that addresses of one pattern begin with
AT_ONCE: Final = 500  # rows in one transaction
_DIGITS: Final = re.compile(r"\d+")
_HOLDABLE: Final = (SupportState.UNCONFIRMED, SupportState.COUNTED)


def place_of(ip: str) -> str:
    """Return what counts as one network: a /24 of IPv4, a /48 of IPv6; "" for what is no address."""
    try:
        address = ipaddress.ip_address(plain_address(ip))
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
    mailbox = mailbox_of(address)
    local, _at, domain = mailbox.rpartition("@")
    SupportSignal.objects.create(
        appeal_id=support.appeal_id,
        support=support if support.state == SupportState.UNCONFIRMED else None,
        at=moment.replace(second=0, microsecond=0),
        place_print=_print(key, "place", place),
        domain_print=_print(key, "domain", domain),
        is_disposable=is_disposable(domain),
        is_common=domain in COMMON_DOMAINS,
        patterns=" ".join(_print(key, "pattern", one)[:16] for one in patterns_of(local, name)),
    )


def patterns_of(local: str, name: str) -> list[str]:
    """Return what addresses and names of one series have in common.

    The part before the @ with its digits left out (`supporter0041` → `supporter#`), if it has digits; how it
    begins; the name with its digits left out.
    """
    stem = _DIGITS.sub("#", local.casefold())
    found = [f"stem {stem}"] if "#" in stem else []
    if len(stem) > PREFIX:
        found.append(f"prefix {stem[:PREFIX]}")
    if name.strip():
        found.append(f"name {_DIGITS.sub('#', ' '.join(name.casefold().split()))}")
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
    domains = recent.order_by().filter(is_common=False).values_list("domain_print")
    domain_counts = dict(domains.annotate(count=Count("pk")))
    found = suspects(_crowded(recent), domain_counts, _thresholds())
    if not found:
        return 0
    fresh = set(recent.filter(rule="", pk__in=found).values_list("pk", flat=True))
    grouped: dict[Suspicion, list[int]] = {}
    for key in sorted(fresh):
        grouped.setdefault(found[key], []).append(key)
    return sum(
        _hold(appeal, suspicion, some)
        for suspicion, keys in grouped.items()
        for some in batched(keys, AT_ONCE)
    )


def _crowded(recent: QuerySet[SupportSignal]) -> list[Signal]:
    """The signals of networks from which more asked than can be no burst."""
    places = recent.order_by().values("place_print").annotate(count=Count("pk"))
    crowded = places.filter(count__gt=settings.SUPPORT_BURST).values("place_print")
    names = ("pk", "at", "place_print", "domain_print", "is_disposable", "is_common", "patterns")
    rows = recent.filter(place_print__in=crowded).values_list(*names)
    return [
        Signal(pk, at, place, domain, is_disposable, is_common, tuple(patterns.split()))
        for pk, at, place, domain, is_disposable, is_common, patterns in rows.iterator()
    ]


def _thresholds() -> Thresholds:
    return Thresholds(
        burst=settings.SUPPORT_BURST,
        burst_minutes=settings.SUPPORT_BURST_MINUTES,
        domain=settings.SUPPORT_ONE_DOMAIN,
        pattern=settings.SUPPORT_ONE_PATTERN,
    )


def _hold(appeal: int, suspicion: Suspicion, signals: Collection[int]) -> int:
    """Hold the supports behind these signals, unless one of them asked without being suspect too."""
    innocent = SupportSignal.objects.filter(support=OuterRef("pk"), rule="")
    with transaction.atomic():
        own = SupportSignal.objects.filter(pk__in=signals)
        own.update(rule=suspicion.rule)
        rows = Support.objects.select_for_update().filter(
            ~Exists(innocent), pk__in=own.values("support"), state__in=_HOLDABLE, hold=None
        )
        found = list(rows.order_by("pk"))
        if found:
            _put_under(_open_hold(appeal, suspicion), found)
    return len(found)


def _open_hold(appeal: int, suspicion: Suspicion) -> Hold:
    """The undecided hold of the burst, made if there is none."""
    waiting = Hold.objects.filter(
        appeal=appeal, rule=suspicion.rule, burst=suspicion.shared[:64], state=HoldState.WAITING
    )
    return waiting.first() or Hold.objects.create(
        appeal_id=appeal, rule=suspicion.rule, burst=suspicion.shared[:64], made_at=now()
    )


def _put_under(hold: Hold, rows: Collection[Support]) -> None:
    counted = [row for row in rows if row.state == SupportState.COUNTED]
    SupportChange.objects.bulk_create([change_of(row, -1) for row in counted])
    keys = [row.pk for row in rows]
    Support.objects.filter(pk__in=keys).update(hold=hold)
    Support.objects.filter(pk__in=[row.pk for row in counted]).update(state=SupportState.HELD)
    hold.reason = {"rows": Support.objects.filter(hold=hold).count()}
    hold.save(update_fields=["reason"])


def settle_decided_holds() -> int:
    """Move rows that were confirmed in the moment in which their hold was decided. Returns how many."""
    decided = Hold.objects.filter(decided_at__gt=now() - HOUR).exclude(state=HoldState.WAITING)
    return sum(set_states(hold=hold, counted=hold.state == HoldState.RELEASED) for hold in decided)


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
