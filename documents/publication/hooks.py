"""Publication hooks: higher layers register presenters here; this layer knows no page.

A presenter works in phases, since files do not roll back:

1. `prepare(pictures)` runs before the transaction, with the files of the texts' pictures: public copies
   are made here.
2. `present(publication, prepared)` runs inside the publishing transaction, for all languages at
   once. No file, mail or network there; any exception refuses the whole publication.
3. `discard(prepared)` runs if the publication failed: it deletes what `prepare` made.

`withdraw(publication)` runs inside the withdrawing transaction, after the state was written, and
removes the pages. It may run again and then repairs: it returns True if it had to change anything.
`address(publication, language)` returns the URL of a language, or None.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from coalition.core.errors import undo_on_failure
from documents.files.models import StoredFile
from documents.publication.models import Publication, PublicationText


@dataclass(frozen=True)
class Presenter:
    """The phases of one presenter; see the module docstring."""

    present: Callable[[Publication, Any], None]
    withdraw: Callable[[Publication], bool | None]
    prepare: Callable[[Sequence[StoredFile]], Any] = lambda _pictures: None
    discard: Callable[[Any], None] = lambda _prepared: None
    address: Callable[[Publication, str], str | None] = lambda _publication, _language: None


_presenters: list[Presenter] = []


def register_presenter(
    present: Callable[[Publication, Any], None],
    withdraw: Callable[[Publication], bool | None],
    **phases: Callable[..., Any],
) -> Presenter:
    """Register a presenter with its further `phases` from `AppConfig.ready()`. Return it, so that a test
    can unregister it."""
    presenter = Presenter(present, withdraw, **phases)
    _presenters.append(presenter)
    return presenter


def unregister_presenter(presenter: Presenter) -> None:
    """Unregister a presenter."""
    _presenters.remove(presenter)


def prepare_all(pictures: Sequence[StoredFile]) -> list[tuple[Presenter, Any]]:
    """Run every `prepare`; if one fails, discard the results of the others and re-raise."""
    prepared: list[tuple[Presenter, Any]] = []
    with undo_on_failure(lambda: discard_all(prepared)):
        for presenter in _presenters:
            prepared.append((presenter, presenter.prepare(pictures)))  # noqa: PERF401  kept for the discarding
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


def record_slug(text: PublicationText, slug: str) -> None:
    """Record the slug of a text's page, in the caller's publishing transaction, so that a page elsewhere is
    detected."""
    text.slug = slug
    text.save(update_fields=["slug"])
