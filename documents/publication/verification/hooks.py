"""Verification hooks: higher layers register what readers get; this layer knows no page.

`verify(batch)` compares what readers get with the record and yields findings.
`take_off(publication)` takes the pages off the site, `bring_back(publication)` publishes them
again; both run inside the caller's transaction and are idempotent.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from documents.publication.models import Publication
from documents.publication.verification.findings import Finding


@dataclass(frozen=True)
class Batch:
    """Publications verified together, loaded as `publications_for_sheets` does. `taken_off`: primary
    keys of those that are off the site during verification."""

    publications: Sequence[Publication]
    taken_off: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True)
class PublicationSite:
    """One site's hooks for publications; see the module docstring."""

    verify: Callable[[Batch], Iterable[Finding]]
    take_off: Callable[[Publication], None]
    bring_back: Callable[[Publication], None]


_readers: list[PublicationSite] = []


def register_reader(reader: PublicationSite) -> None:
    """Register a reader from `AppConfig.ready()`."""
    _readers.append(reader)


def reader_findings(batch: Batch) -> Iterator[Finding]:
    """Yield what differs for readers."""
    for reader in _readers:
        yield from reader.verify(batch)


def take_pages_offline(publication: Publication) -> None:
    """Take its pages off the site."""
    for reader in _readers:
        reader.take_off(publication)


def bring_pages_online(publication: Publication) -> None:
    """Publish its pages again."""
    for reader in _readers:
        reader.bring_back(publication)
