"""Who may hold a socket open: asked of a higher layer, since this one knows no people."""

from collections.abc import Callable
from dataclasses import dataclass

# Codes 4400 to 4499 are final for the browser: it does not come back by itself.
BAD_MESSAGE = 4400
SIGNED_OUT = 4401
FORBIDDEN = 4403


@dataclass(frozen=True)
class SessionState:
    """What a session is worth now: a person's primary key, or the code and reason to close with."""

    user_id: int = 0
    close_code: int = 0
    reason: str = ""


type SessionCheck = Callable[[str], SessionState]

_session_checks: list[SessionCheck] = []


def register_session_check(check: SessionCheck) -> None:
    """Say how a session's standing is read from its key. Runs in a worker thread."""
    _session_checks[:] = [check]


def get_session_state(session_key: str) -> SessionState:
    """The standing of a session now; nobody has one while no layer has said how to tell."""
    return (
        _session_checks[0](session_key)
        if _session_checks
        else SessionState(close_code=SIGNED_OUT, reason="signed out")
    )
