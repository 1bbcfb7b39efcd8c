"""Ways in which a person proves that an address is theirs.

By mail, the only one in use: the link in a mail is opened and its button pressed (GET shows, POST counts:
scanners of mail providers open links).

Another way is a class with `ask`, registered under its name by the package that owns it; a flow that accepts
it names it in `Flow.ways`. Nothing here changes for it. docs/applicants.md describes two that may come:

- *a message*: the page shows a short code, of which `ask` keeps the hash. The person sends it from WhatsApp
  or Telegram; what receives it finds the row by the hash, writes `sender_print(…)` as the row's print,
  forgets the number, and calls the capability's action. Off until a coalition decides: the messenger's
  operator learns that this number wrote to this campaign, and when. The form says so before the code.
- *a code on a volunteer's screen*: `ask` sends nothing; the person types the code that they read there. It
  works once, for a minute, and proves that somebody stood in front of a volunteer.
"""

from typing import Any, Protocol

from django.db.models import QuerySet

from coalition.applicants.flow import Flow
from coalition.applicants.mails import applicant_mail_key, queue_applicant_mail
from coalition.core.throttling import daily_key_endings, queue_few_a_day
from coalition.mail.outbox import existing_mail_keys


class Proof(Protocol):
    """One way of proving."""

    def ask(self, flow: Flow[Any], applicant: Any, *, address: str, context: dict[str, Any]) -> None:
        """Ask the person for the proof. Called in the caller's transaction, with the row saved."""


class MailProof:
    """A mail with the link, LINKS_A_DAY a day and applicant at most."""

    def ask(self, flow: Flow[Any], applicant: Any, *, address: str, context: dict[str, Any]) -> None:
        queue_few_a_day(
            lambda number: queue_applicant_mail(
                flow,
                applicant,
                template=flow.mail_template,
                number=number,
                address=address,
                context=context,
            )
        )


def count_links_today(flow: Flow[Any], rows: QuerySet[Any]) -> int:
    """Return how many links these applicants together were mailed today. Two queries, one without rows."""
    endings = daily_key_endings()
    uuids = rows.values_list("uuid", flat=True)
    return len(
        existing_mail_keys(
            [applicant_mail_key(flow.mail_template, uuid, one) for uuid in uuids for one in endings]
        )
    )


_proofs: dict[str, Proof] = {"mail": MailProof()}


def register_proof(way: str, proof: Proof) -> None:
    """Offer another way of proving, from `AppConfig.ready()`. Raises ValueError for a name that is taken."""
    if way in _proofs:
        raise ValueError(f"{way} is registered already")
    _proofs[way] = proof


def request_proof(
    flow: Flow[Any],
    applicant: Any,
    *,
    address: str = "",
    context: dict[str, Any] | None = None,
    way: str = "mail",
) -> None:
    """Ask for the proof; by mail: send the link, to `address` where the row has none any more.

    Raises LookupError for a way that nobody registered or that the flow does not accept.
    """
    if way not in flow.ways:
        raise LookupError(f"{flow.purpose} does not accept {way}")
    _proofs[way].ask(flow, applicant, address=address or applicant.address, context=context or {})
