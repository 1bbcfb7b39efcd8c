"""Guest links that end before their date: taken back, or because the draft is for fewer people now."""

from django.db import transaction

from coalition.core.clock import now
from coalition.mail import outbox
from coalition.workspaces.rules import Access
from documents.drafts import audit
from documents.drafts.enums import GuestEnd
from documents.drafts.models.draft import Draft
from documents.drafts.permissions import may_see_guests, require_that
from documents.guests.models import GuestLink
from documents.guests.queries import links_that_count


def mail_key(link: GuestLink) -> str:
    """What the keys of all mails about a link begin with."""
    return f"guest-link:{link.uuid}:"


def revoke_guest_link(*, access: Access, link: GuestLink) -> GuestLink:
    """Take a link back: it opens nothing from this moment, and cannot be given again. Twice is one.

    Raises NotAllowed unless the person edits or coordinates here; also in an archived draft or workspace.
    """
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=link.draft_id)
        require_that(may_see_guests(access, draft))
        locked = GuestLink.objects.select_for_update().get(pk=link.pk)
        if locked.ended_at is None:
            _end(locked, draft, access, GuestEnd.REVOKED)
    return locked


def end_what_counts_no_more(*, draft: Draft, by: Access) -> None:
    """After a change of mark or readers, in its transaction: what this draft admits no more ends for good,
    also if the mark is widened again."""
    open_links = GuestLink.objects.select_for_update().filter(
        draft=draft, ended_at=None, expires_at__gt=now()
    )
    counting = set(links_that_count().filter(draft=draft).values_list("pk", flat=True))
    for link in open_links:
        if link.pk not in counting:
            _end(link, draft, by, GuestEnd.MARK)


def _end(link: GuestLink, draft: Draft, by: Access, why: GuestEnd) -> None:
    link.ended_at, link.ended_why, link.ended_by = now(), why, by.user
    link.save(update_fields=["ended_at", "ended_why", "ended_by"])
    outbox.take_back(about=mail_key(link))
    audit.record(thing=draft, access=by, action="guest.ended", guest=str(link.uuid), why=why.value)
