"""The personas that the demo's start page lists."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import User
from coalition.accounts.queries import demo_people

PASSWORD = "coalition-demo"  # noqa: S105  printed on the start page; production refuses such accounts

ROLES: dict[str, Promise] = {
    "coordinator@demo.example": _("Coordinator of the workspace, representative of the lead organisation"),
    "editor@demo.example": _("Editor, from another organisation"),
    "contributor@demo.example": _("Contributor, from a third organisation"),
    "reviewer@demo.example": _("Reviewer, and representative of a fourth organisation"),
    "observer@demo.example": _("Observer, from another network; sees no drafts"),
    "press@demo.example": _("Press officer of the lead organisation"),
    "withheld@demo.example": _("Representative of an organisation whose name is withheld"),
    "outsider@demo.example": _("Representative of a partner that has no seat in the workspace"),
    "outlet@demo.example": _("Editor of a regional TV station"),
    "newsroom@demo.example": _("Newsroom: publishes on the public site"),
    "secretariat@demo.example": _("Secretariat, without a seat anywhere"),
    "admin@demo.example": _("Superuser, without a seat anywhere: reads nothing"),
}


@dataclass(frozen=True)
class Persona:
    """A demo account with its description."""

    person: User
    words: Promise


def personas() -> list[Persona]:
    """Return the personas that exist, in the order of `ROLES`."""
    found = {person.email: person for person in demo_people()}
    return [Persona(found[email], words) for email, words in ROLES.items() if email in found]
