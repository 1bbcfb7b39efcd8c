"""Representatives hear that figures of their lines are proposed."""

from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from coalition.accounts.models import MembershipRole
from coalition.accounts.queries import active_memberships
from coalition.campaigns.helplines.enums import PUBLICATION_KIND
from coalition.campaigns.helplines.figures.months import period_words
from coalition.campaigns.helplines.figures.queries import publications_for
from coalition.campaigns.helplines.models import FigurePublication
from coalition.workspaces.notifications.kinds import SubjectDescription, register_subject
from coalition.workspaces.notifications.notify import notify_members

ASKED: Final = "helpline_figures_asked"


def register_figures_due() -> None:
    """Say who may see a publication in their inbox, and what it is called."""
    register_subject(PUBLICATION_KIND, visible=publications_for, describe=_described, address=address_of)


def ask_organisations(publication: FigurePublication) -> None:
    """Ask the representatives of each organisation whose lines are in it. In the caller's transaction."""
    asked = publication.lines.values("organisation")
    rows = active_memberships().filter(organisation__in=asked, role=MembershipRole.REPRESENTATIVE)
    notify_members(
        members=rows.select_related("person"),
        kind=ASKED,
        actor=publication.proposed_by,
        organisation=publication.organisation,
        subject_kind=PUBLICATION_KIND,
        subject=publication.uuid,
        once=f"{ASKED}:{publication.uuid}",
    )


def address_of(publication: UUID) -> str:
    """Return the path of a publication's page at the desk."""
    return reverse("campaigns:figure_publication", args=[publication])


def title_of(publication: FigurePublication) -> str:
    """Return what a publication is called, in the active language."""
    period = period_words(publication.first_month, publication.last_month)
    return _("Figures of helplines, %(period)s") % {"period": period}


def _described(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    rows = FigurePublication.objects.filter(uuid__in=list(uuids))
    return {row.uuid: SubjectDescription(title_of(row), address_of(row.uuid)) for row in rows}
