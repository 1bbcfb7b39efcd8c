"""Requests for screenings as pages show them."""

from collections.abc import Iterable
from typing import Any, Final

from django.urls import reverse
from django.utils.translation import get_language, gettext as _, ngettext, override, pgettext

from coalition.campaigns.core.sections import Summary
from coalition.campaigns.screenings.enums import ScreeningState
from coalition.campaigns.screenings.films import Film, film_title, films_by_key
from coalition.campaigns.screenings.flow import ended_requests
from coalition.campaigns.screenings.models import ScreeningRequest
from coalition.campaigns.screenings.queries import requests_for
from coalition.workspaces.permissions import Access

SHAPES: Final = {  # shapes of components/state.html
    ScreeningState.UNPROVED: "unopened",
    ScreeningState.ASKED: "unopened",
    ScreeningState.ACCEPTED: "approved",
    ScreeningState.DONE: "approved",
    ScreeningState.DECLINED: "abstains",
    ScreeningState.WITHDRAWN: "objects",
}


def state_of(row: ScreeningRequest, *, is_ended: bool) -> dict[str, str]:
    """Return the `label` and `shape` of a request's state. `is_ended`: see `flow.ended_requests`."""
    state = ScreeningState(row.state)
    if is_ended:
        return {"label": pgettext("a screening", "No longer available"), "shape": "objects"}
    return {"label": str(state.label), "shape": SHAPES[state]}


def request_rows(rows: Iterable[ScreeningRequest]) -> list[dict[str, Any]]:
    """Return requests with the title of their film, their state (`state_of`) and whether consent has ended
    for what was agreed. As many queries for many as for one of each language."""
    found = list(rows)
    ended = ended_requests(found)
    films, language = films_by_key({row.film for row in found}), (get_language() or "")[:2]
    return [
        {
            "request_row": row,
            "title": film_title(films.get(row.film, {}), language) or _("a film"),
            "film": films.get(row.film, {}).get(row.language),
            "is_ended": row.uuid in ended,
            **state_of(row, is_ended=row.uuid in ended),
            "url": reverse("campaigns:screening", args=[row.uuid]),
        }
        for row in found
    ]


def screenings_summary(access: Access) -> Summary:
    """Say how many requests wait and how many were agreed and still take place, for the page "Campaign"."""
    wanted = requests_for(access.user, access.workspace).select_related(None)
    rows = list(wanted.only("uuid", "state", "language", "given_videos"))
    if not rows:
        step = _("Open the page of the film for screenings, and choose this workspace there.")
        return Summary(_("Nobody has asked for a screening yet."), next_step=step)
    states = [row.state for row in rows]
    waiting = states.count(ScreeningState.ASKED)
    agreed = states.count(ScreeningState.ACCEPTED) - len(ended_requests(rows))
    words = [
        ngettext("%(count)d screening is agreed.", "%(count)d screenings are agreed.", agreed)
        % {"count": agreed}
    ]
    if waiting:
        words.insert(0, waiting_words(waiting))
    return Summary(" ".join(words), needs_attention=bool(waiting))


def waiting_words(count: int) -> str:
    return ngettext(
        "%(count)d request for a screening waits for an answer.",
        "%(count)d requests for screenings wait for an answer.",
        count,
    ) % {"count": count}


def ask_path(film: Film) -> str:
    """Return the path of the form in the language of the film; "" while nobody can ask."""
    if film.workspace is None:
        return ""
    with override(film.language):
        return reverse("ask_for_screening", args=[film.key])
