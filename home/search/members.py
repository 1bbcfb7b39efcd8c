"""What a signed-in person finds beside the public things: what they may see themselves, and nothing else.

No index holds any of it. Every list starts from those that already ask for the right, at the moment of the
question; what the person may not see is never looked at, so that neither a number nor the time taken tells
of it. Of each kind the newest are shown, without saying how many there are.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.partners.enums import Language, Listing
from coalition.partners.models import User
from coalition.partners.naming import Viewer, display_name_for, may_be_told, viewer_for
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
    with seats_read_once(user):
        viewer = viewer_for(user)
        groups = [
            Group(label, list(_fitting(candidates(user, viewer), terms)))
            for label, candidates in _CANDIDATES.items()
        ]
    return [group for group in groups if group.results]


def _fitting(candidates: Iterable[Candidate], terms: dict[str, list[Term]]) -> Iterator[OwnResult]:
    shown: set[tuple[str, str]] = set()
    for one in candidates:
        languages = [one.language] if one.language else Language.values
        found = next(
            (code for code in languages if has(f"{one.title}\n{one.words}", terms[code], code)), None
        )
        if found is None or ((url := one.url()), one.title) in shown:
            continue
        shown.add((url, one.title))
        words = extract(one.words, terms[found], found) if one.words else []
        yield OwnResult(url, marked(one.title, terms[found], found), words, one.note)
        if len(shown) == OF_A_KIND:
            return


def _drafts(user: User, viewer: Viewer) -> Iterator[Candidate]:
    texts = DraftText.objects.filter(draft__in=drafts_for(user)).select_related("draft__workspace")
    rows = texts.defer("marked").order_by("-draft__changed_at", "id")[:MOST_LOOKED_AT]
    for number, text in enumerate(rows):
        body = "\n".join(_said_in(text.body)) if number < MOST_READ else ""
        yield Candidate(
            url=text.get_absolute_url,
            title=text.title or text.draft.title,
            words="\n".join(part for part in (text.draft.title, text.lead, body) if part),
            note=text.draft.workspace.title,
            language=text.language,
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
    rows = EventText.objects.filter(event__in=seen).select_related("event__workspace")
    texts = rows.prefetch_related("event__organisation").defer("component")  # names are unsealed once each
    for text in texts.order_by("-event__starts_at", "id")[:MOST_LOOKED_AT]:
        if text.title:
            held = text.event.address_for_confirmed
            place = () if held else (text.place, text.address)
            words = "\n".join(part for part in (text.text, *place) if part)
            yield Candidate(
                text.event.get_absolute_url,
                text.title,
                words,
                note=text.event.workspace.title
                if text.event.workspace_id in own
                else display_name_for(viewer, text.event.organisation),
                language=text.language,
            )


def _workspaces(user: User, viewer: Viewer) -> Iterator[Candidate]:
    for workspace in workspaces_for(user).order_by("-pk")[:MOST_LOOKED_AT]:
        yield Candidate(_address(workspace, "workspace"), workspace.title, workspace.purpose)


def _people(user: User, viewer: Viewer) -> Iterator[Candidate]:
    """People with whom the person shares a workspace, under the names that they may be told."""
    seats = active_seats().filter(workspace__in=workspaces_for(user))
    rows = seats.select_related("person", "workspace").prefetch_related("organisation")
    for seat in rows.order_by("-workspace", "id")[:MOST_LOOKED_AT]:
        yield Candidate(
            _address(seat.workspace, "people"),
            name_of(viewer, seat.person, seat.organisation),
            note=f"{display_name_for(viewer, seat.organisation)} · {seat.workspace.title}",
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
