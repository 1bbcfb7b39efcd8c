"""Who may open a socket: checked by a higher layer, since this one knows no people."""

from collections.abc import Callable
from dataclasses import dataclass

# Codes 4400 to 4499 are final for the browser: it does not reconnect by itself.
BAD_MESSAGE = 4400
SIGNED_OUT = 4401
FORBIDDEN = 4403


@dataclass(frozen=True)
class SessionState:
    """The state of a session: a person's primary key, or the code and reason to close with."""

    user_id: int = 0
    close_code: int = 0
    reason: str = ""


type SessionCheck = Callable[[str], SessionState]

_session_checks: list[SessionCheck] = []


def register_session_check(check: SessionCheck) -> None:
    """Register how a session's state is read from its key. Runs in a worker thread."""
    _session_checks[:] = [check]


def get_session_state(session_key: str) -> SessionState:
    """Return the state of a session now; invalid as long as no check is registered."""
    return (
        _session_checks[0](session_key)
        if _session_checks
        else SessionState(close_code=SIGNED_OUT, reason="signed out")
    )
