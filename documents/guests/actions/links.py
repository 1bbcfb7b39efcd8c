"""Making and renewing guest links: one named person without a seat reads a draft until a date."""

import datetime
import secrets
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from coalition.accounts.enums import Language
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.tokens import hash_token
from coalition.mail import outbox
from coalition.mail.links import absolute
from coalition.workspaces.rules import Access
from documents.drafts import audit
from documents.drafts.enums import GuestPurpose, Handling
from documents.drafts.mark_rules import GUESTS
from documents.drafts.models.draft import Draft, DraftText, Version
from documents.drafts.permissions import may_invite_guests, may_see_guests, require_that
from documents.guests.actions.end import mail_key
from documents.guests.models import GuestLink

USUAL_DAYS = 14
MOST_DAYS = 60
MOST_OPEN = 40  # links of one draft


@dataclass(frozen=True)
class Guest:
    """Who is asked: a name, where the link is sent, the language of mail and pages."""

    name: str
    email: str
    language: Language


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
    outbox.take_back(about=mail_key(link))  # the link in it would open nothing
    outbox.queue(
        key=f"{mail_key(link)}{link.token_hash[:16]}",
        template="documents/guest_link",
        language=link.language,
        address=link.email,
        context={
            "name": link.name,
            "until": until,
            "button_url": absolute(reverse("guest", args=[token])),
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
