"""One kind of application: its rows, its link, its proof."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import override

from coalition.applicants.mailboxes import mailbox_print
from coalition.applicants.models import Applicant
from coalition.core.clock import now
from coalition.core.tokens import derive_token, hash_token
from coalition.mail.links import absolute


@dataclass(frozen=True)
class Flow[A: Applicant]:
    """Declared once by a capability.

    `purpose` keeps its tokens, keys of mails and counters apart from others; `own_page`: name of the URL of
    the page behind the link, with the token as its only argument; `mail_template`: the mail that carries the
    link, below `templates/mail/`.
    """

    purpose: str
    model: type[A]
    own_page: str
    mail_template: str

    def new(self, *, address: str, language: str, **fields: object) -> A:
        """Return an unsaved row with its token and the print of its address. Raises ValueError for no
        address."""
        uuid = self.model._meta.get_field("uuid").get_default()
        return self.model(
            uuid=uuid,
            address=address.strip(),
            address_print=mailbox_print(address),
            token_hash=hash_token(derive_token(self.purpose, uuid)),
            language=language,
            day=localdate(now()),
            **fields,
        )

    def find(self, token: str) -> A | None:
        """Return whose link it is; None if nobody's."""
        return self.model._default_manager.filter(token_hash=hash_token(token)).first()

    def path(self, applicant: A) -> str:
        """Return the path of the page behind the link."""
        with override(applicant.language):
            return reverse(self.own_page, args=[derive_token(self.purpose, applicant.uuid)])

    def link(self, applicant: A) -> str:
        """Return the same as a full address, for mails."""
        return absolute(self.path(applicant))
