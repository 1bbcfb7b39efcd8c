"""Tokens of links that many mails carry: the database keeps hashes only."""

from uuid import UUID

from events.core.link_tokens import derived


def token_for(purpose: str, uuid: UUID) -> str:
    """The token of a link; `purpose` keeps links of different kinds apart."""
    return derived(purpose, str(uuid))
