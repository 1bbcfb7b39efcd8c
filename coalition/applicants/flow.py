"""Definition of one kind of application: its rows, link and proof of address."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from coalition.applicants.mailboxes import mailbox_prints
from coalition.applicants.models import Applicant
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.tokens import derive_token, hash_token
from coalition.mail.links import absolute_url


def _no_context(_applicant: Any) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Flow[A: Applicant]:
    """Definition of one kind of application by a capability.

    `purpose` separates its tokens from others: changing it breaks every mailed link. `own_page`: URL
    name of the page behind the link, with the token as its only argument. `mail_template`: the mail
    with the link, below `templates/mail/`. `mail_context`: context about an applicant for every mail of
    the flow. `related`: `select_related` of `find`. `ways`: names of accepted proofs. `prints`: lookup
    hashes of an address, the one used for new rows first; `owner_prints` where a second request sends
    the first link again.
    """

    purpose: str
    model: type[A]
    own_page: str
    mail_template: str
    mail_context: Callable[[A], dict[str, Any]] = _no_context
    related: tuple[str, ...] = ()
    ways: tuple[str, ...] = ("mail",)
    prints: Callable[[str], list[str]] = mailbox_prints

    def new(self, *, address: str, language: str, address_print: str = "", **fields: object) -> A:
        """Return an unsaved row with its token and the keyed hash of its address.

        `address_print`: that of a proof without an address (`sender_print`). Raises ValueError if both
        address and print are missing.
        """
        row = self.model()  # the model defines the version of its UUIDs
        row.token_hash = hash_token(self.token(row))
        return self.fill(row, address=address, language=language, address_print=address_print, **fields)

    def fill(
        self, applicant: A, *, address: str, language: str, address_print: str = "", **fields: object
    ) -> A:
        """Set the fields of a new or repeated application. Saves nothing, keeps the link.

        Strips white space around texts. Raises ValueError as `new` does; TypeError for an unknown field.
        """
        applicant.address = address.strip()
        applicant.address_print = address_print or self.prints(address)[0]
        applicant.language = language
        applicant.day = localdate(now())
        for name, value in fields.items():
            if not hasattr(self.model, name):
                raise TypeError(f"{self.model.__name__} has no field {name}")
            setattr(applicant, name, value.strip() if type(value) is str else value)
        return applicant

    def token(self, applicant: A) -> str:
        """Return the token of the link, the same in every mail, even after a change of SECRET_KEY."""
        return derive_token(self.purpose, applicant.uuid, known_hash=applicant.token_hash)

    def find(self, token: str) -> A | None:
        """Return the applicant of a token; None if there is none."""
        rows = self.model._default_manager.all()
        if self.related:  # without a name, select_related would join everything
            rows = rows.select_related(*self.related)
        return rows.filter(token_hash=hash_token(token)).first()

    def of_address(self, address: str, rows: QuerySet[A]) -> QuerySet[A]:
        """Return those of `rows` with this address (`prints`). Raises ValueError for an empty address."""
        return rows.filter(address_print__in=self.prints(address))

    def find_by_address(self, address: str, rows: QuerySet[A]) -> A | None:
        """Return the row of this address, which has at most one. Raises ValueError for an empty address."""
        found = {row.address_print: row for row in self.of_address(address, rows)}
        return next((found[one] for one in self.prints(address) if one in found), None)

    def locked(self, applicant: A) -> A:
        """Reload the row and lock it until the transaction ends. Raises Refused if it was deleted."""
        rows = self.model._default_manager.select_for_update()
        found = rows.filter(pk=applicant.pk).first()
        if found is None:
            raise Refused(_("This registration is not there any more."))
        return found

    def path(self, applicant: A) -> str:
        """Return the path of the page behind the link."""
        with override(applicant.language):
            return reverse(self.own_page, args=[self.token(applicant)])

    def link(self, applicant: A) -> str:
        """Return the absolute URL of the page behind the link, for mails."""
        return absolute_url(self.path(applicant))
