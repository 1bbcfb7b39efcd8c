"""Guest links that end before their date: taken back, or because the draft is for fewer people now."""

import datetime
import secrets

from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.tokens import hash_token
from coalition.mail import outbox
from coalition.mail.links import absolute_url
from coalition.workspaces.permissions import Access
from documents.drafts import audit
from documents.drafts.enums import GuestAct, GuestEnd, GuestPurpose, Handling
from documents.drafts.models import Draft, DraftText, Version
from documents.drafts.permissions import GUESTS, may_see_guests, require_that
from documents.drafts.token_links import Guest, NoSuchLink, TooOften
from documents.guests.models import GuestLink, GuestUse
from documents.guests.permissions import may_invite_guests
from documents.guests.queries import link_of_token, links_that_count


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


def end_what_counts_no_more(draft: Draft, by: Access) -> None:
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
    outbox.delete_waiting_mail(about=mail_key(link))
    audit.record(thing=draft, access=by, action="guest.ended", guest=str(link.uuid), why=why.value)


# --- links ---
# Making and renewing guest links: one named person without a seat reads a draft until a date.


USUAL_DAYS = 14
MOST_DAYS = 60
MOST_OPEN = 40  # links of one draft


def make_guest_link(
    *,
    access: Access,
    draft: Draft,
    guest: Guest,
    purpose: GuestPurpose,
    text: DraftText | None = None,
    version: Version | None = None,
    days: int = USUAL_DAYS,
    reason: str = "",
) -> tuple[GuestLink, str]:
    """Make a link and mail it; returns it with its token, which is told this once.

    `text` or `version` limit it to one language or one version. Raises NotAllowed without the right; Refused
    in words if the handling mark is narrower than any guest, asks for a coordinator or a reason, if the time
    is too long, or if the version or text belongs to another draft.
    """
    with transaction.atomic():
        locked = Draft.objects.select_for_update().select_related("workspace").get(pk=draft.pk)
        check_mark(access, locked, reason)
        require_that(may_invite_guests(access, locked))
        _check_days(days)
        if (text is not None and text.draft_id != locked.pk) or (
            version is not None and version.text.draft_id != locked.pk
        ):
            raise Refused(_("This text belongs to another draft."))
        if version is not None and purpose == GuestPurpose.WORD:
            raise Refused(_("A version does not change any more. Choose a text as it stands to be edited."))
        if GuestLink.objects.filter(draft=locked, ended_at=None, expires_at__gt=now()).count() >= MOST_OPEN:
            raise Refused(_("So many people read this by link already. Take links back that are not used."))
        token = secrets.token_urlsafe(32)
        link = GuestLink(draft=locked, text=text, version=version, purpose=purpose, reason=reason.strip())
        link.name, link.email, link.language = guest.name.strip(), guest.email.strip(), guest.language
        _hang_on(link, access, token, days)
        _keep(access, link, "guest.made")
        audit.tell(thing=locked, access=access, kind="guest_link_made")
    return link, token


def renew_guest_link(*, access: Access, link: GuestLink, days: int = USUAL_DAYS) -> tuple[GuestLink, str]:
    """Send the same person another link until another date; the one before opens nothing from now on.

    Whoever renews answers for it from now on. Raises as `make_guest_link`, and Refused for one that ended.
    """
    with transaction.atomic():
        draft = Draft.objects.select_for_update().select_related("workspace").get(pk=link.draft_id)
        locked = GuestLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
        check_mark(access, draft, locked.reason)
        require_that(may_invite_guests(access, draft))
        _check_days(days)
        if locked.ended_at is not None:
            raise Refused(_("This link has ended for good. Make another one."))
        token = secrets.token_urlsafe(32)
        _hang_on(locked, access, token, days)
        _keep(access, locked, "guest.renewed")
    return locked, token


def check_mark(access: Access, draft: Draft, reason: str) -> None:
    """Raise Refused with the words why the draft's mark allows the person no guest link."""
    mark = Handling(draft.handling)
    asked = GUESTS[mark]
    if not may_see_guests(access, draft):
        return  # nothing is told to those who could not make a link under any mark
    if asked is None:
        raise Refused(
            _("The handling mark is “%(mark)s”: a guest is somebody else, so no link can be made."),
            mark=mark.label,
        )
    if not access.may(asked.right):
        raise Refused(
            _("The handling mark is “%(mark)s”: only a coordinator can let somebody from outside read it."),
            mark=mark.label,
        )
    if asked.reason and not reason.strip():
        raise Refused(
            _("The handling mark is “%(mark)s”: write down why this person has to read the text."),
            mark=mark.label,
        )


def _check_days(days: int) -> None:
    if not 1 <= days <= MOST_DAYS:
        raise Refused(_("A guest link holds for at most %(days)s days."), days=MOST_DAYS)


def _hang_on(link: GuestLink, access: Access, token: str, days: int) -> None:
    """Give the link its token and date, and hang it on the seat of whoever answers for it."""
    moment = now()
    link.token_hash = hash_token(token)
    link.seat, link.made_by, link.organisation = access.seat, access.user, access.organisation
    link.made_at, link.expires_at = moment, moment + datetime.timedelta(days=days)
    link.save()
    with override(link.language):
        until = date_format(localtime(link.expires_at), "DATETIME_FORMAT")
    outbox.delete_waiting_mail(about=mail_key(link))  # the link in it would open nothing
    outbox.queue_mail(
        key=f"{mail_key(link)}{link.token_hash[:16]}",
        template="documents/guest_link",
        language=link.language,
        address=link.email,
        context={
            "name": link.name,
            "until": until,
            "button_url": absolute_url(reverse("guest", args=[token])),
        },
    )


def _keep(access: Access, link: GuestLink, action: str) -> None:
    audit.record(
        thing=link.draft,
        access=access,
        action=action,
        guest=str(link.uuid),
        purpose=link.purpose,
        until=link.expires_at.isoformat(),
        handling=link.draft.handling,
        reason_written=bool(link.reason),
    )


# --- use ---
# Using a guest link: every use is asked for anew and written down.


HOUR = datetime.timedelta(hours=1)
# What a person does in an hour is far below; what a program does is above.
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
# Following and reading stand in the list of uses alone; of a comment its own domain writes the entry.
_AUDITED = frozenset({GuestAct.OPENED, GuestAct.DOWNLOADED, GuestAct.SENT_BACK})


def use_guest_link(*, token: str, act: GuestAct, language: str = "") -> GuestLink:
    """Look whether the link counts now, and write down what is done with it.

    In the caller's transaction if it has one, so that what is refused afterwards was not used. Raises
    NoSuchLink and TooOften.
    """
    with transaction.atomic():
        found = link_of_token(token)
        if found is None:
            raise NoSuchLink
        GuestLink.objects.select_for_update().get(pk=found.pk)  # uses are counted one after another
        if not links_that_count().filter(pk=found.pk, token_hash=found.token_hash).exists():
            raise NoSuchLink  # taken back while we waited
        moment = now()
        if found.uses.filter(act=act, at__gt=moment - HOUR).count() >= MOST_AN_HOUR[act]:
            raise TooOften
        GuestUse.objects.create(link=found, act=act, language=language, at=moment)
        if act in _AUDITED:
            _record(found, act, language)
    return found


def go_on_reading(*, link: GuestLink, token: str, language: str) -> None:
    """A picture of the words is fetched: it is part of what was read within the hour, or else a reading of
    its own. So a page of many pictures is one use, and none is fetched without one. Raises as using does."""
    looked = link.uses.filter(act__in=(GuestAct.READ, GuestAct.COMPARED), language=language)
    if not looked.filter(at__gt=now() - HOUR).exists():
        use_guest_link(token=token, act=GuestAct.READ, language=language)


def _record(link: GuestLink, act: GuestAct, language: str) -> None:
    log.record_audit(
        f"guest.{act.value}",
        actor=None,
        target_kind="draft",
        target=link.draft.uuid,
        workspace=link.draft.workspace.uuid,
        guest=str(link.uuid),
        language=language,
    )
