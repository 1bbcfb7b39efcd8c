"""Where a higher layer registers what readers get of a publication: this layer knows no page.

`verify(batch)` compares what readers get with the record and yields findings. `take_off(publication)` takes
the pages off the site, `bring_back(publication)` publishes them again; both run inside the caller's
transaction and can be repeated.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from documents.publication.models import Publication
from documents.publication.verification.findings import Finding


@dataclass(frozen=True)
class Batch:
    """Publications that are verified together, loaded as `publications_with_all` does. `taken_off`: primary
    keys of those whose pages are off the site while they are checked."""

    publications: Sequence[Publication]
    taken_off: frozenset[int] = field(default_factory=frozenset)


@dataclass(frozen=True)
class Reader:
    """What one site shows of publications; see the module's words."""

    verify: Callable[[Batch], Iterable[Finding]]
    take_off: Callable[[Publication], None]
    bring_back: Callable[[Publication], None]


_readers: list[Reader] = []


def register_reader(reader: Reader) -> None:
    """Register from `AppConfig.ready()`."""
    _readers.append(reader)


def reader_findings(batch: Batch) -> Iterator[Finding]:
    """What differs for readers."""
    for reader in _readers:
        yield from reader.verify(batch)


def take_off_all(publication: Publication) -> None:
    """Take its pages off the site."""
    for reader in _readers:
        reader.take_off(publication)


def bring_back_all(publication: Publication) -> None:
    """Publish its pages again."""
    for reader in _readers:
        reader.bring_back(publication)
