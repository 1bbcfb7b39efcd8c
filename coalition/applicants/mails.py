"""Mails to applicants: one shape of key and context for all flows."""

from typing import Any
from uuid import UUID

from coalition.applicants.flow import Flow
from coalition.applicants.models import Applicant
from coalition.mail import outbox


def applicant_mail_key(template: str, applicant: UUID, number: str | int) -> str:
    """Return the key of a mail to an applicant."""
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
    calendar: str = "",
    method: str = "",
    code: str = "",
) -> bool:
    """Write a mail to an applicant in the caller's transaction. Returns what `outbox.queue` does.

    `number` tells mails of one template to one applicant apart; a known one is not written again. `address`:
    where to, if the row has none any more. The context is what `flow.mail_context` says of the applicant,
    `context`, and `button_url`, the link to their own page. The rest as in `outbox.queue`.
    """
    return outbox.queue_mail(
        key=applicant_mail_key(template, applicant.uuid, number),
        template=template,
        language=applicant.language,
        address=address or applicant.address,
        context={**flow.mail_context(applicant), **(context or {}), "button_url": flow.link(applicant)},
        calendar=calendar,
        method=method,
        code=code,
    )
