"""What an open socket asks again and again: whose session is this, and may it still be used?"""

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils.crypto import constant_time_compare

from coalition.accounts.models import User
from coalition.accounts.queries import has_access
from coalition.accounts.second_factor import has_second_factor, is_session_expired, needs_second_factor
from coalition.realtime.sessions import FORBIDDEN, SIGNED_OUT, SessionState


def read_session_state(session_key: str) -> SessionState:
    """Read the session from the database again, as the next page would."""
    session = SessionStore(session_key or None)
    owner: str = session.get(SESSION_KEY) or ""
    person = User.objects.filter(pk=owner).first() if owner else None
    if person is None or BACKEND_SESSION_KEY not in session:
        return SessionState(close_code=SIGNED_OUT, reason="signed out")
    given = session.get(HASH_SESSION_KEY) or ""
    fits = any(
        constant_time_compare(given, known)
        for known in (person.get_session_auth_hash(), *person.get_session_auth_fallback_hash())
    )
    if not fits or is_session_expired(session) or not has_access(person):
        return SessionState(close_code=SIGNED_OUT, reason="signed out")
    if not has_second_factor(session) and needs_second_factor(person):
        return SessionState(close_code=FORBIDDEN, reason="second factor needed")
    return SessionState(user_id=person.pk)
