"""Who may do what with helplines."""

from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation, User
from coalition.accounts.permissions import belongs_to
from coalition.accounts.queries import active_memberships, organisations_represented_by
from coalition.campaigns.helplines.models import Helpline, HelplineEntry
from coalition.workspaces.permissions import NotAllowed


def may_edit_helpline(person: User, helpline: Helpline) -> bool:
    """Every member of the organisation that answers for a line edits its entry and has it checked."""
    return belongs_to(person, helpline.organisation)


def organisations_to_add_for(person: User) -> list[Organisation]:
    """Return organisations for which the person may add a line: those they belong to."""
    rows = active_memberships(person).select_related("organisation").order_by("pk")
    return [one.organisation for one in rows]


def reviewing_organisation(person: User, entry: HelplineEntry) -> Organisation | None:
    """Return in whose name the person may review an entry, None if they may not.

    A representative of another organisation: neither a member of the one that answers for the line or wrote
    the entry, nor its author, whatever else they represent.
    """
    own = active_memberships(person).values_list("organisation_id", flat=True)
    if {entry.helpline.organisation_id, entry.written_for_id} & set(own):
        return None
    if entry.written_by_id == person.pk:
        return None
    return organisations_represented_by(person).first()


def suspending_organisation(person: User, helpline: Helpline) -> Organisation | None:
    """Return in whose name the person may hide a line, None if they may not.

    A representative of another organisation than the one that answers for it, which takes it out of use.
    """
    return organisations_represented_by(person).exclude(pk=helpline.organisation_id).first()


def reinstating_organisation(person: User, helpline: Helpline) -> Organisation | None:
    """Return in whose name the person may show a hidden line again, None if they may not.

    A representative of another organisation who does not belong to the one that answers for the line.
    """
    if may_edit_helpline(person, helpline):
        return None
    return suspending_organisation(person, helpline)


def require_helpline_editor(person: User, helpline: Helpline) -> None:
    """Raise NotAllowed for who does not belong to the organisation that answers for the line."""
    if not may_edit_helpline(person, helpline):
        raise NotAllowed(_("Members of the organisation that answers for a line do this."))
