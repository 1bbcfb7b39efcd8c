"""What follows from actions on documents in capabilities above: lists that their `Capability` objects fill.

Everything is called in the transaction of the action, in the order of `documents.registry`.
"""

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.http import HttpRequest

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from coalition.accounts.models import Organisation
    from coalition.workspaces.permissions import Access
    from documents.approval.models import ApprovalRound
    from documents.canonical.form import Document
    from documents.drafts.actions.texts import TextContent
    from documents.drafts.live.projection import Author
    from documents.drafts.live.suggestions import DecidedSuggestion
    from documents.drafts.models import Draft, DraftText, Handling, TextKind, Version
    from documents.files.models import StoredFile
    from documents.publication.models import Publication

type OfDraft = Callable[[Draft], None]
type OfReaders = Callable[[Draft, Access], None]
type OfText = Callable[[DraftText], None]
type OfTexts = Callable[[Draft, Collection[DraftText]], None]
type TextChanged = Callable[[DraftText, TextContent, TextContent, Sequence[Author]], None]
type SuggestionsDecided = Callable[[DraftText, Sequence[DecidedSuggestion], Sequence[Author]], None]
type OfVersion = Callable[[Version, Document], None]
type OfPublication = Callable[[Publication], None]
type ContextOf = Callable[[Publication], Mapping[str, object]]
type OfRound = Callable[[ApprovalRound], None]
type QuotationsAgreed = Callable[[Mapping[int, Collection[Document]]], Mapping[int, frozenset[str]]]
type OfContact = Callable[[UUID], None]
type OfFile = Callable[[StoredFile], None]
type KeysOfFiles = Callable[[], QuerySet[Any, Any]]
type RefuseKind = Callable[[Draft, TextKind], None]
type RefuseMark = Callable[[Draft, Handling], None]
type RefuseList = Callable[[Access, Draft, Collection[Organisation]], None]
type SubjectsOf = Callable[[Draft], Iterable[UUID]]
type ForgetGuests = Callable[[datetime.datetime, Collection[UUID]], int]


@dataclass(frozen=True, kw_only=True)
class Hooks:
    """Functions to call, by the action.

    Guards raise Refused:
    - `kind_guards`, `mark_guards`, `list_guards`: before a draft gets another kind, mark or list of
      organisations;
    - `version_guards`: before a text becomes a version; also called outside of the transaction;
    - `file_guards`: before a file of a workspace is deleted; its row is locked.

    Listeners:
    - `text_changed(text, before, after, authors)`: the words or the marked text; `authors` wrote since the
      last time, the last one last; none if the server wrote without an author;
    - `suggestions_decided(text, decided, authors)`: after that, if suggestions were accepted or rejected;
    - `readers_changed(draft, by)`: mark, list or named people of the draft are others now;
    - `version_named(version, document)`;
    - `quotation_answered(draft)`: by its speaker;
    - `verdict_given(draft)`: by a lawyer;
    - `published(draft, texts)`: these texts, locked, become public now;
    - `writers_forgotten(draft)`: it becomes public, and who wrote what in it is forgotten;
    - `round_closing(round)`: without a publication; its row is locked;
    - `planned(publication)`: it is scheduled now, or its moment or texts were changed; its row is locked;
    - `corrected(publication)`: it has replaced another;
    - `contact_put_away(uuid)`: a person of an outlet.

    Sources:
    - `subjects_of(draft)`: UUIDs of what beside the draft its activities are about;
    - `made_files()`: primary keys of files that the server made of others, and that another capability sends
      as consent to those allows: they are not among the files of the workspace;
    - `quotations_agreed(documents by draft)`: digests of the quotations that their speakers approve;
    - `sheet_context(publication)`: what else its public approval sheet shows;
    - `guests_forgotten(before, links)`: empties what tells who guests were, of these links or older than
      `before`; how many rows.
    """

    kind_guards: list[RefuseKind] = field(default_factory=list)
    mark_guards: list[RefuseMark] = field(default_factory=list)
    list_guards: list[RefuseList] = field(default_factory=list)
    version_guards: list[OfText] = field(default_factory=list)
    file_guards: list[OfFile] = field(default_factory=list)
    text_changed: list[TextChanged] = field(default_factory=list)
    suggestions_decided: list[SuggestionsDecided] = field(default_factory=list)
    readers_changed: list[OfReaders] = field(default_factory=list)
    subjects_of: list[SubjectsOf] = field(default_factory=list)
    version_named: list[OfVersion] = field(default_factory=list)
    quotation_answered: list[OfDraft] = field(default_factory=list)
    verdict_given: list[OfDraft] = field(default_factory=list)
    published: list[OfTexts] = field(default_factory=list)
    writers_forgotten: list[OfDraft] = field(default_factory=list)
    round_closing: list[OfRound] = field(default_factory=list)
    made_files: list[KeysOfFiles] = field(default_factory=list)
    quotations_agreed: list[QuotationsAgreed] = field(default_factory=list)
    planned: list[OfPublication] = field(default_factory=list)
    corrected: list[OfPublication] = field(default_factory=list)
    sheet_context: list[ContextOf] = field(default_factory=list)
    contact_put_away: list[OfContact] = field(default_factory=list)
    guests_forgotten: list[ForgetGuests] = field(default_factory=list)

    def extend(self, more: "Hooks") -> None:
        """Add the functions of another, after those that are here."""
        for one in fields(self):
            getattr(self, one.name).extend(getattr(more, one.name))


HOOKS = Hooks()

_frames: list[Callable[[HttpRequest], dict[str, Any]]] = []  # at most one


def register_site_frame(frame: Callable[[HttpRequest], dict[str, Any]]) -> None:
    """Register the public site's frame for pages of this layer: menu, feeds, ways to check us."""
    _frames[:] = [frame]


def site_frame_context(request: HttpRequest) -> dict[str, Any]:
    """Return the context of the public site's frame, empty if no site has registered."""
    return _frames[0](request) if _frames else {}
