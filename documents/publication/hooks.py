"""Publication hooks: higher layers register presenters here; this layer knows no page.

A presenter works in phases, since files do not roll back:

1. `prepare(plan)` runs before the transaction: public copies of pictures are made here.
2. `present(publication, prepared)` runs inside the publishing transaction, for all languages at
   once. No file, mail or network there; any exception refuses the whole publication.
3. `discard(prepared)` runs if the publication failed: it deletes what `prepare` made.

`withdraw(publication)` runs inside the withdrawing transaction, after the state was written, and
removes the pages. It may run again and then repairs: it returns True if it had to change anything.
`address(publication, language)` returns the URL of a language, or None.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest

from coalition.core.compensate import undo_on_failure
from documents.canonical.form import Document
from documents.drafts.models import Draft, Version
from documents.files.models import StoredFile
from documents.publication.models import Publication


@dataclass(frozen=True)
class PlannedText:
    """One language about to become public: the version and its canonical document."""

    language: str
    version: Version
    document: Document


@dataclass(frozen=True)
class PublicationPlan:
    """What is about to become public, as of before the transaction.

    `uuid` is the UUID the publication will have. `pictures` are the files used by the texts, by
    their id in the documents. `replaces` is set when this corrects a publication: its pages get the
    new text.
    """

    uuid: UUID
    draft: Draft
    texts: tuple[PlannedText, ...]
    pictures: Mapping[str, StoredFile]
    replaces: Publication | None = None


def _prepare_nothing(plan: PublicationPlan) -> None:
    return None


def _discard_nothing(prepared: Any) -> None:
    return None


def _no_address(publication: Publication, language: str) -> str | None:
    return None


@dataclass(frozen=True)
class Presenter:
    """The phases of one presenter; see the module docstring."""

    present: Callable[[Publication, Any], None]
    withdraw: Callable[[Publication], bool | None]
    prepare: Callable[[PublicationPlan], Any] = _prepare_nothing
    discard: Callable[[Any], None] = _discard_nothing
    address: Callable[[Publication, str], str | None] = _no_address


_presenters: list[Presenter] = []


def register_presenter(
    present: Callable[[Publication, Any], None],
    withdraw: Callable[[Publication], bool | None],
    *,
    prepare: Callable[[PublicationPlan], Any] = _prepare_nothing,
    discard: Callable[[Any], None] = _discard_nothing,
    address: Callable[[Publication, str], str | None] = _no_address,
) -> Presenter:
    """Register a presenter from `AppConfig.ready()`. Return it, so that a test can unregister
    it."""
    presenter = Presenter(present, withdraw, prepare, discard, address)
    _presenters.append(presenter)
    return presenter


def unregister_presenter(presenter: Presenter) -> None:
    """Unregister a presenter."""
    _presenters.remove(presenter)


def prepare_all(plan: PublicationPlan) -> list[tuple[Presenter, Any]]:
    """Run every `prepare`; if one fails, discard the results of the others and re-raise."""
    prepared: list[tuple[Presenter, Any]] = []
    with undo_on_failure(lambda: discard_all(prepared)):
        for presenter in _presenters:
            prepared.append((presenter, presenter.prepare(plan)))  # noqa: PERF401  kept for the discarding
    return prepared


def present_all(publication: Publication, prepared: Iterable[tuple[Presenter, Any]]) -> None:
    """Create the pages, inside the caller's transaction."""
    for presenter, made in prepared:
        presenter.present(publication, made)


def discard_all(prepared: Iterable[tuple[Presenter, Any]]) -> None:
    """Delete what was prepared for a publication that failed."""
    for presenter, made in prepared:
        presenter.discard(made)


def withdraw_all(publication: Publication) -> bool:
    """Remove the pages, inside the caller's transaction. Return whether any presenter had to change
    something; a second call changes nothing unless a page reappeared meanwhile."""
    changed = [presenter.withdraw(publication) for presenter in _presenters]
    return any(changed)


def publication_url(publication: Publication, language: str) -> str | None:
    """Return the URL of the language on the public site, if a presenter has a page for it."""
    found = (presenter.address(publication, language) for presenter in _presenters)
    return next((address for address in found if address), None)


_frames: list[Callable[[HttpRequest], dict[str, Any]]] = []


def register_site_frame(frame: Callable[[HttpRequest], dict[str, Any]]) -> None:
    """Register the public site's frame for pages of this layer: menu, feeds, ways to check us."""
    _frames[:] = [frame]


def site_frame_context(request: HttpRequest) -> dict[str, Any]:
    """Return the context of the public site's frame, empty if no site has registered."""
    return _frames[0](request) if _frames else {}
