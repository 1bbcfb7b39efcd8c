"""Guest links: create, renew, use, revoke, and end when the draft's readers are restricted."""

import datetime
import secrets

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import hash_token
from coalition.mail import outbox
from coalition.workspaces.permissions import Access
from documents.drafts import audit as drafts_audit
from documents.drafts.access import GuestData, GuestLinkOverused, NoSuchLink, mail_token_link
from documents.drafts.models import Draft, DraftText, GuestAct, GuestEnd, GuestPurpose, Handling, Version
from documents.drafts.permissions import GUEST_LINK_REQUIREMENTS, may_see_guests, require_that
from documents.guests.models import GuestLink, GuestUse
from documents.guests.permissions import may_invite_guests
from documents.guests.queries import link_of_token, links_that_count


def guest_link_mail_key(link: GuestLink) -> str:
    """Return the prefix of the keys of all mails about a link."""
    return f"guest-link:{link.uuid}:"


def revoke_guest_link(*, access: Access, link: GuestLink) -> GuestLink:
    """Revoke a link: it is invalid at once and cannot be reactivated. Idempotent.

    Raises NotAllowed unless the person edits or coordinates here; also in an archived draft or workspace.
    """
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=link.draft_id)
        require_that(may_see_guests(access, draft))
        locked = GuestLink.objects.select_for_update().get(pk=link.pk)
        if locked.ended_at is None:
            _end_link(locked, draft, access, GuestEnd.REVOKED)
    return locked


def end_invalid_guest_links(draft: Draft, by: Access) -> None:
    """End permanently, in the transaction of a changed mark or readers, the access that this draft
    no longer admits, even if the mark is widened again."""
    open_links = GuestLink.objects.select_for_update().filter(
        draft=draft, ended_at=None, expires_at__gt=now()
    )
    counting = set(links_that_count().filter(draft=draft).values_list("pk", flat=True))
    for link in open_links:
        if link.pk not in counting:
            _end_link(link, draft, by, GuestEnd.MARK)


def _end_link(link: GuestLink, draft: Draft, by: Access, why: GuestEnd) -> None:
    link.ended_at, link.ended_why, link.ended_by = now(), why, by.user
    link.save(update_fields=["ended_at", "ended_why", "ended_by"])
    outbox.delete_waiting_mail(about=guest_link_mail_key(link))
    drafts_audit.record_document_audit(
        thing=draft, access=by, action="guest.ended", guest=str(link.uuid), why=why.value
    )


DEFAULT_LIFETIME_DAYS = 14
MAX_LIFETIME_DAYS = 60
MAX_OPEN_GUEST_LINKS = 40  # links of one draft


def make_guest_link(
    *,
    access: Access,
    draft: Draft,
    guest: GuestData,
    purpose: GuestPurpose,
    text: DraftText | None = None,
    version: Version | None = None,
    days: int = DEFAULT_LIFETIME_DAYS,
    reason: str = "",
) -> tuple[GuestLink, str]:
    """Create a link and mail it; return it with its token, which is available only now.

    `text` or `version` limit it to one language or one version. Raises NotAllowed without the
    right; Refused with the reason if the handling mark excludes every guest, requires a coordinator
    or a reason, if the time is too long, or if the version or text belongs to another draft.
    """
    with transaction.atomic():
        locked = _lock_draft(access, draft.pk, reason, days)
        if (text is not None and text.draft_id != locked.pk) or (
            version is not None and version.text.draft_id != locked.pk
        ):
            raise Refused(_("This text belongs to another draft."))
        if version is not None and purpose == GuestPurpose.WORD:
            raise Refused(_("A version does not change any more. Choose a text as it stands to be edited."))
        open_links = GuestLink.objects.filter(draft=locked, ended_at=None, expires_at__gt=now())
        if open_links.count() >= MAX_OPEN_GUEST_LINKS:
            raise Refused(_("So many people read this by link already. Take links back that are not used."))
        link = GuestLink(draft=locked, text=text, version=version, purpose=purpose, reason=reason.strip())
        link.name, link.email, link.language = guest.name.strip(), guest.email.strip(), guest.language
        token = _send_token(link, access, days, "guest.made")
        drafts_audit.record_document_activity(thing=locked, access=access, kind="guest_link_made")
    return link, token


def renew_guest_link(
    *, access: Access, link: GuestLink, days: int = DEFAULT_LIFETIME_DAYS
) -> tuple[GuestLink, str]:
    """Send the same person another link until another date; the previous one becomes invalid.

    The person who renews it becomes responsible for it. Raises as `make_guest_link`, and Refused
    for an ended link.
    """
    with transaction.atomic():
        _lock_draft(access, link.draft_id, link.reason, days)
        locked = GuestLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
        if locked.ended_at is not None:
            raise Refused(_("This link has ended for good. Make another one."))
        token = _send_token(locked, access, days, "guest.renewed")
    return locked, token


def _lock_draft(access: Access, draft: int, reason: str, days: int) -> Draft:
    """Return the draft, locked, if the person may make a link to it for so many days."""
    locked = Draft.objects.select_for_update().select_related("workspace").get(pk=draft)
    check_handling_allows_guests(access, locked, reason)
    require_that(may_invite_guests(access, locked))
    if not 1 <= days <= MAX_LIFETIME_DAYS:
        raise Refused(_("A guest link holds for at most %(days)s days."), days=MAX_LIFETIME_DAYS)
    return locked


def check_handling_allows_guests(access: Access, draft: Draft, reason: str) -> None:
    """Raise Refused with the reason if the draft's mark does not allow the person a guest link."""
    mark = Handling(draft.handling)
    required = GUEST_LINK_REQUIREMENTS[mark]
    if not may_see_guests(access, draft):
        return  # no reason for people who could not create a link under any mark
    if required is None:
        raise Refused(
            _("The handling mark is “%(mark)s”: a guest is somebody else, so no link can be made."),
            mark=mark.label,
        )
    if not access.may(required.right):
        raise Refused(
            _("The handling mark is “%(mark)s”: only a coordinator can let somebody from outside read it."),
            mark=mark.label,
        )
    if required.reason and not reason.strip():
        raise Refused(
            _("The handling mark is “%(mark)s”: write down why this person has to read the text."),
            mark=mark.label,
        )


def _send_token(link: GuestLink, access: Access, days: int, action: str) -> str:
    """Give the link a token and a date, attach it to the responsible person's seat, mail and audit it."""
    token, moment = secrets.token_urlsafe(32), now()
    link.token_hash = hash_token(token)
    link.seat, link.made_by, link.organisation = access.seat, access.user, access.organisation
    link.made_at, link.expires_at = moment, moment + datetime.timedelta(days=days)
    link.save()
    key = guest_link_mail_key(link)
    outbox.delete_waiting_mail(about=key)  # the link in it would be invalid
    mail_token_link(link, token, key=key, template="documents/guest_link", page="guest")
    drafts_audit.record_document_audit(
        thing=link.draft,
        access=access,
        action=action,
        guest=str(link.uuid),
        purpose=link.purpose,
        until=link.expires_at.isoformat(),
        handling=link.draft.handling,
        reason_written=bool(link.reason),
    )
    return token


HOUR = datetime.timedelta(hours=1)
# Far above a person's use within an hour, below a program's.
MOST_AN_HOUR = {
    GuestAct.FOLLOWED: 60,
    GuestAct.OPENED: 30,
    GuestAct.READ: 120,
    GuestAct.COMPARED: 60,
    GuestAct.COMMENTED: 30,
    GuestAct.CLEARED: 20,
    GuestAct.DOWNLOADED: 20,
    GuestAct.SENT_BACK: 10,
}
# Following and reading are only in the list of uses; the action of a comment writes its own
# audit entry.
_AUDITED = frozenset({GuestAct.OPENED, GuestAct.DOWNLOADED, GuestAct.SENT_BACK})


def use_guest_link(*, token: str, act: GuestAct, language: str = "") -> GuestLink:
    """Check that the link is valid now, and record the use.

    Joins the caller's transaction, if any, so that a later refusal also undoes the use. Raises
    NoSuchLink and GuestLinkOverused.
    """
    with transaction.atomic():
        found = link_of_token(token)
        if found is None:
            raise NoSuchLink
        GuestLink.objects.select_for_update().get(pk=found.pk)  # uses are counted one after another
        if not links_that_count().filter(pk=found.pk, token_hash=found.token_hash).exists():
            raise NoSuchLink  # revoked while we waited
        moment = now()
        if found.uses.filter(act=act, at__gt=moment - HOUR).count() >= MOST_AN_HOUR[act]:
            raise GuestLinkOverused
        GuestUse.objects.create(link=found, act=act, language=language, at=moment)
        if act in _AUDITED:
            log.record_audit(
                f"guest.{act.value}",
                actor=None,
                target_kind="draft",
                target=found.draft.uuid,
                workspace=found.draft.workspace.uuid,
                guest=str(found.uuid),
                language=language,
            )
    return found


def record_picture_read(*, link: GuestLink, token: str, language: str) -> None:
    """Record the request of a picture: part of a reading within the hour, or else a new reading. So a page of
    many pictures is one use, and none is served without one. Raises as `use_guest_link`."""
    looked = link.uses.filter(act__in=(GuestAct.READ, GuestAct.COMPARED), language=language)
    if not looked.filter(at__gt=now() - HOUR).exists():
        use_guest_link(token=token, act=GuestAct.READ, language=language)
