"""CSRF protection without session or cookie, for forms on cached public pages.

A visitor without a session has no rights that a foreign page could abuse, but a foreign page could
make its visitors post from their own networks. So a post must come from our own page according to
the browser (`Sec-Fetch-Site`, or `Origin` in older ones). It carries the minute in which the page
was rendered, signed. A field that people do not see must be empty. A client that sends neither
header is not a recent browser: only the stamp is checked.

The form includes `components/anonymous_post.html` with `stamp` from `new_stamp`.

There is no minimum time between rendering and posting: a cached page is older than it looks.
"""

import datetime
import enum

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from coalition.core.clock import now

MAX_STAMP_AGE = datetime.timedelta(hours=24)  # maximum age of a page
MAX_CLOCK_SKEW = datetime.timedelta(minutes=2)  # clock difference between two servers
MINUTE = 60  # seconds
MAX_STAMP_LENGTH = 64  # letters


class PostVerdict(enum.Enum):
    """Verdict on a post."""

    ACCEPTED = "accepted"
    FOREIGN = "foreign"  # from another or an unknown site: refuse with a message
    STALE = "stale"  # stamp missing or old: display the form again, with the data
    TRAPPED = "trapped"  # by a bot that fills every field: answer as if it were accepted, store nothing


def new_stamp(purpose: str) -> str:
    """Return the signed minute for a page rendered now. `purpose` separates forms."""
    minute = int(now().timestamp()) // MINUTE
    return f"{minute:x}.{_signature(purpose, minute)}"


def judge_post(request: HttpRequest, purpose: str) -> PostVerdict:
    """Return the verdict on a post to such a form."""
    if not is_from_own_page(request):
        return PostVerdict.FOREIGN
    if request.POST.get("leave_empty", ""):
        return PostVerdict.TRAPPED
    if not is_fresh(request.POST.get("stamp", ""), purpose):
        return PostVerdict.STALE
    return PostVerdict.ACCEPTED


def is_from_own_page(request: HttpRequest) -> bool:
    """Whether the browser's headers say so, or the browser is too old to send them."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}  # none: user-initiated, such as a reload
    origin = request.headers.get("Origin")
    return origin is None or origin == f"{request.scheme}://{request.get_host()}".lower()


def is_fresh(stamp: str, purpose: str) -> bool:
    """Whether the stamp is valid and at most `MAX_STAMP_AGE` old."""
    written, _dot, signature = stamp[:MAX_STAMP_LENGTH].partition(".")
    try:
        minute = int(written, 16)
    except ValueError:
        return False
    if not constant_time_compare(signature, _signature(purpose, minute)):
        return False
    age = now().timestamp() - minute * MINUTE
    return -MAX_CLOCK_SKEW.total_seconds() <= age <= MAX_STAMP_AGE.total_seconds()


def _signature(purpose: str, minute: int) -> str:
    words = f"{purpose}:{minute}"
    return salted_hmac("coalition.applicants.anonymous_post", words, algorithm="sha256").hexdigest()[:32]
