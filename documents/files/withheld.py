"""Texts as outsiders get them: without pictures that consent does not allow now, and whether their words may
be shown at all.

Every reader of an approved text goes through here (`PublicationText.document`); its version is never changed.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from coalition.consent.enums import Place
from coalition.consent.shared_gates import gates_of
from documents.canonical.form import Document
from documents.canonical.withholding import withheld_among, without_pictures


@dataclass(frozen=True)
class WordRule:
    """Which texts have words under consent. `drafts`: their primary keys; `withholds`: a published text
    (`PublicationText`) of one of them → whether consent withholds its words now."""

    drafts: Collection[int]
    withholds: Callable[[Any], bool]


_word_rules: Final[list[Callable[[], WordRule]]] = []


def register_word_rule(make: Callable[[], WordRule]) -> None:
    """Register a function that returns a rule, asked once for all texts of a `WithheldContent`."""
    _word_rules.append(make)


class WithheldContent:
    """What may not be shown now. Pictures: one query, shared by a request, and none for texts without
    pictures and attached files. Words: one query by each rule, shared by a request. Share it among the texts
    of a run outside of a request."""

    def __init__(self) -> None:
        self._gates = gates_of(Place.SITE).by_language

    @cached_property
    def _rules(self) -> list[WordRule]:
        return [make() for make in _word_rules]

    def has_words_of(self, text: Any) -> bool:
        """Whether the words of this published text (`PublicationText`) are withheld."""
        rules = [rule for rule in self._rules if rule.drafts]
        return any(text.publication.draft_id in rule.drafts and rule.withholds(text) for rule in rules)

    @property
    def drafts_under_consent(self) -> set[int]:
        """Primary keys of drafts whose words are under consent: no other text may take them over, since she
        agreed to this one alone."""
        return {draft for rule in self._rules for draft in rule.drafts}

    def hashes_in(self, document: Document) -> list[str]:
        """Return SHA-256 hashes of pictures and attached files of the document that are withheld, sorted."""
        if not document["pictures"] and not document["attachments"]:
            return []
        return withheld_among(document, self._gates[document["language"]].blocked_hashes())

    def without(self, document: Document) -> Document:
        """Return the document without them (`without_pictures`)."""
        return without_pictures(document, self.hashes_in(document))


def public_document(document: Document) -> Document:
    """Return the document without pictures that may not be shown on the site now."""
    return WithheldContent().without(document)
