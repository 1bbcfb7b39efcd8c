"""Asking for support as the page does, and the link that goes to the mailbox."""

from coalition.campaigns.appeals.actions.confirm import confirm_support
from coalition.campaigns.appeals.actions.support import SupportAsking, ask_to_support
from coalition.campaigns.appeals.public_queries import newest_version_at
from coalition.campaigns.models import AppealVersion, Support
from coalition.mail.models import OutboxMail

ADDRESS = "aru@mail.example"
PLACE = "203.0.113.0/24"


def asking(address: str = ADDRESS, **given: object) -> SupportAsking:
    return SupportAsking(**{"address": address, "region": "KZ-75", "language": "en", "place": PLACE, **given})


def ask(version: AppealVersion, address: str = ADDRESS, **given: object) -> str:
    """Ask, and return the token in the mail that was queued last."""
    newest = newest_version_at(version.appeal.slug)
    ask_to_support(slug=version.appeal.slug, version=str(newest.uuid), asking=asking(address, **given))
    return newest_token()


def newest_token() -> str:
    url = (
        OutboxMail.objects.filter(template__startswith="campaigns/support").latest("pk").context["button_url"]
    )
    return url.rstrip("/").rpartition("/")[2]


def support(version: AppealVersion, address: str = ADDRESS, **given: object) -> Support:
    """Ask and confirm."""
    return confirm_support(token=ask(version, address, **given))
