"""Forms on pages that caches keep: no session and no CSRF cookie, and still no post from other sites.

Somebody without a session has no rights that a foreign page could use. What such a page could do is to have
its visitors post from their own networks. So a post has to come from our own page, which browsers say
(`Sec-Fetch-Site`, or `Origin` where they are older); it carries the minute in which the page was drawn,
signed; and a field that people do not see stays empty. What sends neither header is no browser of the last
years: it is judged by the stamp alone.

The form includes `components/anonymous_post.html` with `stamp` from `new_stamp`.

There is no least time between drawing and sending: a kept page is older than it looks.
"""

import datetime
import enum

from django.http import HttpRequest
from django.utils.crypto import constant_time_compare, salted_hmac

from coalition.core.clock import now

MAX_STAMP_AGE = datetime.timedelta(hours=24)  # a page may stand open so long
MAX_CLOCK_SKEW = datetime.timedelta(minutes=2)  # between the clocks of two servers
MINUTE = 60  # seconds
MAX_STAMP_LENGTH = 64  # letters


class PostVerdict(enum.Enum):
    """What is to be done with a post."""

    ACCEPTED = "accepted"
    FOREIGN = "foreign"  # from another site, or nobody knows from where: refuse in words
    STALE = "stale"  # without a stamp, or with an old one: show the form again, with what was typed
    TRAPPED = "trapped"  # by a program that fills every field: answer as if it were accepted, keep nothing


def new_stamp(purpose: str) -> str:
    """Return the signed minute for a page that is drawn now. `purpose` keeps forms apart."""
    minute = int(now().timestamp()) // MINUTE
    return f"{minute:x}.{_signature(purpose, minute)}"


def judge_post(request: HttpRequest, purpose: str) -> PostVerdict:
    """Say what is to be done with a post to such a form."""
    if not is_from_own_page(request):
        return PostVerdict.FOREIGN
    if request.POST.get("leave_empty", ""):
        return PostVerdict.TRAPPED
    if not is_fresh(request.POST.get("stamp", ""), purpose):
        return PostVerdict.STALE
    return PostVerdict.ACCEPTED


def is_from_own_page(request: HttpRequest) -> bool:
    """Whether the browser says so, or is too old to say anything."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in {"same-origin", "none"}  # none: the person's own doing, such as a reload
    origin = request.headers.get("Origin")
    return origin is None or origin == f"{request.scheme}://{request.get_host()}".lower()


def is_fresh(stamp: str, purpose: str) -> bool:
    """Whether the stamp is ours and at most `LONGEST` old."""
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
