"""Search results of a signed-in person, limited to what they may see.

Nothing of it is indexed. Every list starts from querysets filtered by permission at the time of the
query; what the person may not see is never read, so that neither counts nor timing reveal it. The
newest of each kind are shown, without a total.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from functools import cache, partial
from itertools import batched
from typing import Any, NamedTuple
from uuid import UUID

from django.db.models import IntegerField, Model, QuerySet, TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy as _

from coalition.accounts.models import Language, Listing, Organisation, User
from coalition.accounts.naming import display_name_for, may_see_name, viewer_for
from coalition.accounts.queries import with_names_in
from coalition.core.crypto import cache_decrypted
from coalition.workspaces.queries import active_seats, for_page, participations_in, workspaces_for
from coalition.workspaces.sentence_params import visible_name
from documents.drafts.queries import drafts_for
from documents.files.consent import usable_files_for
from documents.models import DraftText
from events.core.queries import non_public_events_for
from events.models import EventText
from home.search.results import TermMatcher, extract, mark_text
from home.search.words import Term, fold, parse_query

OF_A_KIND = 5
MOST_LOOKED_AT = 500  # the newest of each kind
MOST_READ = 100  # texts of drafts read in full

type QueryRow = tuple[Any, ...]


class Candidate(NamedTuple):
    """An object that the person may see. `language`: of its words, "" for any. Its address and its
    note are computed for results only."""

    url: Callable[[], str]
    title: str
    words: str = ""
    note: Callable[[], str] = str
    language: str = ""


def _newest[T: Model](model: type[T], thing: str, things: QuerySet[Any], moment: str) -> QuerySet[T]:
    """Return the texts of the newest objects. These are found without their texts, and the texts without
    bodies: sorting with them would read everything that the person may see for a few hundred."""
    newest = things.order_by(f"-{moment}", "pk").values("pk")[:MOST_LOOKED_AT]
    rows = model._default_manager.filter(**{f"{thing}__in": newest}).order_by(f"-{thing}__{moment}", "pk")
    keys = rows.values("pk")[:MOST_LOOKED_AT]
    return model._default_manager.filter(pk__in=keys).order_by(f"-{thing}__{moment}", "pk")


class MemberSearch:
    """Everything that a person may see, as candidates; loads the organisations of events, seats and unlisted
    entries, so that their names are read in one query."""

    def __init__(self, user: User) -> None:
        self.user, self.viewer = user, viewer_for(user)
        newest = workspaces_for(user).only("uuid", "title", "purpose").order_by("-pk")
        self.workspaces = {workspace.pk: workspace for workspace in newest}
        # Public events are in the public results. As text and number: most values are never converted.
        texts = _newest(EventText, "event", non_public_events_for(user), "starts_at")
        columns = ("event__organisation", "event__workspace", "language", "title", "text", "place", "address")
        others = (Cast("event__address_for_confirmed", IntegerField()), Cast("event__uuid", TextField()))
        self.events: list[QueryRow] = list(texts.values_list(*columns, *others))
        # Of people with whom the person shares a workspace.
        shared = active_seats().filter(workspace__in=list(self.workspaces)).order_by("-workspace_id", "id")
        self.seats: list[QueryRow] = list(
            shared.values_list("organisation", "person", "workspace")[:MOST_LOOKED_AT]
        )
        unlisted = participations_in(self.workspaces).exclude(organisation__listing=Listing.PUBLIC)
        self.unlisted: list[QueryRow] = list(
            unlisted.values_list("organisation", "workspace")[:MOST_LOOKED_AT]
        )
        keys = {key for rows in (self.events, self.seats, self.unlisted) for key, *_others in rows}
        language = (get_language() or Language.KK)[:2]
        self.organisations = with_names_in(Organisation.objects.all(), language).in_bulk(keys)

    def name(self, organisation: int) -> str:
        return display_name_for(self.viewer, self.organisations[organisation])

    def title(self, workspace: int) -> str:
        return self.workspaces[workspace].title

    def name_and_title(self, organisation: int, workspace: int) -> str:
        return f"{self.name(organisation)} · {self.title(workspace)}"

    def page(self, name: str, workspace: int) -> str:
        return reverse(f"workspaces:{name}", args=[self.workspaces[workspace].uuid])

    def find_drafts(self) -> Iterator[Candidate]:
        """Yield drafts in two queries: the newest are found without bodies, which are most of the data."""
        rows = _newest(DraftText, "draft", drafts_for(self.user), "changed_at")
        columns = ("pk", "language", "title", "lead", "draft__title", "draft__workspace__title")
        found = list(rows.values_list(*columns, Cast("draft__uuid", TextField())))
        newest = DraftText.objects.filter(pk__in=[row[0] for row in found[:MOST_READ]])
        bodies = dict(newest.values_list("pk", Cast("body", TextField())))
        for pk, language, title, lead, draft, workspace, uuid in found:
            # One at a time: a hundred parsed bodies are enough objects to trigger a full garbage
            # collection.
            body: list[str] = []
            if pk in bodies:
                _collect_texts(json.loads(bodies[pk]), body)
            yield Candidate(
                url=partial(_address, "documents:text", uuid, language),
                title=title or draft,
                words="\n".join(filter(None, (draft, lead, *body))),
                note=partial(str, workspace),
                language=language,
            )

    def find_files(self) -> Iterator[Candidate]:
        columns = ("uuid", "name", "caption", "alt", "workspace__title")
        for uuid, name, caption, alt, workspace in usable_files_for(self.user).values_list(*columns)[
            :MOST_LOOKED_AT
        ]:
            yield Candidate(
                partial(_address, "documents:file", str(uuid)),
                name,
                "\n".join(filter(None, (caption, alt))),
                note=partial(str, workspace),
            )

    def find_events(self) -> Iterator[Candidate]:
        """Yield events. One of another workspace is listed with its host, since that workspace's name is
        private. An address for confirmed guests only is not searched."""
        for host, workspace, language, title, text, place, address, is_hidden, uuid in self.events:
            if title:
                where = () if is_hidden else (place, address)
                own = workspace in self.workspaces
                yield Candidate(
                    partial(_address, "events:event", uuid),
                    title,
                    words="\n".join(filter(None, (text, *where))),
                    note=partial(self.title, workspace) if own else partial(self.name, host),
                    language=language,
                )

    def find_workspaces(self) -> Iterator[Candidate]:
        for key, workspace in list(self.workspaces.items())[:MOST_LOOKED_AT]:
            yield Candidate(partial(self.page, "workspace", key), workspace.title, workspace.purpose)

    def find_people(self) -> Iterator[Candidate]:
        keys = {person for _organisation, person, _workspace in self.seats}
        people = dict(User.objects.filter(pk__in=keys).values_list("pk", "name"))

        @cache
        def name(person: int, organisation: int) -> str:
            return visible_name(self.viewer, people[person], self.organisations[organisation])

        for organisation, person, workspace in self.seats:
            yield Candidate(
                partial(self.page, "people", workspace),
                name(person, organisation),
                note=partial(self.name_and_title, organisation, workspace),
            )

    def find_organisations(self) -> Iterator[Candidate]:
        for organisation, workspace in self.unlisted:
            if may_see_name(self.viewer, self.organisations[organisation]):
                yield Candidate(
                    partial(self.page, "people", workspace),
                    self.name(organisation),
                    note=partial(self.title, workspace),
                )


def _collect_texts(node: object, texts: list[str]) -> None:
    """Append the words of the editor's JSON to `texts`."""
    if isinstance(node, dict):
        if isinstance(text := node.get("text"), str):
            texts.append(text)
        for inner in node.get("content") or ():
            _collect_texts(inner, texts)


def _address(page: str, uuid: str, *others: str) -> str:
    return reverse(page, args=[UUID(uuid), *others])


_CANDIDATES: dict[Promise, Callable[[MemberSearch], Iterator[Candidate]]] = {
    _("Drafts"): MemberSearch.find_drafts,
    _("Files"): MemberSearch.find_files,
    _("Events"): MemberSearch.find_events,
    _("Workspaces"): MemberSearch.find_workspaces,
    _("People"): MemberSearch.find_people,
    _("Organisations"): MemberSearch.find_organisations,
}


def find_for_member(user: object, text: str) -> dict[Promise, list[dict[str, Any]]]:
    """Return drafts, files, events, workspaces, people and unlisted organisations with all the words.

    By the label of each kind: `url`, `title` and `extract` as marked pieces, `note` of each result. Nothing
    for anonymous people. The number of queries does not depend on the results.
    """
    if not isinstance(user, User) or not user.is_active:
        return {}
    terms = {language: parse_query(text, language).terms for language in Language.values}
    if not any(terms.values()):
        return {}
    sought = {language: TermMatcher(words, language) for language, words in terms.items()}
    with cache_decrypted():
        search = MemberSearch(for_page(user))
        groups = {
            label: list(_matching_results(candidates(search), terms, sought))
            for label, candidates in _CANDIDATES.items()
        }
    return {label: results for label, results in groups.items() if results}


def _matching_results(
    candidates: Iterable[Candidate], terms: dict[str, list[Term]], sought: dict[str, TermMatcher]
) -> Iterator[dict[str, Any]]:
    shown: set[tuple[str, str]] = set()
    missed: set[tuple[str, str, str]] = set()  # words without a match, which repeat
    for one, folded in _fold_candidates(candidates, sought):
        text = (one.title, one.words, one.language)
        if text in missed:
            continue
        languages = (one.language,) if one.language else Language.values
        found = next((code for code in languages if sought[code].stands_in(folded)), None)
        if found is None:
            missed.add(text)
            continue
        if ((url := one.url()), one.title) in shown:
            continue
        shown.add((url, one.title))
        yield {
            "url": url,
            "title": mark_text(one.title, terms[found], found),
            "extract": extract(one.words, terms[found], found) if one.words else [],
            "note": one.note(),
        }
        if len(shown) == OF_A_KIND:
            return


def _fold_candidates(
    candidates: Iterable[Candidate], sought: dict[str, TermMatcher]
) -> Iterator[tuple[Candidate, str]]:
    """Yield candidates with their folded words; folded together, which is faster than one by
    one. Batches without the letters of the query are skipped together."""
    for some in batched(candidates, 50, strict=False):
        texts = [f"{one.title}\n{one.words}\n" for one in some]
        folded = fold("".join(texts))
        if not any(one.may_stand_in(folded) for one in sought.values()):
            continue
        end = 0
        for one, text in zip(some, texts, strict=True):
            start, end = end, end + len(text)
            yield one, folded[start:end]
