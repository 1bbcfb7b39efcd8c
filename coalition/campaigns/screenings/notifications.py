"""Those who plan hear of new requests for screenings."""

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import get_language, gettext as _, gettext_lazy

from coalition.campaigns.screenings.films import film_title, films_by_key
from coalition.campaigns.screenings.models import ScreeningRequest
from coalition.campaigns.screenings.queries import requests_for
from coalition.roles import RIGHTS, Right
from coalition.workspaces.notifications.kinds import NotificationKind, SubjectDescription, register_subject
from coalition.workspaces.notifications.notify import notify
from coalition.workspaces.queries import seats_in

SUBJECT: Final = "screening"
ASKED: Final = "screening_asked"
WITHDRAWN: Final = "screening_withdrawn"
KINDS: Final = {
    ASKED: NotificationKind(
        sentence=gettext_lazy("Somebody asks for a screening of “%(title)s”. Answer them."),
        outline=gettext_lazy("Somebody asks for a screening of a film."),
        icon="picture",
        asks=True,
    ),
    WITHDRAWN: NotificationKind(
        sentence=gettext_lazy("A request for a screening of “%(title)s” was withdrawn."),
        outline=gettext_lazy("A request for a screening was withdrawn."),
        icon="picture",
    ),
}
_PLANNING: Final = [role for role, rights in RIGHTS.items() if Right.PLAN in rights]


def register_screening_subjects() -> None:
    """Say who may see a request in their inbox, and what it is called."""
    register_subject(SUBJECT, visible=requests_for, describe=_described, address=address_of)


def notify_planners(row: ScreeningRequest, kind: str) -> None:
    """Notify those who plan in the workspace, once for each day that is asked for. In the caller's
    transaction."""
    seats = seats_in(row.workspace).filter(role__in=_PLANNING)
    notify(
        people={seat.person_id: seat.person for seat in seats}.values(),
        kind=kind,
        workspace=row.workspace,
        actor=None,
        organisation=None,
        subject_kind=SUBJECT,
        subject=row.uuid,
        once=f"{kind}:{row.uuid}:{row.on.isoformat()}",
    )


def address_of(row: UUID) -> str:
    """Return the path of a request at the desk."""
    return reverse("campaigns:screening", args=[row])


def _described(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    rows = list(ScreeningRequest.objects.filter(uuid__in=list(uuids)))
    films, language = films_by_key({row.film for row in rows}), (get_language() or "")[:2]
    return {
        row.uuid: SubjectDescription(
            film_title(films.get(row.film, {}), language) or _("a film"), address_of(row.uuid)
        )
        for row in rows
    }
