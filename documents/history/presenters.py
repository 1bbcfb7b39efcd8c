"""Who wrote which words, for showing: passages in runs of one origin, and whose share is how large."""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import OrganisationMark, Viewer, display_mark_for, display_name_for
from coalition.accounts.queries import organisations_with
from coalition.core.clock import now
from coalition.workspaces.naming import PersonCircle, person_circle
from documents.canonical.passages import Passage, Token
from documents.canonical.serialise import short_hash
from documents.drafts.enums import PointKind
from documents.drafts.models import DraftText, Version
from documents.history.actions import PAUSE, digest_of, suggestions_lost
from documents.history.blame import State
from documents.history.models import HistoryDecision, HistoryPoint
from documents.history.origins import Authors, Line, passages_with_heads
from documents.history.queries import points_of, with_people


@dataclass(frozen=True)
class Run:
    """Words of one origin. `marks`: the organisations, none where nobody is known; `new`: the run begins with
    another origin than the one before, so that its signs are shown."""

    words: str
    marks: tuple[OrganisationMark, ...]
    new: bool


@dataclass(frozen=True)
class Written:
    """One passage: what it is (`title`, `heading`, `item`, …) and its runs."""

    kind: str
    runs: list[Run]


@dataclass(frozen=True)
class Share:
    """How many words of the text are an organisation's, in percent of all."""

    mark: OrganisationMark
    percent: int


def written_words(viewer: Viewer, state: State) -> tuple[list[Written], list[Share]]:
    """The text with the origin of its words, and the shares, the largest first. One query."""
    ids = {organisation for line in state.lines for authors in line for organisation, _person in authors}
    marks = {one.pk: display_mark_for(viewer, one) for one in Organisation.objects.filter(pk__in=ids)}
    counts: Counter[int] = Counter()
    passages = []
    last: Authors | None = None
    for passage, line in zip(passages_with_heads(state.document), state.lines, strict=True):
        runs = []
        for authors, some in _runs(passage.tokens, line):
            known = tuple(marks[pk] for pk in dict.fromkeys(pk for pk, _person in authors) if pk in marks)
            runs.append(Run("".join(map(_words, some)), known, new=authors != last))
            last = authors
            for pk in {pk for pk, _person in authors}:
                counts[pk] += sum(token.counts for token in some)
        if runs:
            passages.append(Written(_kind(passage), runs))
    total = sum(counts.values()) or 1
    shares = [
        Share(marks[pk], round(100 * count / total)) for pk, count in counts.most_common() if pk in marks
    ]
    return passages, shares


def _runs(tokens: Sequence[Token], line: Line) -> Iterable[tuple[Authors, list[Token]]]:
    """Spaces between words of one origin are of that origin too."""
    origins = list(line)
    for place, token in enumerate(tokens):
        if token.is_space and place:
            origins[place] = origins[place - 1]
    pairs = zip(origins, tokens, strict=True)
    return [
        (authors, [token for _a, token in some]) for authors, some in groupby(pairs, key=lambda one: one[0])
    ]


def _words(token: Token) -> str:
    return f" [{token.text}]" if token.kind in {"footnote", "file"} else token.text


def _kind(passage: Passage) -> str:
    if passage.kind in {"title", "lead"}:
        return passage.kind
    if passage.kind.startswith("heading"):
        return "heading"
    return "inside" if passage.path else "paragraph"


# --- restore ---
# What a page says before somebody goes back to an earlier state: which open suggestions go with it.


@dataclass(frozen=True)
class GoingBack:
    """How many go, of which organisation how many; `seen` is sent along, so that no others go unseen."""

    count: int
    of: list[tuple[str, int]]
    seen: str


def going_back(viewer: Viewer, state: Version | HistoryPoint) -> GoingBack:
    """What going back to this state takes away. The state's text is loaded."""
    lost = suggestions_lost(state)
    known = organisations_with({one.organisation for one in lost if one.organisation is not None})
    names = Counter(
        display_name_for(viewer, known[one.organisation])
        if one.organisation in known
        else _("Someone who has left")
        for one in lost
    )
    return GoingBack(len(lost), names.most_common(), digest_of(lost))


# --- rows ---
# A text's history as one reader sees it: points and named versions in one line of time.


SHORT = 160  # characters of a suggestion that a row shows


@dataclass(frozen=True)
class Who:
    """An organisation, and the person who wrote on its behalf while that is known."""

    mark: OrganisationMark
    circle: PersonCircle | None


@dataclass(frozen=True)
class Decided:
    """A suggestion that was accepted or rejected."""

    accepted: bool
    before: str
    after: str
    suggested: Who | None
    decided: Who | None


@dataclass(frozen=True)
class Row:
    """One line. `key` names it in the address of a comparison."""

    key: str
    at: datetime.datetime
    title: str
    url: str
    icon: str
    who: list[Who]
    added: int = 0
    removed: int = 0
    decided: list[Decided] = field(default_factory=list)
    is_version: bool = False
    is_now: bool = False
    is_writing: bool = False


@dataclass(frozen=True)
class Day:
    date: datetime.date
    rows: list[Row]


def stamps(text: DraftText, versions: Iterable[Version]) -> list[HistoryPoint | Version]:
    """Points (light) and versions, newest first."""
    found: list[HistoryPoint | Version] = [*points_of(text), *versions]
    return sorted(found, key=moment_of, reverse=True)


def rows_of(viewer: Viewer, text: DraftText, some: Sequence[HistoryPoint | Version]) -> list[Row]:
    """What a page of them shows: three queries whatever their number."""
    full = {
        point.pk: point for point in with_people([one.pk for one in some if isinstance(one, HistoryPoint)])
    }
    rows = []
    for one in some:
        if isinstance(one, Version):
            rows.append(_version_row(viewer, one))
        elif one.pk in full:
            rows.append(_point_row(viewer, text, full[one.pk]))
    return rows


def days_of(rows: Iterable[Row]) -> list[Day]:
    """Rows by the reader's days."""
    return [Day(date, list(some)) for date, some in groupby(rows, key=lambda row: localtime(row.at).date())]


def title_of(point: HistoryPoint) -> str:
    """What a point is, in words."""
    match PointKind(point.kind):
        case PointKind.RESTORED if point.from_version:
            return _("Went back to version %(number)d") % {"number": point.from_version}
        case PointKind.RESTORED:
            return _("Went back to an earlier state")
        case PointKind.IMPORTED:
            return _("A Word file was taken in")
        case PointKind.PUBLISHED:
            return _("Published")
    return _("Written") if point.revision else _("How the text began")


def _point_row(viewer: Viewer, text: DraftText, point: HistoryPoint) -> Row:
    return Row(
        key=str(point.uuid),
        at=point.at,
        title=title_of(point),
        url=reverse("documents:history_point", args=[text.draft.uuid, text.language, point.uuid]),
        icon={"restored": "undo", "imported": "file", "published": "horn"}.get(point.kind, "pen"),
        who=[_who(viewer, part.person, part.organisation) for part in point.parts.all()],
        added=point.words_added,
        removed=point.words_removed,
        decided=[_decided(viewer, one) for one in point.decisions.all()],
        is_now=point.closed_at is None,
        is_writing=point.closed_at is None and now() - point.at < PAUSE,
    )


def _version_row(viewer: Viewer, version: Version) -> Row:
    return Row(
        key=str(version.uuid),
        at=version.created_at,
        title=_("Version %(number)d: %(name)s") % {"number": version.number, "name": version.name},
        url=version.get_absolute_url(),
        icon="check",
        who=[_who(viewer, version.created_by, version.organisation)],
        is_version=True,
    )


def _decided(viewer: Viewer, one: HistoryDecision) -> Decided:
    return Decided(
        accepted=one.accepted,
        before=_short(one.before),
        after=_short(one.after),
        suggested=_who(viewer, one.person, one.organisation) if one.organisation else None,
        decided=_who(viewer, one.by_person, one.by_organisation) if one.by_organisation else None,
    )


def _who(viewer: Viewer, person: User | None, organisation: Organisation) -> Who:
    circle = person_circle(viewer, person, organisation) if person is not None else None
    return Who(display_mark_for(viewer, organisation), circle)


def _short(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= SHORT else f"{words[:SHORT]}…"


def moment_of(one: HistoryPoint | Version) -> datetime.datetime:
    return one.created_at if isinstance(one, Version) else one.at


# --- script data ---
# What the editor's script says, in the person's language. Names in braces are filled in there.


@dataclass(frozen=True)
class NamedVersion:
    """A version as the reader may see it."""

    version: Version
    by: str
    circle: PersonCircle | None
    organisation: str
    hash: str
    is_newest_state: bool


def named_version(viewer: Viewer, version: Version) -> NamedVersion:
    """The version with the names that the viewer may be told."""
    circle = person_circle(viewer, version.created_by, version.organisation) if version.created_by else None
    return NamedVersion(
        version=version,
        by=circle.name if circle else _("Someone who has left"),
        circle=circle,
        organisation=display_name_for(viewer, version.organisation),
        hash=short_hash(version.hash),
        is_newest_state=version.hash == version.text.content_hash,
    )
