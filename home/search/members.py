"""What a signed-in person finds beside the public things: what they may see themselves, and nothing else.

No index holds any of it. Every list starts from those that already ask for the right, at the moment of the
question; what the person may not see is never looked at, so that neither a number nor the time taken tells
of it. Of each kind the newest are shown, without saying how many there are.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from django.db.models import TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.partners.enums import Language, Listing
from coalition.partners.models import Organisation, User
from coalition.partners.naming import Viewer, display_name_for, may_be_told, viewer_for
from coalition.sealed import unsealed_once
from coalition.workspaces.models import Workspace
from coalition.workspaces.people import name_of
from coalition.workspaces.queries import active_seats, participations_of, seats_read_once, workspaces_for
from documents.models import DraftText
from documents.queries.drafts import drafts_for
from documents.queries.files import files_for
from events.models import EventText
from events.queries.events import events_for, public_events
from home.search.asking import asked
from home.search.marking import Piece, extract, has, marked
from home.search.matching import Term

OF_A_KIND = 5
MOST_LOOKED_AT = 500  # the newest of a kind
MOST_READ = 100  # texts of drafts that are read whole
NOT_NAMES = ("description_kk", "description_ru", "description_en", "initials")  # sealed, and not looked at


@dataclass(frozen=True)
class Candidate:
    """Something the person may see. `language`: of its words, or none where they may be in any. `url` is
    worked out for what is found alone."""

    url: Callable[[], str]
    title: str
    words: str = ""
    note: str = ""
    language: str = ""


@dataclass(frozen=True)
class OwnResult:
    """A line of the page."""

    url: str
    title: list[Piece]
    extract: list[Piece]
    note: str


@dataclass(frozen=True)
class Group:
    """The results of one kind."""

    label: str | Promise
    results: list[OwnResult]


def find_for(user: object, text: str) -> list[Group]:
    """Drafts, files, events, workspaces, people and unlisted organisations that have all the words.

    Nothing for anonymous people. As many queries whatever is found.
    """
    if not isinstance(user, User) or not user.is_active:
        return []
    terms = {language: asked(text, language).terms for language in Language.values}
    if not any(terms.values()):
        return []
    with seats_read_once(user), unsealed_once():
        viewer = viewer_for(user)
        groups = [
            Group(label, list(_fitting(candidates(user, viewer), terms)))
            for label, candidates in _CANDIDATES.items()
        ]
    return [group for group in groups if group.results]


def _fitting(candidates: Iterable[Candidate], terms: dict[str, list[Term]]) -> Iterator[OwnResult]:
    shown: set[tuple[str, str]] = set()
    missed: set[tuple[str, str, str]] = set()  # the same words again: people with many seats
    for one in candidates:
        looked_at = (one.title, one.words, one.language)
        if looked_at in missed:
            continue
        languages = [one.language] if one.language else Language.values
        found = next(
            (code for code in languages if has(f"{one.title}\n{one.words}", terms[code], code)), None
        )
        if found is None:
            missed.add(looked_at)
            continue
        if ((url := one.url()), one.title) in shown:
            continue
        shown.add((url, one.title))
        words = extract(one.words, terms[found], found) if one.words else []
        yield OwnResult(url, marked(one.title, terms[found], found), words, one.note)
        if len(shown) == OF_A_KIND:
            return


def _drafts(user: User, viewer: Viewer) -> Iterator[Candidate]:
    """In two queries: which are the newest is asked without their bodies, which are most of what is kept."""
    rows = DraftText.objects.filter(draft__in=drafts_for(user)).order_by("-draft__changed_at", "id")
    columns = ("pk", "language", "title", "lead", "draft__uuid", "draft__title", "draft__workspace__title")
    found = list(rows.values_list(*columns)[:MOST_LOOKED_AT])
    newest = DraftText.objects.filter(pk__in=[row[0] for row in found[:MOST_READ]])
    bodies = dict(newest.values_list("pk", Cast("body", TextField())))
    for pk, language, title, lead, uuid, draft, workspace in found:
        # One at a time: a hundred whole bodies are so many objects that Python looks through all of its own.
        body = "\n".join(_said_in(json.loads(bodies[pk]))) if pk in bodies else ""
        yield Candidate(
            url=partial(reverse, "documents:text", args=[uuid, language]),
            title=title or draft,
            words="\n".join(part for part in (draft, lead, body) if part),
            note=workspace,
            language=language,
        )


def _said_in(node: object) -> Iterator[str]:
    """The words of the editor's JSON."""
    if isinstance(node, dict):
        if isinstance(node.get("text"), str):
            yield node["text"]
        for inner in node.get("content") or []:
            yield from _said_in(inner)


def _files(user: User, viewer: Viewer) -> Iterator[Candidate]:
    for file in files_for(user)[:MOST_LOOKED_AT]:
        words = "\n".join(part for part in (file.caption, file.alt) if part)
        yield Candidate(
            partial(reverse, "documents:file", args=[file.uuid]), file.name, words, note=file.workspace.title
        )


def _events(user: User, viewer: Viewer) -> Iterator[Candidate]:
    """Those that are not public: the others stand among what everyone finds. Of another workspace, whose name
    is its own, the host is named."""
    own = set(workspaces_for(user).values_list("pk", flat=True))
    seen = events_for(user).exclude(pk__in=public_events().order_by().values("pk")).order_by()
    rows = EventText.objects.filter(event__in=seen).order_by("-event__starts_at", "id")
    hosts = ("event__organisation", "event__workspace", "event__workspace__title")
    words = ("language", "title", "text", "place", "address", "event__uuid", "event__address_for_confirmed")
    found = list(rows.values_list(*words, *hosts)[:MOST_LOOKED_AT])
    organisations = _named({row[7] for row in found})
    for language, title, text, place, address, uuid, held, host, workspace, called in found:
        if title:
            where = () if held else (place, address)
            yield Candidate(
                partial(reverse, "events:event", args=[uuid]),
                title,
                words="\n".join(part for part in (text, *where) if part),
                note=called if workspace in own else display_name_for(viewer, organisations[host]),
                language=language,
            )


def _named(keys: set[int]) -> dict[int, Organisation]:
    """Organisations by primary key, with what their names are read from. One query."""
    return Organisation.objects.defer(*NOT_NAMES).in_bulk(keys)


def _workspaces(user: User, viewer: Viewer) -> Iterator[Candidate]:
    for workspace in workspaces_for(user).order_by("-pk")[:MOST_LOOKED_AT]:
        yield Candidate(_address(workspace, "workspace"), workspace.title, workspace.purpose)


def _people(user: User, viewer: Viewer) -> Iterator[Candidate]:
    """People with whom the person shares a workspace, under the names that they may be told."""
    seats = active_seats().filter(workspace__in=workspaces_for(user)).order_by("-workspace", "id")
    columns = ("person", "organisation", "workspace__uuid", "workspace__title")
    found = list(seats.values_list(*columns)[:MOST_LOOKED_AT])
    people = User.objects.only("name").in_bulk({row[0] for row in found})
    organisations = _named({row[1] for row in found})
    for person, organisation, workspace, title in found:
        host = organisations[organisation]
        yield Candidate(
            partial(reverse, "workspaces:people", args=[workspace]),
            name_of(viewer, people[person], host),
            note=f"{display_name_for(viewer, host)} · {title}",
        )


def _organisations(user: User, viewer: Viewer) -> Iterator[Candidate]:
    """Those of shared workspaces that the public is not told of and this person is."""
    unlisted = participations_of(user).exclude(organisation__listing=Listing.PUBLIC)
    for row in unlisted[:MOST_LOOKED_AT]:
        if may_be_told(viewer, row.organisation):
            yield Candidate(
                _address(row.workspace, "people"),
                display_name_for(viewer, row.organisation),
                note=row.workspace.title,
            )


def _address(workspace: Workspace, page: str) -> Callable[[], str]:
    return partial(reverse, f"workspaces:{page}", args=[workspace.uuid])


_CANDIDATES: dict[Promise, Callable[[User, Viewer], Iterator[Candidate]]] = {
    _("Drafts"): _drafts,
    _("Files"): _files,
    _("Events"): _events,
    _("Workspaces"): _workspaces,
    _("People"): _people,
    _("Organisations"): _organisations,
}
