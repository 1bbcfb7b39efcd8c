"""What follows from actions on documents in capabilities above: lists that their `Capability` objects fill.

Everything is called in the transaction of the action, in the order of `documents.registry`.
"""

import datetime
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from coalition.accounts.models import Organisation
    from coalition.workspaces.permissions import Access
    from documents.approval.models import ApprovalRound
    from documents.canonical.form import Document
    from documents.drafts.enums import Handling, TextKind
    from documents.drafts.models import Draft, DraftText, Version
    from documents.publication.models import Publication

type OfDraft = Callable[[Draft], None]
type OfReaders = Callable[[Draft, Access], None]
type OfText = Callable[[DraftText], None]
type OfVersion = Callable[[Version, Document], None]
type OfPublication = Callable[[Publication], None]
type ContextOf = Callable[[Publication], Mapping[str, object]]
type OfRound = Callable[[ApprovalRound], None]
type QuotationsAgreed = Callable[[Mapping[int, Collection[Document]]], Mapping[int, frozenset[str]]]
type OfContact = Callable[[UUID], None]
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
    - `version_guards`: before a text becomes a version; also called outside of the transaction.

    Listeners:
    - `readers_changed(draft, by)`: mark, list or named people of the draft are others now;
    - `version_named(version, document)`;
    - `quotation_answered(draft)`: by its speaker;
    - `verdict_given(draft)`: by a lawyer;
    - `writers_forgotten(draft)`: it becomes public, and who wrote what in it is forgotten;
    - `round_closing(round)`: without a publication; its row is locked;
    - `corrected(publication)`: it has replaced another;
    - `contact_put_away(uuid)`: a person of an outlet.

    Sources:
    - `subjects_of(draft)`: UUIDs of what beside the draft its activities are about;
    - `quotations_agreed(documents by draft)`: digests of the quotations that their speakers approve;
    - `sheet_context(publication)`: what else its public approval sheet shows;
    - `guests_forgotten(before, links)`: empties what tells who guests were, of these links or older than
      `before`; how many rows.
    """

    kind_guards: list[RefuseKind] = field(default_factory=list)
    mark_guards: list[RefuseMark] = field(default_factory=list)
    list_guards: list[RefuseList] = field(default_factory=list)
    version_guards: list[OfText] = field(default_factory=list)
    readers_changed: list[OfReaders] = field(default_factory=list)
    subjects_of: list[SubjectsOf] = field(default_factory=list)
    version_named: list[OfVersion] = field(default_factory=list)
    quotation_answered: list[OfDraft] = field(default_factory=list)
    verdict_given: list[OfDraft] = field(default_factory=list)
    writers_forgotten: list[OfDraft] = field(default_factory=list)
    round_closing: list[OfRound] = field(default_factory=list)
    quotations_agreed: list[QuotationsAgreed] = field(default_factory=list)
    corrected: list[OfPublication] = field(default_factory=list)
    sheet_context: list[ContextOf] = field(default_factory=list)
    contact_put_away: list[OfContact] = field(default_factory=list)
    guests_forgotten: list[ForgetGuests] = field(default_factory=list)

    def extend(self, more: "Hooks") -> None:
        """Add the functions of another, after those that are here."""
        for one in fields(self):
            getattr(self, one.name).extend(getattr(more, one.name))


HOOKS = Hooks()
