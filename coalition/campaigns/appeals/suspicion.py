"""When somebody seems to ask in the name of many: rules over signals, without the database.

A network from which many ask within minutes is a burst. That alone holds nobody: mobile carriers put
thousands behind one address, and a school or a works canteen is one network. In a burst, those are suspect
who also share something else: disposable addresses, a domain that is no large provider's and of which a
hundred asked within an hour, or one pattern of addresses or names.

Mailboxes are counted and not askings, so that nobody becomes suspect by asking again.
"""

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

HOUR: Final = datetime.timedelta(hours=1)
# By kind of pattern: of how many who asked from one network it has to be more than this share. The narrowest
# kind first: what one kind explains is left out when the next is counted.
SHARES: Final[Mapping[str, float]] = {"stem": 0.01, "prefix": 0.02, "name": 0.05}


@dataclass(frozen=True)
class Thresholds:
    """`burst` askings within `burst_minutes` from one network; `domain` people an hour of one unlisted
    domain; `pattern` people an hour and network, who also have to be more than the share in `SHARES`."""

    burst: int = 5
    burst_minutes: int = 5
    domain: int = 100
    pattern: int = 10


@dataclass(frozen=True)
class Signal:
    """Somebody asked at this minute. Everything but keys and the moment is a hash, see `signals`.

    `mailbox`: whose it is, "" of one that was counted already; `is_confirmed`: whether this asking was
    confirmed. `patterns`: each its kind, a colon and a hash.
    """

    pk: int
    at: datetime.datetime
    place: str
    domain: str
    is_disposable: bool
    is_common: bool
    mailbox: str
    patterns: tuple[str, ...] = ()
    is_confirmed: bool = False


@dataclass(frozen=True)
class Suspicion:
    """By which rule, and what the rows of one burst have in common."""

    rule: str
    shared: str


DISPOSABLE: Final = "disposable_domain"
ONE_DOMAIN: Final = "one_domain"
ONE_PATTERN: Final = "one_pattern"


def suspects(
    signals: Sequence[Signal], confirmed_by_domain: Mapping[str, int], thresholds: Thresholds
) -> dict[int, Suspicion]:
    """Return which signals are suspect, by their key.

    `signals`: those of one hour, all of each network that is among them. `confirmed_by_domain`: how many
    mailboxes of each domain that asked within that hour confirmed, from any network.
    """
    by_place: defaultdict[str, list[Signal]] = defaultdict(list)
    for signal in signals:
        by_place[signal.place].append(signal)
    found: dict[int, Suspicion] = {}
    for here in by_place.values():
        burst = in_burst(here, thresholds)
        if not burst:
            continue
        shared = _what_they_share(here, confirmed_by_domain, thresholds)
        found |= {signal.pk: shared[signal.pk] for signal in burst if signal.pk in shared}
    return found


def in_burst(signals: Iterable[Signal], thresholds: Thresholds) -> list[Signal]:
    """Return those of one network that stand in some span of minutes with more than people make."""
    ordered = sorted(signals, key=lambda one: one.at)
    span = datetime.timedelta(minutes=thresholds.burst_minutes)
    found: list[Signal] = []
    first = taken = 0  # of the span that ends at `last`; up to where signals are in `found`
    for last, signal in enumerate(ordered):
        while signal.at - ordered[first].at >= span:
            first += 1
        if last - first + 1 > thresholds.burst:
            found.extend(ordered[max(first, taken) : last + 1])
            taken = last + 1
    return found


def _what_they_share(
    here: Sequence[Signal], confirmed_by_domain: Mapping[str, int], thresholds: Thresholds
) -> dict[int, Suspicion]:
    """Return what is suspect about the signals of one network beside the burst, by key.

    What was found suspect is no part of the crowd against which the next pattern is measured: else a large
    series would hide small ones.
    """
    domains = _frequent_domains(here, confirmed_by_domain, thresholds)
    found: dict[int, Suspicion] = {}
    for signal in here:
        if signal.is_disposable:
            found[signal.pk] = Suspicion(DISPOSABLE, signal.place)
        elif signal.domain in domains:
            found[signal.pk] = Suspicion(ONE_DOMAIN, signal.domain)
    rest = [signal for signal in here if signal.pk not in found]
    for kind in SHARES:
        while frequent := _frequent_patterns(kind, rest, thresholds):
            for signal in rest:
                shared = next((pattern for pattern in signal.patterns if pattern in frequent), None)
                if shared is not None:
                    found[signal.pk] = Suspicion(ONE_PATTERN, f"{signal.place}{shared}")
            rest = [signal for signal in rest if signal.pk not in found]
    return found


def _frequent_domains(
    here: Sequence[Signal], confirmed_by_domain: Mapping[str, int], thresholds: Thresholds
) -> frozenset[str]:
    """Domains of which too many asked: from this network, and from others if they confirmed.

    Not those who merely asked from elsewhere: nobody can make a domain suspect with invented addresses.
    """
    unconfirmed: defaultdict[str, set[str]] = defaultdict(set)
    domains = {signal.domain for signal in here if not signal.is_common}
    for signal in here:
        if signal.mailbox and not signal.is_confirmed:
            unconfirmed[signal.domain].add(signal.mailbox)
    return frozenset(
        domain
        for domain in domains
        if len(unconfirmed[domain]) + confirmed_by_domain.get(domain, 0) > thresholds.domain
    )


def _frequent_patterns(kind: str, rest: Sequence[Signal], thresholds: Thresholds) -> frozenset[str]:
    """Patterns of this kind that too many of one network share."""
    people: defaultdict[str, set[str]] = defaultdict(set)
    for signal in rest:
        for pattern in signal.patterns:
            if signal.mailbox and pattern.startswith(f"{kind}:"):
                people[pattern].add(signal.mailbox)
    everybody = len({signal.mailbox for signal in rest if signal.mailbox})
    least = max(thresholds.pattern, SHARES[kind] * everybody)
    return frozenset(pattern for pattern, some in people.items() if len(some) > least)
