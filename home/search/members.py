"""What a signed-in person finds beside the public things: what they may see themselves, and nothing else.

No index holds any of it. Every list starts from those that already ask for the right, at the moment of the
question; what the person may not see is never looked at, so that neither a number nor the time taken tells
of it. Of each kind the newest are shown, without saying how many there are.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from itertools import batched
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import IntegerField, QuerySet, TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language, Listing
from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import Viewer, display_name_for, may_see_name, viewer_for
from coalition.accounts.queries import with_names_in
from coalition.core.crypto import cache_decrypted
from coalition.workspaces.models import Workspace
from coalition.workspaces.naming import visible_name
from coalition.workspaces.queries import active_seats, cache_seats, participations_in, workspaces_for
from documents.drafts.queries import drafts_for
from documents.files.queries import files_for
from documents.models import DraftText
from events.core.queries import events_beside_public_for
from events.models import EventText
from home.search.folding import fold
from home.search.highlight import MarkedPiece, TermMatcher, extract, mark_text
from home.search.matching import Term
from home.search.query import parse_query

OF_A_KIND = 5
MOST_LOOKED_AT = 500  # the newest of a kind
MOST_READ = 100  # texts of drafts that are read whole

type QueryRow = tuple[Any, ...]


class Candidate(NamedTuple):
    """Something the person may see. `language`: of its words, or none where they may be in any. Its address
    and its note are worked out for what is found alone."""

    url: Callable[[], str]
    title: str
    words: str = ""
    note: Callable[[], str] = str
    language: str = ""


class MemberScope(NamedTuple):
    """What several kinds are told with: the person's workspaces, the rows that organisations stand behind,
    and these organisations, by their keys."""

    viewer: Viewer
    workspaces: dict[int, Workspace]
    events: list[QueryRow]
    seats: list[QueryRow]
    unlisted: list[QueryRow]
    organisations: dict[int, Organisation]

    def name(self, organisation: int) -> str:
        return display_name_for(self.viewer, self.organisations[organisation])

    def title(self, workspace: int) -> str:
        return self.workspaces[workspace].title

    def page(self, name: str, workspace: int) -> str:
        return reverse(f"workspaces:{name}", args=[self.workspaces[workspace].uuid])


@dataclass(frozen=True)
class MemberResult:
    """A line of the page."""

    url: str
    title: list[MarkedPiece]
    extract: list[MarkedPiece]
    note: str


@dataclass(frozen=True)
class ResultGroup:
    """The results of one kind."""

    label: str | Promise
    results: list[MemberResult]


def find_for_member(user: object, text: str) -> list[ResultGroup]:
    """Drafts, files, events, workspaces, people and unlisted organisations that have all the words.

    Nothing for anonymous people. As many queries whatever is found.
    """
    if not isinstance(user, User) or not user.is_active:
        return []
    terms = {language: parse_query(text, language).terms for language in Language.values}
    if not any(terms.values()):
        return []
    sought = {language: TermMatcher(words, language) for language, words in terms.items()}
    with cache_seats(user), cache_decrypted():
        around = _member_scope(user)
        groups = [
            ResultGroup(label, list(_matching_results(candidates(user, around), terms, sought)))
            for label, candidates in _CANDIDATES.items()
        ]
    return [group for group in groups if group.results]


def _member_scope(user: User) -> MemberScope:
    """Organisations stand behind events, seats and what is unlisted: their names are read in one query."""
    newest = workspaces_for(user).only("uuid", "title", "purpose").order_by("-pk")
    workspaces = {workspace.pk: workspace for workspace in newest}
    events = _event_rows(user)
    seats = _seat_rows(workspaces)
    unlisted = _unlisted_rows(workspaces)
    keys = {key for rows in (events, seats, unlisted) for key, *_others in rows}
    language = (get_language() or Language.KK)[:2]
    organisations = with_names_in(Organisation.objects.all(), language).in_bulk(keys)
    return MemberScope(viewer_for(user), workspaces, events, seats, unlisted, organisations)


def _matching_results(
    candidates: Iterable[Candidate], terms: dict[str, list[Term]], sought: dict[str, TermMatcher]
) -> Iterator[MemberResult]:
    shown: set[tuple[str, str]] = set()
    missed: set[tuple[str, str, str]] = set()  # the same words again: people with many seats
    for one, folded in _fold_candidates(candidates, sought):
        looked_at = (one.title, one.words, one.language)
        if looked_at in missed:
            continue
        languages = (one.language,) if one.language else Language.values
        found = next((code for code in languages if sought[code].stands_in(folded)), None)
        if found is None:
            missed.add(looked_at)
            continue
        if ((url := one.url()), one.title) in shown:
            continue
        shown.add((url, one.title))
        words = extract(one.words, terms[found], found) if one.words else []
        yield MemberResult(url, mark_text(one.title, terms[found], found), words, one.note())
        if len(shown) == OF_A_KIND:
            return


def _fold_candidates(
    candidates: Iterable[Candidate], sought: dict[str, TermMatcher]
) -> Iterator[tuple[Candidate, str]]:
    """Each with its words as the search sees them; folded together, which is faster than one by one. Many of
    which none has the letters that are looked for are left out together."""
    for some in batched(candidates, 50, strict=False):
        texts = [f"{one.title}\n{one.words}\n" for one in some]
        folded = fold("".join(texts))
        if not any(one.may_stand_in(folded) for one in sought.values()):
            continue
        end = 0
        for one, text in zip(some, texts, strict=True):
            start, end = end, end + len(text)
            yield one, folded[start:end]


def _newest(texts: QuerySet[Any], thing: str, things: QuerySet[Any], moment: str) -> QuerySet[Any]:
    """Keys of the texts of the newest of these things, which are found without their texts, and the texts
    without their words: sorted with them, all that the person may see would be read for a few hundred."""
    newest = things.order_by(f"-{moment}", "pk").values("pk")[:MOST_LOOKED_AT]
    rows = texts.filter(**{f"{thing}__in": newest}).order_by(f"-{thing}__{moment}", "pk")
    return rows.values("pk")[:MOST_LOOKED_AT]


def _drafts(user: User, around: MemberScope) -> Iterator[Candidate]:
    """In two queries: which are the newest is asked without their bodies, which are most of what is kept."""
    keys = _newest(DraftText.objects.all(), "draft", drafts_for(user), "changed_at")
    rows = DraftText.objects.filter(pk__in=keys).order_by("-draft__changed_at", "id")
    columns = ("pk", "language", "title", "lead", "draft__title", "draft__workspace__title")
    found = list(rows.values_list(*columns, Cast("draft__uuid", TextField())))
    newest = DraftText.objects.filter(pk__in=[row[0] for row in found[:MOST_READ]])
    bodies = dict(newest.values_list("pk", Cast("body", TextField())))
    for pk, language, title, lead, draft, workspace, uuid in found:
        # One at a time: a hundred whole bodies are so many objects that Python looks through all of its own.
        body = "\n".join(_texts_in_json(json.loads(bodies[pk]))) if pk in bodies else ""
        yield Candidate(
            url=partial(_address, "documents:text", uuid, language),
            title=title or draft,
            words="\n".join(filter(None, (draft, lead, body))),
            note=partial(str, workspace),
            language=language,
        )


def _texts_in_json(node: object) -> list[str]:
    """The words of the editor's JSON."""
    said: list[str] = []
    _collect_texts(node, said)
    return said


def _collect_texts(node: object, said: list[str]) -> None:
    if isinstance(node, dict):
        if isinstance(text := node.get("text"), str):
            said.append(text)
        for inner in node.get("content") or ():
            _collect_texts(inner, said)


def _files(user: User, around: MemberScope) -> Iterator[Candidate]:
    columns = ("uuid", "name", "caption", "alt", "workspace__title")
    for uuid, name, caption, alt, workspace in files_for(user).values_list(*columns)[:MOST_LOOKED_AT]:
        yield Candidate(
            partial(_address, "documents:file", str(uuid)),
            name,
            "\n".join(filter(None, (caption, alt))),
            note=partial(str, workspace),
        )


def _event_rows(user: User) -> list[QueryRow]:
    """Those that are not public: the others stand among what everyone finds. An address that is kept for the
    confirmed is not looked at."""
    keys = _newest(EventText.objects.all(), "event", events_beside_public_for(user), "starts_at")
    rows = EventText.objects.filter(pk__in=keys).order_by("-event__starts_at", "id")
    words = ("event__organisation", "event__workspace", "language", "title", "text", "place", "address")
    # As text and as a number: hundreds of values are not turned into what nobody looks at.
    others = (Cast("event__address_for_confirmed", IntegerField()), Cast("event__uuid", TextField()))
    return list(rows.values_list(*words, *others))


def _events(user: User, around: MemberScope) -> Iterator[Candidate]:
    """Of another workspace, whose name is its own, the host is named."""
    for host, workspace, language, title, text, place, address, held, uuid in around.events:
        if title:
            where = () if held else (place, address)
            own = workspace in around.workspaces
            yield Candidate(
                partial(_address, "events:event", uuid),
                title,
                words="\n".join(filter(None, (text, *where))),
                note=partial(around.title, workspace) if own else partial(around.name, host),
                language=language,
            )


def _workspaces(user: User, around: MemberScope) -> Iterator[Candidate]:
    for key, workspace in list(around.workspaces.items())[:MOST_LOOKED_AT]:
        yield Candidate(partial(around.page, "workspace", key), workspace.title, workspace.purpose)


def _seat_rows(workspaces: Iterable[int]) -> list[QueryRow]:
    """Of people with whom the person shares a workspace."""
    seats = active_seats().filter(workspace__in=list(workspaces)).order_by("-workspace_id", "id")
    return list(seats.values_list("organisation", "person", "workspace")[:MOST_LOOKED_AT])


def _people(user: User, around: MemberScope) -> Iterator[Candidate]:
    """Under the names that the person may be told."""
    keys = {person for _organisation, person, _workspace in around.seats}
    people = dict(User.objects.filter(pk__in=keys).values_list("pk", "name"))

    @cache
    def name(person: int, organisation: int) -> str:
        return visible_name(around.viewer, people[person], around.organisations[organisation])

    for organisation, person, workspace in around.seats:
        yield Candidate(
            partial(around.page, "people", workspace),
            name(person, organisation),
            note=partial(_name_and_title, around, organisation, workspace),
        )


def _name_and_title(around: MemberScope, organisation: int, workspace: int) -> str:
    return f"{around.name(organisation)} · {around.title(workspace)}"


def _unlisted_rows(workspaces: Iterable[int]) -> list[QueryRow]:
    """Organisations of shared workspaces that the public is not told of."""
    rows = participations_in(workspaces).exclude(organisation__listing=Listing.PUBLIC)
    return list(rows.values_list("organisation", "workspace")[:MOST_LOOKED_AT])


def _organisations(user: User, around: MemberScope) -> Iterator[Candidate]:
    """Those that this person is told of."""
    for organisation, workspace in around.unlisted:
        if may_see_name(around.viewer, around.organisations[organisation]):
            yield Candidate(
                partial(around.page, "people", workspace),
                around.name(organisation),
                note=partial(around.title, workspace),
            )


def _address(page: str, uuid: str, *others: str) -> str:
    return reverse(page, args=[UUID(uuid), *others])


_CANDIDATES: dict[Promise, Callable[[User, MemberScope], Iterator[Candidate]]] = {
    _("Drafts"): _drafts,
    _("Files"): _files,
    _("Events"): _events,
    _("Workspaces"): _workspaces,
    _("People"): _people,
    _("Organisations"): _organisations,
}
