"""Who is let in only once their organisation has accepted the agreement, and what they are told."""

from collections.abc import Iterable
from functools import partial

from django.urls import reverse
from django.utils.translation import gettext as _

from coalition.accounts.enums import MembershipRole
from coalition.accounts.models import User
from coalition.accounts.naming import Viewer, display_name_for
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.workspaces.dashboard import only_if
from coalition.workspaces.seat_conditions import MissingRequirement
from documents.agreement.models import Agreement
from documents.agreement.queries import (
    accepting_people,
    current_agreement,
    unaccepting_memberships,
)


def agreement_page_for(person: User) -> str:
    """Return the agreement's page for a person whose organisation has yet to accept."""
    shut_out = unaccepting_memberships(person, required=True).exists()
    return reverse("documents:agreement") if shut_out else ""


@only_if(partial(unaccepting_memberships, required=False))
def missing_acceptances(user: User, viewer: Viewer) -> Iterable[MissingRequirement]:
    """Yield what is missing, and who can accept, for people of an organisation that has yet to.

    One query, three where something is missing.
    """
    rows = list(unaccepting_memberships(user, required=False))
    edition = current_agreement() if rows else None
    if edition is None:
        return
    heads = accepting_people(row.organisation for row in rows)
    for row in rows:
        others = [person.name for person in heads[row.organisation_id] if person.pk != user.pk]
        accepts = row.role == MembershipRole.REPRESENTATIVE
        shut_out: bool = row.is_shut_out
        yield MissingRequirement(
            title=_("The coalition agreement is not accepted"),
            words=_describe_missing_acceptance(
                display_name_for(viewer, row.organisation), edition, is_shut_out=shut_out
            ),
            who=_describe_who_accepts(others, accepts=accepts),
            url=reverse("documents:agreement"),
            action=_("Read and accept") if accepts else _("Read the agreement"),
            can_do=accepts,
            shuts_out=shut_out,
            due=edition.asks_from,
        )


def _describe_missing_acceptance(name: str, edition: Agreement, *, is_shut_out: bool) -> str:
    told = {"organisation": name, "number": edition.number}
    if is_shut_out or edition.asks_from is None:
        words = _(
            "%(organisation)s has not accepted edition %(number)d of the coalition agreement. Its people get"
            " into their workspaces as soon as a representative accepts it."
        )
        return words % told
    words = _(
        "%(organisation)s has not accepted edition %(number)d of the coalition agreement. From %(when)s its"
        " people get into their workspaces only if a representative has accepted it."
    )
    return words % {**told, "when": moment_with_time_zone(edition.asks_from)}


def _describe_who_accepts(others: list[str], *, accepts: bool) -> str:
    names = {"names": ", ".join(others)}
    if accepts:
        return _("You can accept it; so can: %(names)s.") % names if others else _("You can accept it.")
    if others:
        return _("These people can accept it: %(names)s.") % names
    return _("It has no representative at the moment. Ask the secretariat.")
