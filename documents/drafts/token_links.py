"""Links that open one thing for a person without an account: who they are for, and why they open nothing."""

from dataclasses import dataclass

from coalition.accounts.enums import Language


@dataclass(frozen=True)
class Guest:
    """Who is asked: a name, where the link is sent, the language of mail and pages."""

    name: str
    email: str
    language: Language


class NoSuchLink(Exception):
    """Never made, expired, taken back, or ended: the same to everyone who comes with it."""


class TooOften(Exception):
    """This link was used so often within an hour that no person can have done it."""
