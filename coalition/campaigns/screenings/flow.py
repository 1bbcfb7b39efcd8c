"""How those who ask for a screening prove their address and find their request (`coalition.applicants`)."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _, override

from coalition.applicants.flow import Flow, queue_applicant_mail
from coalition.campaigns.screenings.enums import ScreeningState
from coalition.campaigns.screenings.films import film_in, may_be_announced, passing_keys
from coalition.campaigns.screenings.models import ScreeningRequest
from coalition.consent.enums import Place
from coalition.consent.shared_gates import gate_for
from coalition.consent.site import VIDEO
from coalition.jobs.date_formats import day_in_words


def title_for(row: ScreeningRequest) -> str:
    """Return the title of the film in the language of the request; while consent does not allow the film,
    or it has no page, words without it."""
    film = film_in(row.film, row.language)
    return film.title if film is not None and may_be_announced(film) else _("The film")


def viewing_link_for(row: ScreeningRequest) -> str:
    """Return the link that was mailed, "" while consent does not allow the film or the video behind it."""
    film = film_in(row.film, row.language)
    if not row.viewing_link or film is None:
        return ""
    return row.viewing_link if may_be_announced(film, *row.given_videos[-1:]) else ""


def ended_requests(rows: Iterable[ScreeningRequest]) -> set[UUID]:
    """Return the UUIDs of agreed requests that do not take place: consent no longer allows their video at
    screenings in their language. As many queries for many requests as for one of each language."""
    given: dict[str, dict[UUID, str]] = {}
    for row in rows:
        if row.state == ScreeningState.ACCEPTED and row.given_videos:
            given.setdefault(row.language, {})[row.uuid] = row.given_videos[-1]
    ended: set[UUID] = set()
    for language, videos in given.items():
        allowed = passing_keys(gate_for(Place.SCREENING, language), VIDEO, set(videos.values()))
        ended |= {uuid for uuid, video in videos.items() if video not in allowed}
    return ended


def _mail_context(row: ScreeningRequest) -> dict[str, Any]:
    with override(row.language):
        return {"name": row.contact, "group": row.group, "title": title_for(row), "day": day_in_words(row.on)}


SCREENINGS: Final = Flow[ScreeningRequest](
    purpose="campaigns.screening",
    model=ScreeningRequest,
    own_page="own_screening",
    mail_template="campaigns/screening_link",
    mail_context=_mail_context,
    related=("workspace",),
)


def mail_answer(row: ScreeningRequest) -> None:
    """Mail the answer to the asker, in their language and the caller's transaction."""
    row.mails += 1
    row.save(update_fields=["mails"])
    queue_applicant_mail(
        SCREENINGS,
        row,
        template="campaigns/screening_answer",
        number=row.mails,
        context={"state": row.state, "answer": row.answer, "viewing_link": row.viewing_link},
    )
