"""The calendar of somebody of an outlet, to subscribe to."""

import datetime

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from documents.drafts.enums import PublicationState
from documents.publication.embargo.actions.access import note_use
from documents.publication.embargo.queries import embargo_feed_of_token, embargoes_told
from events.feeds.embargo_entries import entry_of
from events.feeds.views.public import calendar_answer
from events.ical.calendar import REFRESH, Heading, calendar

CACHING = "no-store, private"  # titles under embargo lie on no disk but the program's own
A_MINUTE = datetime.timedelta(minutes=1)


@require_safe
def press(request: HttpRequest, token: str) -> HttpResponse:
    """The embargoes that one person agreed to. What is no address (any longer) is like one that never was.

    While something is under embargo programs are asked to come every minute: an early lift is told as soon.
    """
    found = embargo_feed_of_token(token)
    if found is None:
        raise Http404
    feed, contact = found
    accesses = list(embargoes_told(contact))
    waits = any(one.publication.state == PublicationState.SCHEDULED for one in accesses)
    with override(contact.language):
        heading = Heading(
            name=_("%(site)s: embargoes") % {"site": settings.SITE_NAME},
            language=contact.language,
            refresh=A_MINUTE if waits else REFRESH,
        )
        body = calendar([entry_of(one, contact.language) for one in accesses], heading)
    note_use(feed)
    return calendar_answer(request, body, contact.language, CACHING)
