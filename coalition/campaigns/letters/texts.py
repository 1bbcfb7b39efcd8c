"""The words that a letter action offers: paragraphs of its published text, and facts of the register."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from coalition.campaigns.appeals.versions import hashes_of
from coalition.campaigns.letters.models import LetterAction
from coalition.core.localized_text import fallback_order
from coalition.workspaces.permissions import Access
from documents.canonical.form import Document
from documents.canonical.passages import Passage, passages_of
from documents.drafts.models import PublicationState, TextKind
from documents.facts.models import Fact, FactVersion, fact_run, words_in
from documents.facts.queries import public_versions
from documents.publication.models import Publication
from documents.publication.queries import publications_for

KINDS: Final = (TextKind.DEPUTY_LETTER, TextKind.LETTER)
MOST_BLOCKS: Final = 30
MOST_LETTERS: Final = 6_000  # characters of all blocks; the rest is read on the approval sheet
_OUTSIDE: Final = frozenset({"cell", "header", "quotation"})  # tables, and words of a named speaker


@dataclass(frozen=True)
class OfferedWords:
    """The text in one language. `blocks`: its paragraphs, exactly as they were approved."""

    language: str
    title: str
    blocks: list[str]


def usable_texts(access: Access) -> QuerySet[Publication]:
    """Letters that are public in the workspace now, with their texts: neither corrected since, nor awaiting a
    decision."""
    return _standing(publications_for(access.user, access.workspace)).order_by("-number")


def is_usable(publication: Publication) -> bool:
    """The same of one, read anew. One query."""
    return _standing(Publication.objects.filter(pk=publication.pk)).exists()


def _standing(rows: QuerySet[Publication]) -> QuerySet[Publication]:
    rows = rows.filter(draft__kind__in=KINDS, state=PublicationState.PUBLIC)
    return rows.filter(replaced_by=None, awaiting_since=None, taken_off=None)


def is_as_published(action: LetterAction) -> bool:
    """Whether the action's hashes are those of its publication. One query."""
    return bool(action.hashes) and action.hashes == hashes_of(action.publication)


def offered_words(publication: Publication, language: str) -> OfferedWords:
    """Return the paragraphs in the reader's language, or in the next best one. Needs the texts loaded."""
    texts = {text.language: text for text in publication.texts.all()}
    code = next(one for one in [*fallback_order(language), *texts] if one in texts)
    document: Document = texts[code].document
    return OfferedWords(code, str(document["title"]), paragraphs_of(document))


def paragraphs_of(document: Document) -> list[str]:
    """Return the words of paragraphs and of items of lists, without notes, tables, headings and quotations of
    speakers; `MOST_BLOCKS` and `MOST_LETTERS` at most."""
    found: list[str] = []
    letters = 0
    for passage in passages_of(document):
        words = _plain(passage)
        letters += len(words)
        if len(found) == MOST_BLOCKS or letters > MOST_LETTERS:
            break
        if words:
            found.append(words)
    return found


def _plain(passage: Passage) -> str:
    if passage.kind != "paragraph" or any(step.name in _OUTSIDE for step in passage.path):
        return ""
    return "".join(token.text for token in passage.tokens if token.kind != "footnote").strip()


def facts_to_offer() -> QuerySet[Fact]:
    """Facts in use whose checked words are public: opened, or part of a public text. For everyone."""
    said = public_versions().filter(pk=OuterRef("checked"))
    public = Q(opened_at__isnull=False) | Exists(said)
    versions = FactVersion.objects.prefetch_related("words")
    rows = Fact.objects.filter(public, checked__isnull=False, retired_at=None).order_by("pk")
    return rows.prefetch_related(Prefetch("checked", queryset=versions))


def fact_blocks(facts: Iterable[Fact], language: str) -> list[str]:
    """Return the checked words of the facts that have this language, each with its source."""
    found = []
    for fact in facts:
        words = words_in(fact.checked, language)
        if fact.checked is not None and words is not None:
            run = fact_run(fact.checked, words)
            found.append(f"{run['words']} ({run['source'].rstrip('.')})." if run["source"] else run["words"])
    return found
