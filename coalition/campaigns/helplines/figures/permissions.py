"""Who may do what with monthly figures."""

from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation, User
from coalition.accounts.permissions import represents
from coalition.accounts.queries import is_frozen, organisations_represented_by
from coalition.campaigns.helplines.models import FigurePublication, Helpline
from coalition.campaigns.helplines.permissions import require_helpline_editor
from coalition.workspaces.permissions import NotAllowed

ONLY_REPRESENTATIVES = _("Representatives decide for their organisation what of its figures is published.")


def require_entering(person: User, helpline: Helpline) -> None:
    """Raise NotAllowed for who does not belong to the organisation that answers for the line."""
    require_helpline_editor(person, helpline)


def organisations_to_propose_for(person: User) -> list[Organisation]:
    """Return organisations of lines for which the person may propose figures: those they represent."""
    return list(organisations_represented_by(person).filter(helplines__isnull=False).distinct())


def require_representing(person: User, organisation: Organisation) -> None:
    """Raise NotAllowed unless the person represents the organisation, which is neither frozen nor gone."""
    if not represents(person, organisation):
        raise NotAllowed(ONLY_REPRESENTATIVES)


def may_lead(person: User, publication: FigurePublication) -> bool:
    """Publish, drop, withdraw: representatives of the organisation that proposed it; while that one is frozen
    or gone, of any organisation whose lines are in it."""
    if represents(person, publication.organisation):
        return True
    proposer = publication.organisation
    if proposer.left_at is None and not is_frozen(proposer):
        return False
    return publication.lines.filter(organisation__in=organisations_represented_by(person)).exists()


def require_leading(person: User, publication: FigurePublication) -> None:
    """Raise NotAllowed for who does not represent the organisation that proposed the publication."""
    if not may_lead(person, publication):
        raise NotAllowed(_("Representatives of the organisation that proposed these figures do that."))
