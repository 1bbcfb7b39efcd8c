"""Representatives hear that figures of their lines are proposed: in the inbox, or by mail without a seat."""

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from coalition.accounts.enums import MembershipRole
from coalition.accounts.models import User
from coalition.accounts.queries import active_memberships
from coalition.campaigns.helplines.figures.months import period_words
from coalition.campaigns.helplines.figures.queries import publications_for
from coalition.campaigns.helplines.models import FigurePublication
from coalition.mail import outbox
from coalition.mail.links import absolute
from coalition.workspaces.domain.notify import notify
from coalition.workspaces.models import Workspace
from coalition.workspaces.notifications.subjects import Described, register_subject
from coalition.workspaces.queries import active_seats

SUBJECT: Final = "figure_publication"
ASKED: Final = "helpline_figures_asked"


def register() -> None:
    """Say who may see a publication in their inbox, and what it is called."""
    register_subject(SUBJECT, visible=publications_for, describe=_described)


def ask_organisations(publication: FigurePublication) -> None:
    """Ask the representatives of each organisation whose lines are in it. In the caller's transaction."""
    asked = publication.lines.values("organisation")
    rows = active_memberships().filter(organisation__in=asked, role=MembershipRole.REPRESENTATIVE)
    people = {row.person_id: row.person for row in rows.select_related("person")}
    seats = active_seats().filter(person__in=people, workspace__archived_at=None)
    rooms: dict[int, Workspace] = {}
    for seat in seats.select_related("workspace").order_by("pk"):
        rooms.setdefault(seat.person_id, seat.workspace)
    for workspace in {room.pk: room for room in rooms.values()}.values():
        notify(
            people=[people[pk] for pk, room in rooms.items() if room.pk == workspace.pk],
            kind=ASKED,
            workspace=workspace,
            actor=publication.proposed_by,
            organisation=publication.organisation,
            subject_kind=SUBJECT,
            subject=publication.uuid,
            needs_drafts=False,
            once=f"{ASKED}:{publication.uuid}",
        )
    for pk in people.keys() - rooms.keys():
        _mail(publication, people[pk])


def _mail(publication: FigurePublication, person: User) -> None:
    outbox.queue(
        key=f"{ASKED}:{publication.uuid}:{person.uuid}",
        template="campaigns/figures_asked",
        language=person.language,
        person=person.uuid,
        context={
            "name": person.get_short_name(),
            "button_url": absolute(address_of(publication.uuid)),
        },
    )


def address_of(publication: UUID) -> str:
    """Return the path of a publication's page at the desk."""
    return reverse("campaigns:figure_publication", args=[publication])


def title_of(publication: FigurePublication) -> str:
    """Return what a publication is called, in the active language."""
    period = period_words(publication.first_month, publication.last_month)
    return _("Figures of helplines, %(period)s") % {"period": period}


def _described(uuids: Collection[UUID]) -> Mapping[UUID, Described]:
    rows = FigurePublication.objects.filter(uuid__in=list(uuids))
    return {row.uuid: Described(title_of(row), address_of(row.uuid)) for row in rows}
