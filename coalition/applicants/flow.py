"""One kind of application: its rows, link, mails, proof of address, retention.

The proof is a mail with the link to the person's own page and its button: GET displays, POST confirms,
since mail scanners open links.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _, override

from coalition.applicants.forms import mailbox_prints
from coalition.applicants.models import Applicant
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import delete_in_batches
from coalition.core.throttling import daily_key_endings, derive_token, hash_token, queue_few_a_day
from coalition.mail import outbox
from coalition.mail.outbox import absolute_url, existing_mail_keys


@dataclass(frozen=True)
class Flow[A: Applicant]:
    """Definition of one kind of application by a capability.

    `purpose` separates its tokens from others: changing it breaks every mailed link. `own_page`: URL
    name of the page behind the link, with the token as its only argument. `mail_template`: the mail
    with the link, below `templates/mail/`. `mail_context`: context about an applicant for every mail of
    the flow. `related`: `select_related` of `find`. `prints`: lookup hashes of an address, the one used
    for new rows first; `owner_prints` where a second request sends the first link again.
    """

    purpose: str
    model: type[A]
    own_page: str
    mail_template: str
    mail_context: Callable[[A], dict[str, Any]] = lambda _applicant: {}
    related: tuple[str, ...] = ()
    prints: Callable[[str], list[str]] = mailbox_prints

    def new(self, *, address: str, language: str, **fields: Any) -> A:
        """Return an unsaved row with its token and the keyed hash of its address.

        Raises ValueError for an empty address.
        """
        row = self.model()  # the model defines the version of its UUIDs
        row.token_hash = hash_token(self.token(row))
        return self.fill(row, address=address, language=language, **fields)

    def fill(
        self, applicant: A, *, address: str, language: str, address_print: str = "", **fields: object
    ) -> A:
        """Set the fields of a new or repeated application. Saves nothing, keeps the link.

        `address_print`: the known one, to keep it. Strips white space around texts. Raises ValueError for
        an empty address without it; TypeError for an unknown field.
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


def applicant_mail_key(template: str, applicant: UUID, number: str | int) -> str:
    """Return the outbox key of a mail to an applicant."""
    name = template.rpartition("/")[2].replace("_", "-")
    return f"{name}:{applicant}:{number}"


def queue_applicant_mail[A: Applicant](
    flow: Flow[A],
    applicant: A,
    *,
    template: str,
    number: str | int,
    address: str = "",
    context: dict[str, Any] | None = None,
    **options: Any,
) -> bool:
    """Queue a mail to an applicant in the caller's transaction. Returns what `outbox.queue_mail` does.

    `number` distinguishes mails of one template to one applicant; a known one is not queued again. `address`:
    recipient, if the row has none any more. The context consists of `flow.mail_context` of the applicant,
    `context`, and `button_url`, the link to their own page. `options`: as in `outbox.queue_mail`.
    """
    return outbox.queue_mail(
        key=applicant_mail_key(template, applicant.uuid, number),
        template=template,
        language=applicant.language,
        address=address or applicant.address,
        context={**flow.mail_context(applicant), **(context or {}), "button_url": flow.link(applicant)},
        **options,
    )


def request_proof(
    flow: Flow[Any], applicant: Any, *, address: str = "", context: dict[str, Any] | None = None
) -> None:
    """Mail the link, at most LINKS_A_DAY per day and applicant, in the caller's transaction.

    `address`: recipient, if the saved row has none any more.
    """
    queue_few_a_day(
        lambda number: queue_applicant_mail(
            flow, applicant, template=flow.mail_template, number=number, address=address, context=context
        )
    )


def count_links_today(flow: Flow[Any], rows: QuerySet[Any]) -> int:
    """Return how many links were mailed to these applicants today. Two queries, one without rows."""
    endings = daily_key_endings()
    uuids = rows.values_list("uuid", flat=True)
    return len(
        existing_mail_keys(
            [applicant_mail_key(flow.mail_template, uuid, one) for uuid in uuids for one in endings]
        )
    )


DAYS_UNPROVED = 7


def delete_unproved(
    model: type[Applicant], *, state: str, before: Callable[[list[Any]], None] | None = None
) -> int:
    """Delete rows that have been in this state for more than DAYS_UNPROVED days. Returns how many.

    `before`: as in `core.retention.delete_in_batches`.
    """
    oldest = localdate(now()) - datetime.timedelta(days=DAYS_UNPROVED)
    return delete_in_batches(model._default_manager.filter(state=state, day__lt=oldest), before=before)
