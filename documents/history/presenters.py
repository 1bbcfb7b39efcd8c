"""Authors of words for display: passages in runs of one origin, and the shares."""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import Viewer, display_mark_for, display_name_for
from coalition.accounts.queries import organisations_with
from coalition.core.clock import now
from coalition.workspaces.sentence_params import person_circle
from documents.canonical.form import short_hash
from documents.canonical.passages import Passage
from documents.drafts.models import DraftText, PointKind, Version
from documents.history.actions import SPELL_PAUSE, suggestions_digest, suggestions_lost_by_restore
from documents.history.blame import AttributedState, WordAuthors, passages_with_heads
from documents.history.models import HistoryDecision, HistoryPoint, points_of, with_people


def authored_passages(
    viewer: Viewer, state: AttributedState
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the text with the origin of its words, and each organisation's share in percent, largest first.

    A passage has a `kind` (`title`, `heading`, `inside`, …) and `runs` of words of one origin: `marks` of the
    organisations, empty if unknown; `new`: the origin differs from the previous run's. One query.
    """
    ids = {organisation for line in state.lines for authors in line for organisation, _person in authors}
    marks = {one.pk: display_mark_for(viewer, one) for one in Organisation.objects.filter(pk__in=ids)}
    counts: Counter[int] = Counter()
    passages = []
    last: WordAuthors | None = None
    for passage, line in zip(passages_with_heads(state.document), state.lines, strict=True):
        origins = list(line)
        for place, token in enumerate(passage.tokens):
            if token.is_space and place:  # a space between words of one origin belongs to it too
                origins[place] = origins[place - 1]
        runs = []
        pairs = zip(origins, passage.tokens, strict=True)
        for authors, some in groupby(pairs, key=lambda one: one[0]):
            tokens = [token for _authors, token in some]
            organisations = dict.fromkeys(pk for pk, _person in authors)
            runs.append(
                {
                    "words": "".join(
                        f" [{token.text}]" if token.kind in {"footnote", "file"} else token.text
                        for token in tokens
                    ),
                    "marks": [marks[pk] for pk in organisations if pk in marks],
                    "new": authors != last,
                }
            )
            last = authors
            for pk in organisations:
                counts[pk] += sum(token.counts for token in tokens)
        if runs:
            passages.append({"kind": _passage_kind(passage), "runs": runs})
    total = sum(counts.values()) or 1
    shares = [
        {"mark": marks[pk], "percent": round(100 * count / total)}
        for pk, count in counts.most_common()
        if pk in marks
    ]
    return passages, shares


def _passage_kind(passage: Passage) -> str:
    if passage.kind in {"title", "lead"}:
        return passage.kind
    if passage.kind.startswith("heading"):
        return "heading"
    return "inside" if passage.path else "paragraph"


def restore_impact(viewer: Viewer, state: Version | HistoryPoint) -> dict[str, Any]:
    """Return the suggestions lost by restoring this state, whose text is loaded: their `count`, the number
    `of` each organisation, and `seen`, which is sent back to detect others."""
    lost = suggestions_lost_by_restore(state)
    known = organisations_with({one.organisation for one in lost if one.organisation is not None})
    names = Counter(
        display_name_for(viewer, known[one.organisation])
        if one.organisation in known
        else _("Someone who has left")
        for one in lost
    )
    return {"count": len(lost), "of": names.most_common(), "seen": suggestions_digest(lost)}


MAX_EXCERPT_LENGTH = 160  # characters of a suggestion displayed in a row


def points_and_versions(text: DraftText, versions: Iterable[Version]) -> list[HistoryPoint | Version]:
    """Return points (light) and versions, newest first."""
    found: list[HistoryPoint | Version] = [*points_of(text), *versions]
    return sorted(found, key=history_moment, reverse=True)


def build_history_rows(
    viewer: Viewer, text: DraftText, some: Sequence[HistoryPoint | Version]
) -> list[dict[str, Any]]:
    """Return the rows of `documents/history/_row.html`: three queries whatever their number."""
    ids = [one.pk for one in some if isinstance(one, HistoryPoint)]
    full = {point.pk: point for point in with_people(ids)}
    rows = []
    for one in some:
        if isinstance(one, Version):
            icon, url = "check", one.get_absolute_url()
            detail = {"who": [_author_mark(viewer, one.created_by, one.organisation)], "is_version": True}
        elif (point := full.get(one.pk)) is not None:
            icon = {"restored": "undo", "imported": "file", "published": "horn"}.get(point.kind, "pen")
            url = reverse("documents:history_point", args=[text.draft.uuid, text.language, point.uuid])
            detail = {
                "who": [_author_mark(viewer, part.person, part.organisation) for part in point.parts.all()],
                "added": point.words_added,
                "removed": point.words_removed,
                "decided": [_decided_suggestion(viewer, decision) for decision in point.decisions.all()],
                "is_now": point.closed_at is None,
                "is_writing": point.closed_at is None and now() - point.at < SPELL_PAUSE,
            }
        else:
            continue
        rows.append(
            {
                "key": str(one.uuid),  # in the URL of a comparison
                "at": history_moment(one),
                "title": state_title(one),
                "url": url,
                "icon": icon,
                **detail,
            }
        )
    return rows


def state_title(state: HistoryPoint | Version) -> str:
    """Return the label of a version, or of a point's kind."""
    if isinstance(state, Version):
        return _("Version %(number)d: %(name)s") % {"number": state.number, "name": state.name}
    match PointKind(state.kind):
        case PointKind.RESTORED if state.from_version:
            return _("Went back to version %(number)d") % {"number": state.from_version}
        case PointKind.RESTORED:
            return _("Went back to an earlier state")
        case PointKind.IMPORTED:
            return _("A Word file was taken in")
        case PointKind.PUBLISHED:
            return _("Published")
    return _("Written") if state.revision else _("How the text began")


def _decided_suggestion(viewer: Viewer, one: HistoryDecision) -> dict[str, Any]:
    return {
        "accepted": one.accepted,
        "before": _shorten(one.before),
        "after": _shorten(one.after),
        "suggested": _author_mark(viewer, one.person, one.organisation) if one.organisation else None,
        "decided": _author_mark(viewer, one.by_person, one.by_organisation) if one.by_organisation else None,
    }


def _author_mark(viewer: Viewer, person: User | None, organisation: Organisation) -> dict[str, Any]:
    """Return the organisation, and the person who wrote on its behalf while that is known."""
    circle = person_circle(viewer, person, organisation) if person is not None else None
    return {"mark": display_mark_for(viewer, organisation), "circle": circle}


def _shorten(words: str) -> str:
    words = " ".join(words.split())
    return words if len(words) <= MAX_EXCERPT_LENGTH else f"{words[:MAX_EXCERPT_LENGTH]}…"


def history_moment(one: HistoryPoint | Version) -> datetime.datetime:
    return one.created_at if isinstance(one, Version) else one.at


def named_version(viewer: Viewer, version: Version) -> dict[str, Any]:
    """Return the version with the names that the viewer may see."""
    circle = person_circle(viewer, version.created_by, version.organisation) if version.created_by else None
    return {
        "version": version,
        "by": circle.name if circle else _("Someone who has left"),
        "circle": circle,
        "organisation": display_name_for(viewer, version.organisation),
        "hash": short_hash(version.hash),
        "is_newest_state": version.hash == version.text.content_hash,
    }
