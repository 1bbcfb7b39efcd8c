"""What capabilities add to a person's own calendar address, beside its events."""

from collections.abc import Callable, Iterable

from events.core.facts import EventFacts
from events.core.models import PrivateFeed

FeedEntriesOf = Callable[[PrivateFeed], Iterable[EventFacts]]

_sources: list[FeedEntriesOf] = []


def register_feed_entries(entries_of: FeedEntriesOf) -> None:
    """Add entries: `entries_of(feed)` gives those that the person may see now, in the feed's language."""
    _sources.append(entries_of)


def feed_entries_of(feed: PrivateFeed) -> list[EventFacts]:
    """The entries of all capabilities."""
    return [entry for entries_of in _sources for entry in entries_of(feed)]
