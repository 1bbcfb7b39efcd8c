"""Facts and their history, and who keeps them: the only place where they come from."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count

from documents.canonical.serialise import CanonicalError
from documents.checklist.lines import TextReading, read_text
from documents.comments.queries import threads_for
from documents.drafts.actions.texts import document_for_approval, pictures_for_text, text_content
from documents.drafts.enums import Audience, TextKind
from documents.drafts.models import DraftText

# --- lookup ---
# Register data of the versions that a text names.


@dataclass(frozen=True)
class RegisteredFact:
    """A version in the text's language and form; `is_newest` while it is the fact's current one."""

    words: str
    source: str
    is_newest: bool


# --- subject ---
# Input of the rules: one text of a draft, read once.


@dataclass(frozen=True)
class ChecklistSubject:
    """The current text without open suggestions, and what is pending on it.

    `threads`: the number of open threads of the workspace, and of legal readers that the person
    may read. `pictures`: the texts of the picture files. `register`: the register's entries for
    the cited fact versions. `fault`: the reason why the text has no canonical form, if it has
    none. `looked_up`: data for rules of higher layers, by rule.
    """

    kind: TextKind
    language: str
    is_empty: bool = False
    is_older: bool = False
    title: str = ""
    lead: str = ""
    reading: TextReading = field(default_factory=TextReading)
    suggestions: int = 0
    threads: int = 0
    pictures: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    fault: CanonicalError | None = None
    register: Mapping[str, RegisteredFact] = field(default_factory=dict)
    looked_up: Mapping[str, Sequence[Any]] = field(default_factory=dict)


type RuleLookup = Callable[[DraftText, TextReading], Sequence[Any]]

_lookups: dict[str, RuleLookup] = {}


def register_lookup(name: str, lookup: RuleLookup) -> None:
    """Register the lookup of a higher layer's rule, for non-empty texts (`register_rule`)."""
    _lookups[name] = lookup


type FactLookup = Callable[[Iterable[str], str], Mapping[str, RegisteredFact]]

_fact_lookups: list[FactLookup] = []


def register_fact_lookup(lookup: FactLookup) -> None:
    """Say what the facts register says of the ids that a text holds, in its language. From `ready()`."""
    _fact_lookups.append(lookup)


def _registered(ids: Iterable[str], language: str) -> Mapping[str, RegisteredFact]:
    known = list(ids)
    return {one: said for lookup in _fact_lookups for one, said in lookup(known, language).items()}


def checklist_subject(text: DraftText, user: object) -> ChecklistSubject:
    """Read the text for the rules, counting the threads visible to the person.

    Needs `draft` and `based_on` loaded. One query, one more with pictures, four more with facts,
    none for an empty text.
    """
    return checklist_subjects([text], user)[0]


def checklist_subjects(texts: Collection[DraftText], user: object) -> list[ChecklistSubject]:
    """Read many texts, in order; threads are counted in one query for all of them."""
    threads = _open_threads([text for text in texts if not text.is_empty], user)
    return [_build_subject(text, threads.get(text.pk, 0)) for text in texts]


def _open_threads(texts: Collection[DraftText], user: object) -> dict[int, int]:
    """Count the open workspace and legal-reader threads of each text (by primary key)."""
    if not texts:
        return {}
    rows = threads_for(user).filter(
        text__in=texts, resolved_at=None, audience__in=[Audience.WORKSPACE, Audience.LEGAL]
    )
    return dict(rows.order_by().values_list("text").annotate(Count("pk")))


def _build_subject(text: DraftText, threads: int) -> ChecklistSubject:
    words, kind = text_content(text), TextKind(text.draft.kind)
    if text.is_empty:
        return ChecklistSubject(kind, text.language, is_empty=True)
    pictures = pictures_for_text(text.draft, words["body"])
    fault = None
    try:
        document_for_approval(draft=text.draft, language=text.language, words=words, pictures=pictures)
    except CanonicalError as error:
        fault = error
    reading = read_text(title=text.title, lead=text.lead, body=text.body)
    return ChecklistSubject(
        kind=kind,
        language=text.language,
        is_older=text.is_older,
        title=text.title,
        lead=text.lead,
        reading=reading,
        register=_registered((one.id for one in reading.facts), text.language),
        suggestions=text.open_suggestions,
        threads=threads,
        pictures={name: {key: str(value) for key, value in file.items()} for name, file in pictures.items()},
        fault=fault,
        looked_up={name: lookup(text, reading) for name, lookup in _lookups.items()},
    )
