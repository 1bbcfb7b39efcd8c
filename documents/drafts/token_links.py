"""Links that open one thing for a person without an account: who they are for, and why they open nothing."""

from dataclasses import dataclass

from coalition.accounts.enums import Language


@dataclass(frozen=True)
class GuestData:
    """The invited guest: name, address for the link, language of mail and pages."""

    name: str
    email: str
    language: Language


class NoSuchLink(Exception):
    """Link unknown, expired, revoked, or ended: the response is the same."""


class GuestLinkOverused(Exception):
    """The link was used more often within an hour than a person could."""
