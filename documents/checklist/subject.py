"""Facts and their history, and who keeps them: the only place where they come from."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count

from documents.canonical.serialise import CanonicalError
from documents.checklist.lines import Reading, read
from documents.comments.queries import threads_for
from documents.drafts.actions.texts import pictures_of, to_approve, words_of
from documents.drafts.enums import Audience, TextKind
from documents.drafts.models import DraftText

# --- lookup ---
# What the register says of the versions that a text names.


@dataclass(frozen=True)
class Registered:
    """A version in the language of the text, as a text holds it; `is_newest` while the fact says so."""

    words: str
    source: str
    is_newest: bool


# --- subject ---
# What the rules look at: one text of a draft, read once.


@dataclass(frozen=True)
class Sheet:
    """A text as it stands, without open suggestions, and what waits on it.

    `threads` counts open threads of the workspace, and those of legal readers that the person may read.
    `pictures` are the words of the files that the text shows, `register` what the facts register says of the
    versions that the text names. `fault` is why the text has no canonical form,
    if it has none. `looked_up`: what rules of layers above need, by rule.
    """

    kind: TextKind
    language: str
    is_empty: bool = False
    is_older: bool = False
    title: str = ""
    lead: str = ""
    reading: Reading = field(default_factory=Reading)
    suggestions: int = 0
    threads: int = 0
    pictures: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    fault: CanonicalError | None = None
    register: Mapping[str, Registered] = field(default_factory=dict)
    looked_up: Mapping[str, Sequence[Any]] = field(default_factory=dict)


type Lookup = Callable[[DraftText, Reading], Sequence[Any]]

_lookups: dict[str, Lookup] = {}


def register_lookup(name: str, lookup: Lookup) -> None:
    """Say what a rule of a layer above needs of a text that is not empty (`register_rule`)."""
    _lookups[name] = lookup


type FactLookup = Callable[[Iterable[str], str], Mapping[str, Registered]]

_fact_lookups: list[FactLookup] = []


def register_fact_lookup(lookup: FactLookup) -> None:
    """Say what the facts register says of the ids that a text holds, in its language. From `ready()`."""
    _fact_lookups.append(lookup)


def _registered(ids: Iterable[str], language: str) -> Mapping[str, Registered]:
    known = list(ids)
    return {one: said for lookup in _fact_lookups for one, said in lookup(known, language).items()}


def sheet_of(text: DraftText, user: object) -> Sheet:
    """Read the text for the rules, with what the person may know of its threads.

    Needs `draft` and `based_on` loaded. One query, one more with pictures, four more with facts, none for an
    empty text.
    """
    return sheets_of([text], user)[0]


def sheets_of(texts: Collection[DraftText], user: object) -> list[Sheet]:
    """Read many, in their order; their threads are counted in one query for all of them."""
    threads = _open_threads([text for text in texts if not text.is_empty], user)
    return [_sheet(text, threads.get(text.pk, 0)) for text in texts]


def _open_threads(texts: Collection[DraftText], user: object) -> dict[int, int]:
    """How many threads of the workspace and of legal readers wait on each text (by primary key)."""
    if not texts:
        return {}
    rows = threads_for(user).filter(
        text__in=texts, resolved_at=None, audience__in=[Audience.WORKSPACE, Audience.LEGAL]
    )
    return dict(rows.order_by().values_list("text").annotate(Count("pk")))


def _sheet(text: DraftText, threads: int) -> Sheet:
    words, kind = words_of(text), TextKind(text.draft.kind)
    if text.is_empty:
        return Sheet(kind, text.language, is_empty=True)
    pictures = pictures_of(text.draft, words["body"])
    fault = None
    try:
        to_approve(draft=text.draft, language=text.language, words=words, pictures=pictures)
    except CanonicalError as error:
        fault = error
    reading = read(title=text.title, lead=text.lead, body=text.body)
    return Sheet(
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
