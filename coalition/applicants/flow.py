"""One kind of application: its rows, its link, its proof."""

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
    """Declared once by a capability.

    `purpose` keeps its tokens apart from others: a change of it breaks every link that was mailed.
    `own_page`: name of the URL of the page behind the link, with the token as its only argument.
    `mail_template`: the mail that carries the link, below `templates/mail/`. `mail_context`: what every mail
    of the flow says of an applicant. `related`: what `find` selects along. `ways`: names of the proofs that
    it accepts. `prints`: under which prints the rows of an address are found, the one that is written now
    first: `owner_prints` where asking a second time sends the first link once more.
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
        """Return an unsaved row with its token and the print of its address.

        `address_print`: the print of a proof that knows no address (`sender_print`). Raises ValueError
        without an address and without a print.
        """
        row = self.model()  # the model says of which version its UUIDs are
        row.token_hash = hash_token(self.token(row))
        return self.fill(row, address=address, language=language, address_print=address_print, **fields)

    def fill(
        self, applicant: A, *, address: str, language: str, address_print: str = "", **fields: object
    ) -> A:
        """Write into a row what somebody asks, for the first time or anew. Saves nothing, keeps the link.

        Texts lose the white space around them. Raises ValueError as `new` does; TypeError for no such field.
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
        """Return the token of the link, the same in every mail, also after a change of SECRET_KEY."""
        return derive_token(self.purpose, applicant.uuid, known_hash=applicant.token_hash)

    def find(self, token: str) -> A | None:
        """Return whose link it is; None if nobody's."""
        rows = self.model._default_manager.all()
        if self.related:  # without a name, select_related would take all
            rows = rows.select_related(*self.related)
        return rows.filter(token_hash=hash_token(token)).first()

    def of_address(self, address: str, rows: QuerySet[A]) -> QuerySet[A]:
        """Return those of `rows` that came from this address (`prints`). Raises ValueError for no address."""
        return rows.filter(address_print__in=self.prints(address))

    def find_by_address(self, address: str, rows: QuerySet[A]) -> A | None:
        """Return the row of this address, where it has one at most. Raises ValueError for no address."""
        found = {row.address_print: row for row in self.of_address(address, rows)}
        return next((found[one] for one in self.prints(address) if one in found), None)

    def locked(self, applicant: A) -> A:
        """Return the row as it is now, locked until the transaction ends. Raises Refused if it is gone."""
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
        """Return the same as a full address, for mails."""
        return absolute_url(self.path(applicant))
