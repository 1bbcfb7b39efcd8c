"""Calendar entries of an embargo for a person of an outlet: its moment and the text's status.

They contain only the text's title, which the person saw when agreeing; none once it is postponed
or withdrawn. The content depends on the state of the publication, never on a clock here.
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
from events.core.facts import EventFacts, EventTimes


def embargo_entry_for(embargo: EmbargoAccess, language: str) -> EventFacts:
    """Return one entry: a moment, as deadlines are. No further queries for rows of
    `embargoes_told`."""
    publication = embargo.publication
    is_out = publication.published_at is not None
    with override(language):
        title, text = _entry_texts(publication)
        agreed = embargo.agreed_at or embargo.asked_at
        # Postponed, it has no moment; programs need one to cancel.
        moment = _local(publication.published_at or publication.scheduled_at or agreed)
        return EventFacts(
            uid=f"{embargo.uuid}@{urlsplit(settings.SITE_URL).hostname}",
            kind=EventKind.DEADLINE,
            state=_state(publication),
            language=language,
            title=title,
            text=text,
            times=EventTimes(settings.TIME_ZONE, moment, moment),
            changed_at=max(agreed, publication.calendar_changed_at or agreed),
            created_at=agreed,
            sequence=publication.calendar_sequence,
            url=urljoin(settings.SITE_URL, sheet_address(publication, language)) if is_out else "",
            private=True,
        )


def _state(publication: Publication) -> EventState:
    put_off = publication.state == PublicationState.PLANNED
    return EventState.CANCELLED if put_off else EventState.ANNOUNCED


def _entry_texts(publication: Publication) -> tuple[str, str]:
    """Return title and text of the entry, in the active language."""
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
    """Convert the moment to the site's time zone, naive and without fractions of seconds."""
    return timezone.localtime(moment).replace(microsecond=0, tzinfo=None)
