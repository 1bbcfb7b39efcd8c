"""Tokens of mailed links to people without an account; the mails are not sent."""

from coalition.mail import outbox
from coalition.mail.models import OutboxMail


def token_in_mail(about: str) -> str:
    """Return the token of the link in the waiting mail whose key begins with `about`, and take the mail out
    of the outbox: these people are invented."""
    waiting = OutboxMail.objects.filter(key__startswith=about, state=OutboxMail.State.WAITING).latest("pk")
    address: str = waiting.context["button_url"]
    outbox.delete_waiting_mail(about=about)
    return address.rstrip("/").rpartition("/")[2]
