"""A new password ends what was opened with the old one: pages, sockets, and whoever stole a session.

A signal, since allauth has no other door after it has stored the password, by change or by mail.
"""

from typing import Any

from coalition.accounts.domain.sessions import end_sessions
from coalition.accounts.models import User


def end_what_the_old_one_opened(sender: object, *, user: User, **_rest: Any) -> None:
    """Every session of the person, on every device, this one included."""
    end_sessions([user], reason="password changed")
