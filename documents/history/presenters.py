"""Authors of words for display: passages in runs of one origin, and the shares."""

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
from documents.history.actions import SPELL_PAUSE, suggestions_digest, suggestions_lost_by_restore
from documents.history.blame import AttributedState
from documents.history.models import HistoryDecision, HistoryPoint
from documents.history.origins import PassageOrigins, WordAuthors, passages_with_heads
from documents.history.queries import points_of, with_people


@dataclass(frozen=True)
class AuthoredRun:
    """Words of one origin. `marks`: the organisations, empty if unknown; `new`: the origin differs
    from the previous run's, so that its signs are displayed."""

    words: str
    marks: tuple[OrganisationMark, ...]
    new: bool


@dataclass(frozen=True)
class AuthoredPassage:
    """One passage: its type (`title`, `heading`, `item`, …) and its runs."""

    kind: str
    runs: list[AuthoredRun]


@dataclass(frozen=True)
class OrganisationShare:
    """An organisation's share of the text's words, in percent."""

    mark: OrganisationMark
    percent: int


def authored_passages(
    viewer: Viewer, state: AttributedState
) -> tuple[list[AuthoredPassage], list[OrganisationShare]]:
    """Return the text with the origin of its words, and the shares, largest first. One query."""
    ids = {organisation for line in state.lines for authors in line for organisation, _person in authors}
    marks = {one.pk: display_mark_for(viewer, one) for one in Organisation.objects.filter(pk__in=ids)}
    counts: Counter[int] = Counter()
    passages = []
    last: WordAuthors | None = None
    for passage, line in zip(passages_with_heads(state.document), state.lines, strict=True):
        runs = []
        for authors, some in _authored_runs(passage.tokens, line):
            known = tuple(marks[pk] for pk in dict.fromkeys(pk for pk, _person in authors) if pk in marks)
            runs.append(AuthoredRun("".join(map(_token_text, some)), known, new=authors != last))
            last = authors
            for pk in {pk for pk, _person in authors}:
                counts[pk] += sum(token.counts for token in some)
        if runs:
            passages.append(AuthoredPassage(_passage_kind(passage), runs))
    total = sum(counts.values()) or 1
    shares = [
        OrganisationShare(marks[pk], round(100 * count / total))
        for pk, count in counts.most_common()
        if pk in marks
    ]
    return passages, shares


def _authored_runs(
    tokens: Sequence[Token], line: PassageOrigins
) -> Iterable[tuple[WordAuthors, list[Token]]]:
    """Yield runs; spaces between words of one origin belong to it too."""
    origins = list(line)
    for place, token in enumerate(tokens):
        if token.is_space and place:
            origins[place] = origins[place - 1]
    pairs = zip(origins, tokens, strict=True)
    return [
        (authors, [token for _a, token in some]) for authors, some in groupby(pairs, key=lambda one: one[0])
    ]


def _token_text(token: Token) -> str:
    return f" [{token.text}]" if token.kind in {"footnote", "file"} else token.text


def _passage_kind(passage: Passage) -> str:
    if passage.kind in {"title", "lead"}:
        return passage.kind
    if passage.kind.startswith("heading"):
        return "heading"
    return "inside" if passage.path else "paragraph"


# --- restore ---
# Warning before restoring an earlier state: the open suggestions that would be lost.


@dataclass(frozen=True)
class RestoreImpact:
    """Lost suggestions: total and per organisation; `seen` is sent back to detect others."""

    count: int
    of: list[tuple[str, int]]
    seen: str


def restore_impact(viewer: Viewer, state: Version | HistoryPoint) -> RestoreImpact:
    """Return the suggestions lost by restoring this state. The state's text is loaded."""
    lost = suggestions_lost_by_restore(state)
    known = organisations_with({one.organisation for one in lost if one.organisation is not None})
    names = Counter(
        display_name_for(viewer, known[one.organisation])
        if one.organisation in known
        else _("Someone who has left")
        for one in lost
    )
    return RestoreImpact(len(lost), names.most_common(), suggestions_digest(lost))


# --- rows ---
# A text's history for one reader: points and named versions on one timeline.


MAX_EXCERPT_LENGTH = 160  # characters of a suggestion displayed in a row


@dataclass(frozen=True)
class AuthorMark:
    """An organisation, and the person who wrote on its behalf while that is known."""

    mark: OrganisationMark
    circle: PersonCircle | None


@dataclass(frozen=True)
class SuggestionDecisionRow:
    """An accepted or rejected suggestion."""

    accepted: bool
    before: str
    after: str
    suggested: AuthorMark | None
    decided: AuthorMark | None


@dataclass(frozen=True)
class HistoryRow:
    """One row. `key` identifies it in the URL of a comparison."""

    key: str
    at: datetime.datetime
    title: str
    url: str
    icon: str
    who: list[AuthorMark]
    added: int = 0
    removed: int = 0
    decided: list[SuggestionDecisionRow] = field(default_factory=list)
    is_version: bool = False
    is_now: bool = False
    is_writing: bool = False


@dataclass(frozen=True)
class HistoryDay:
    date: datetime.date
    rows: list[HistoryRow]


def points_and_versions(text: DraftText, versions: Iterable[Version]) -> list[HistoryPoint | Version]:
    """Return points (light) and versions, newest first."""
    found: list[HistoryPoint | Version] = [*points_of(text), *versions]
    return sorted(found, key=history_moment, reverse=True)


def build_history_rows(
    viewer: Viewer, text: DraftText, some: Sequence[HistoryPoint | Version]
) -> list[HistoryRow]:
    """Return the rows for display: three queries whatever their number."""
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


def group_by_day(rows: Iterable[HistoryRow]) -> list[HistoryDay]:
    """Group rows by the reader's days."""
    return [
        HistoryDay(date, list(some)) for date, some in groupby(rows, key=lambda row: localtime(row.at).date())
    ]


def point_title(point: HistoryPoint) -> str:
    """Return the label of a point's kind."""
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


def _point_row(viewer: Viewer, text: DraftText, point: HistoryPoint) -> HistoryRow:
    return HistoryRow(
        key=str(point.uuid),
        at=point.at,
        title=point_title(point),
        url=reverse("documents:history_point", args=[text.draft.uuid, text.language, point.uuid]),
        icon={"restored": "undo", "imported": "file", "published": "horn"}.get(point.kind, "pen"),
        who=[_author_mark(viewer, part.person, part.organisation) for part in point.parts.all()],
        added=point.words_added,
        removed=point.words_removed,
        decided=[_suggestion_decision_row(viewer, one) for one in point.decisions.all()],
        is_now=point.closed_at is None,
        is_writing=point.closed_at is None and now() - point.at < SPELL_PAUSE,
    )


def _version_row(viewer: Viewer, version: Version) -> HistoryRow:
    return HistoryRow(
        key=str(version.uuid),
        at=version.created_at,
        title=_("Version %(number)d: %(name)s") % {"number": version.number, "name": version.name},
        url=version.get_absolute_url(),
        icon="check",
        who=[_author_mark(viewer, version.created_by, version.organisation)],
        is_version=True,
    )


def _suggestion_decision_row(viewer: Viewer, one: HistoryDecision) -> SuggestionDecisionRow:
    return SuggestionDecisionRow(
        accepted=one.accepted,
        before=_shorten(one.before),
        after=_shorten(one.after),
        suggested=_author_mark(viewer, one.person, one.organisation) if one.organisation else None,
        decided=_author_mark(viewer, one.by_person, one.by_organisation) if one.by_organisation else None,
    )


def _author_mark(viewer: Viewer, person: User | None, organisation: Organisation) -> AuthorMark:
    circle = person_circle(viewer, person, organisation) if person is not None else None
    return AuthorMark(display_mark_for(viewer, organisation), circle)


def _shorten(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= MAX_EXCERPT_LENGTH else f"{words[:MAX_EXCERPT_LENGTH]}…"


def history_moment(one: HistoryPoint | Version) -> datetime.datetime:
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
    """Return the version with the names that the viewer may see."""
    circle = person_circle(viewer, version.created_by, version.organisation) if version.created_by else None
    return NamedVersion(
        version=version,
        by=circle.name if circle else _("Someone who has left"),
        circle=circle,
        organisation=display_name_for(viewer, version.organisation),
        hash=short_hash(version.hash),
        is_newest_state=version.hash == version.text.content_hash,
    )
