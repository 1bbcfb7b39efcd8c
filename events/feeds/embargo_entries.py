"""What the calendar of somebody of an outlet tells of an embargo: its moment, and what became of the text.

Of the text nothing but its title, which they were told when they agreed; none any more once it is put off or
withdrawn. What is told hangs on the state of the publication, never on a clock here.
"""

import datetime
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from documents.drafts.enums import PublicationState
from documents.models import EmbargoAccess, Publication
from documents.publication.queries import sheet_address
from events.core.enums import EventKind, EventState
from events.core.facts import Facts, Times


def entry_of(embargo: EmbargoAccess, language: str) -> Facts:
    """One entry: a moment, as deadlines are. Without further queries for rows of `embargoes_told`."""
    publication = embargo.publication
    is_out = publication.published_at is not None
    with override(language):
        title, text = _words(publication)
        agreed = embargo.agreed_at or embargo.asked_at
        # Put off, it has no moment; programs still want one to cancel.
        moment = _local(publication.published_at or publication.scheduled_at or agreed)
        return Facts(
            uid=f"{embargo.uuid}@{urlsplit(settings.SITE_URL).hostname}",
            kind=EventKind.DEADLINE,
            state=_state(publication),
            language=language,
            title=title,
            text=text,
            times=Times(settings.TIME_ZONE, moment, moment),
            changed_at=max(agreed, publication.calendar_changed_at or agreed),
            created_at=agreed,
            sequence=publication.calendar_sequence,
            url=urljoin(settings.SITE_URL, sheet_address(publication, language)) if is_out else "",
            private=True,
        )


def _state(publication: Publication) -> EventState:
    put_off = publication.state == PublicationState.PLANNED
    return EventState.CANCELLED if put_off else EventState.ANNOUNCED


def _words(publication: Publication) -> tuple[str, str]:
    """Title and text of the entry, in the language that is active."""
    if publication.state == PublicationState.PLANNED:
        return _("A text under embargo"), _(
            "It is put off. Please publish nothing of it. You hear from us when there is another moment."
        )
    if publication.state == PublicationState.WITHDRAWN:
        return _("A text that you had under embargo was withdrawn"), _(
            "Why it was withdrawn stands on its approval sheet."
        )
    named = {"title": publication.title}
    if publication.state == PublicationState.SCHEDULED:
        return _("Embargo ends: %(title)s") % named, _(
            "Publish nothing of it before this moment. The text opens by the link in your mail."
            " If the embargo is lifted earlier, you are told by mail, and this entry moves."
        )
    if getattr(publication, "replaced_by", None) is not None:
        return _("Corrected since: %(title)s") % named, _("What was corrected stands on the approval sheet.")
    return _("Free to publish: %(title)s") % named, _(
        "The text is public, in all its languages: the embargo is over."
    )


def _local(moment: datetime.datetime) -> datetime.datetime:
    """The moment on the clock of the site's time zone, without a zone and parts of seconds."""
    return timezone.localtime(moment).replace(microsecond=0, tzinfo=None)
