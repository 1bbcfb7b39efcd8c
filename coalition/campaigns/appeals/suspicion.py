"""When somebody seems to ask in the name of many: rules over signals, without the database.

A network from which many ask within minutes is a burst. That alone holds nobody: mobile carriers put
thousands behind one address, and a school or a works canteen is one network. In a burst, those are suspect
who also share something else: disposable addresses, one pattern of addresses or names, or a domain that is no
large provider's and from which a hundred ask within an hour.
"""

import datetime
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

HOUR: Final = datetime.timedelta(hours=1)


@dataclass(frozen=True)
class Thresholds:
    """`burst` within `burst_minutes` from one network; `domain` an hour from one unlisted domain; `pattern`
    an hour and network, which also has to be `pattern_share` of all that came from there."""

    burst: int = 5
    burst_minutes: int = 5
    domain: int = 100
    pattern: int = 10
    pattern_share: float = 0.1


@dataclass(frozen=True)
class Signal:
    """Somebody asked at this minute. Everything but the key and the moment is a hash, see `signals`."""

    pk: int
    at: datetime.datetime
    place: str
    domain: str
    is_disposable: bool
    is_common: bool
    patterns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Suspicion:
    """By which rule, and what the rows of one burst have in common."""

    rule: str
    shared: str


DISPOSABLE: Final = "disposable_domain"
ONE_DOMAIN: Final = "one_domain"
ONE_PATTERN: Final = "one_pattern"


def suspects(
    signals: Sequence[Signal], domain_counts: Mapping[str, int], thresholds: Thresholds
) -> dict[int, Suspicion]:
    """Return which signals are suspect, by their key.

    `signals`: those of one hour, all of each network that is among them. `domain_counts`: how many asked
    within that hour from each domain, from anywhere.
    """
    by_place: defaultdict[str, list[Signal]] = defaultdict(list)
    for signal in signals:
        by_place[signal.place].append(signal)
    found: dict[int, Suspicion] = {}
    for place, here in by_place.items():
        burst = in_burst(here, thresholds)
        if not burst:
            continue
        patterns = _frequent_patterns(here, thresholds)
        for signal in burst:
            suspicion = _suspicion(signal, place, patterns, domain_counts, thresholds)
            if suspicion is not None:
                found[signal.pk] = suspicion
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


def _frequent_patterns(here: Sequence[Signal], thresholds: Thresholds) -> frozenset[str]:
    """Patterns that too many of one network share."""
    counted = Counter(pattern for signal in here for pattern in signal.patterns)
    least = max(thresholds.pattern, thresholds.pattern_share * len(here))
    return frozenset(pattern for pattern, count in counted.items() if count > least)


def _suspicion(
    signal: Signal,
    place: str,
    patterns: frozenset[str],
    domain_counts: Mapping[str, int],
    thresholds: Thresholds,
) -> Suspicion | None:
    if signal.is_disposable:
        return Suspicion(DISPOSABLE, place)
    if not signal.is_common and domain_counts.get(signal.domain, 0) > thresholds.domain:
        return Suspicion(ONE_DOMAIN, signal.domain)
    shared = next((pattern for pattern in signal.patterns if pattern in patterns), None)
    return Suspicion(ONE_PATTERN, f"{place}{shared}") if shared else None
