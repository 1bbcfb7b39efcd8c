"""Press enquiries and talking points, for pages and paper."""

import datetime
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer, display_mark_for, display_name_for
from coalition.core.clock import now
from coalition.jobs.date_formats import day_in_words
from coalition.workspaces.dashboard import WaitingItem, only_if
from coalition.workspaces.notifications.kinds import SubjectDescription
from coalition.workspaces.permissions import Access
from coalition.workspaces.sentence_params import person_name
from documents.drafts.models import Handling
from documents.facts.models import fact_line, fact_words_for
from events.core.forms.times import ZONES
from events.core.pdf.typeset import typeset
from events.core.queries import text_in
from events.press.enquiries.models import Enquiry, EnquiryState, GuideLine, LineKind
from events.press.enquiries.queries import unanswered_enquiries_for, waiting_enquiries
from events.press.permissions import may_manage_line
from events.press.spokespersons.presenters import spokesperson_rows
from events.press.spokespersons.queries import busy_times_by_spokesperson, may_see_identity, spokespersons_in

SOON = datetime.timedelta(hours=4)  # before the deadline
MOST_ON_DASHBOARD = 20

SHAPES = {
    EnquiryState.OPEN: "unopened",
    EnquiryState.TAKEN: "changes",
    EnquiryState.ANSWERED: "approved",
    EnquiryState.REFUSED: "objects",
}


def moment_in(zone: str, moment: datetime.datetime) -> str:
    """Return “Tuesday 3 March 2026, 11:00, Kazakhstan (Almaty, Astana, UTC+5)”."""
    local = moment.astimezone(ZoneInfo(zone))
    values = {
        "day": day_in_words(local.date()),
        "time": formats.time_format(local, "H:i"),
        "zone": dict(ZONES).get(zone, zone.replace("_", " ")),
    }
    return _("%(day)s, %(time)s, %(zone)s") % values


def enquiry_row(one: Enquiry, access: Access, viewer: Viewer) -> dict[str, Any]:
    """Return a row for a reader with access to all of it, without queries: related rows must be loaded."""
    state, moment = EnquiryState(one.state), now()
    by = ""
    if one.taken_for is not None:
        by = display_name_for(viewer, one.taken_for)
        if one.taken_by is not None:
            by = f"{person_name(viewer, one.taken_by, one.taken_for)}, {by}"
    chosen = one.spokesperson
    if chosen is not None and (chosen.removed_at or not may_see_identity(access, viewer, chosen)):
        chosen = None
    return {
        "row": one,
        "mark": display_mark_for(viewer, one.organisation),
        "own": one.organisation_id == access.organisation.pk,
        "until": moment_in(one.zone, one.deadline),
        "interview": moment_in(one.zone, one.interview_at) if one.interview_at else "",
        "late": not state.is_over and one.deadline < moment,
        "soon": not state.is_over and moment <= one.deadline < moment + SOON,
        "shape": SHAPES[state],
        "by": by,
        "speaker": chosen.name if chosen is not None else "",
        "ended": moment_in(one.zone, one.ended_at) if one.ended_at else "",
    }


def matching_speakers(
    enquiry: Enquiry, access: Access, viewer: Viewer
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return spokespersons who could answer, the chosen one and best matches first; and hidden ones.

    The first have the reasons why they match, and their conflicts at the time of the interview, or of the
    deadline. Hidden ones are known only through their organisation, and speak the language.
    """
    at = enquiry.interview_at or enquiry.deadline
    rows = list(spokespersons_in(access))
    known = [row for row in rows if may_see_identity(access, viewer, row)]
    busy = busy_times_by_spokesperson(access.user, known, at, at, but_for=enquiry.uuid)
    found = [
        {
            "speaker": speaker,
            "speaks": enquiry.language in speaker["row"].languages,
            "knows": bool(enquiry.topic) and enquiry.topic in speaker["row"].topics,
            "near": bool(enquiry.region) and enquiry.region in speaker["row"].regions,
            "within_hours": speaker["row"].speaks_at(at),
            "chosen": speaker["row"].pk == enquiry.spokesperson_id,
        }
        for speaker in spokesperson_rows(known, access, viewer, busy)
    ]

    def order(one: dict[str, Any]) -> tuple[bool, int, str]:
        points = 4 * one["speaks"] + 2 * one["knows"] + one["near"] + one["within_hours"]
        points -= 4 * bool(one["speaker"]["busy"])
        return not one["chosen"], -points, one["speaker"]["name"].casefold()

    hidden = [row for row in rows if row not in known and enquiry.language in row.languages]
    return sorted(found, key=order), spokesperson_rows(hidden, access, viewer)


@only_if(unanswered_enquiries_for)
def enquiries_due(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """Yield enquiries assigned to the person, and unassigned ones of their organisation. One query."""
    moment = now()
    for row in waiting_enquiries(user)[:MOST_ON_DASHBOARD]:
        yield WaitingItem(
            icon="talk",
            title=row.outlet,
            detail=str(row.get_topic_display()) if row.topic else _("An enquiry of the press"),
            url=reverse("events:press_enquiry", args=[row.workspace.uuid, row.uuid]),
            action=_("Answer") if row.deadline >= moment else _("Overdue"),
            due=row.deadline,
            urgent=row.deadline < moment + SOON,
        )


def describe_enquiries(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    """Return outlets and URLs, for notifications. One query."""
    rows = Enquiry.objects.filter(uuid__in=uuids).select_related("workspace")
    return {
        row.uuid: SubjectDescription(
            row.outlet, reverse("events:press_enquiry", args=[row.workspace.uuid, row.uuid])
        )
        for row in rows
    }


def build_guide_parts(
    rows: Iterable[GuideLine], language: str, viewer: Viewer, access: Access | None = None
) -> list[dict[str, Any]]:
    """Return the lines by kind, with no queries except for titles of events. Without `access`: read-only."""
    lines = [_guide_line_row(one, language, viewer, access) for one in rows]
    return [
        {"kind": kind, "heading": LineKind(kind).several, "lines": list(group)}
        for kind, group in groupby(lines, key=lambda one: one["row"].kind)
    ]


def strictest(rows: Sequence[GuideLine]) -> Handling:
    """Return the strictest handling mark among the lines."""
    marks = [Handling(one.handling) for one in rows]
    return Handling.ORGANISATION if Handling.ORGANISATION in marks else Handling.WORKSPACE


def _guide_line_row(one: GuideLine, language: str, viewer: Viewer, access: Access | None) -> dict[str, Any]:
    read_in = one.head.language_shown(language)
    # Facts in use that were verified by somebody other than their author.
    facts = [
        {"words": fact_line(words), "source": words.source, "url": fact.get_absolute_url()}
        for fact in one.facts.all()
        if fact.retired_at is None and (words := fact_words_for(fact.checked, read_in)) is not None
    ]
    return {
        "row": one,
        "head": one.head.get(read_in, ""),
        "text": one.text.get(read_in, ""),
        "language": read_in,
        "other_language": read_in if read_in != language else "",  # the one displayed instead
        "facts": facts,
        "event": text_in(one.event, language).title if one.event is not None else "",
        "owner": display_name_for(viewer, one.organisation),
        "may_change": access is not None and may_manage_line(access, one),
    }


def talking_points_pdf(
    lines: Sequence[GuideLine],
    viewer: Viewer,
    language: str,
    *,
    heading: str,
    title: str,
    details: Sequence[tuple[str, str]] = (),
    note: str = "",
) -> bytes:
    """Render A4 pages, with the strictest mark in their footers; `details`: labels and values."""
    mark = strictest(lines)
    return typeset(
        "to_say.typ",
        {
            "language": language,
            "heading": heading,
            "title": title,
            "details": [{"label": label, "words": words} for label, words in details if words],
            "note": note,
            "parts": [
                {
                    "heading": str(part["heading"]),
                    "kind": part["kind"],
                    "lines": [
                        {
                            "head": one["head"],
                            "text": one["text"],
                            "facts": [f"{fact['words']} — {fact['source']}" for fact in one["facts"]],
                        }
                        for one in part["lines"]
                    ],
                }
                for part in build_guide_parts(lines, language, viewer)
            ],
            "foot": f"{mark.label} · {mark.tlp}. {_('Do not leave it lying about.')}",
        },
        event=None,  # the guide belongs to a workspace, the note to an interview
    )
