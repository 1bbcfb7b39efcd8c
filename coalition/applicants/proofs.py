"""Ways in which a person proves that an address is theirs.

By mail: the link in a mail is opened and its button pressed (GET shows, POST counts: scanners of mail
providers open links). Another way registers itself under its name; a flow names the one that it uses.
"""

from typing import Any, Protocol

from coalition.applicants.flow import Flow
from coalition.core.throttling import few_a_day
from coalition.mail import outbox


class Proof(Protocol):
    """One way of proving."""

    def ask(self, flow: Flow[Any], applicant: Any, *, address: str, context: dict[str, Any]) -> None:
        """Ask the person for the proof. Called in the caller's transaction."""


class MailProof:
    """A mail with the link, LINKS_A_DAY a day and applicant at most."""

    def ask(self, flow: Flow[Any], applicant: Any, *, address: str, context: dict[str, Any]) -> None:
        few_a_day(
            lambda number: outbox.queue(
                key=f"{flow.purpose}.link:{applicant.uuid}:{number}",
                template=flow.mail_template,
                language=applicant.language,
                address=address,
                context={**context, "button_url": flow.link(applicant)},
            )
        )


PROOFS: dict[str, Proof] = {"mail": MailProof()}


def ask_for_proof(
    flow: Flow[Any], applicant: Any, *, address: str = "", context: dict[str, Any], way: str = "mail"
) -> None:
    """Send the link, to `address` where the row has none any more.

    Raises LookupError for a way that nobody registered.
    """
    PROOFS[way].ask(flow, applicant, address=address or applicant.address, context=context)
