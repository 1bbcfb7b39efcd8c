"""Give links to outlets, end them, mail them; agree to the embargo; note what was taken."""

import datetime
from collections.abc import Collection, Iterable
from typing import Final
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _, override

from coalition.accounts.models import Language, Organisation
from coalition.accounts.naming import PUBLIC, display_name_for
from coalition.audit import log
from coalition.campaigns.core.days import site_today
from coalition.campaigns.core.records import record_action
from coalition.campaigns.media_package.actions.packages import lock_package
from coalition.campaigns.media_package.models import MediaPackage, PackageLink, Rendition, TakenFile
from coalition.campaigns.media_package.outlets.access import is_open, open_link, opened_links
from coalition.campaigns.media_package.outlets.queries import contacts_named, media_partners, open_links
from coalition.campaigns.media_package.permissions import may_serve_outlets
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import (
    daily_key_endings,
    derive_token,
    fingerprint,
    hash_token,
    queue_few_a_day,
)
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.mail import outbox
from coalition.mail.models import OutboxMail
from coalition.mail.outbox import absolute_url
from coalition.workspaces.permissions import Access
from documents.contacts.actions import single_line
from documents.drafts.permissions import require_that
from events.press.coverage.models import CoverageLink
from events.press.queries import is_unsubscribed, unsubscribed_addresses

PURPOSE: Final = "campaigns.media_package"  # of the tokens
LIFETIME: Final = datetime.timedelta(days=180)
MOST_OPEN: Final = 500  # open links of a package
MAIL_CATEGORY: Final = "media-package-link"
ONLY_PRESS: Final = _("Press officers and coordinators give links to outlets.")
LINK_ENDED: Final = _("This link has ended. Ask who gave it to you for another one.")
PAGE_CLOSED: Final = _("Open the page of the package first: until then the link shows nothing.")
TEMPLATE: Final = "campaigns/media_package_link"
_HAS_ONE: Final = _("Everybody chosen has a link already. End it first, or copy it from the list.")


def give_to_contacts(
    *, access: Access, package: MediaPackage, contacts: Collection[UUID]
) -> list[PackageLink]:
    """Give a link to each of these press contacts who has none that is open. Contacts may be in another
    database, so outlet, address and language are copied.

    Raises NotAllowed; Refused if nobody is new, or a package has too many links.
    """
    with transaction.atomic():
        locked = _lock(access, package)
        rows = open_links(locked.links.filter(contact__in=contacts)).values_list("contact", flat=True)
        known = set(rows)
        made = [
            _new_link(
                access,
                locked,
                contact=one.uuid,
                outlet=one.outlet.name,
                address=one.address,
                language=one.language,
            )
            for one in contacts_named(access, contacts)
            if one.uuid not in known
        ]
        if not made:
            raise Refused(_HAS_ONE)
        _refuse_too_many(locked)
    return made


def give_link(
    *,
    access: Access,
    package: MediaPackage,
    language: Language,
    outlet: str = "",
    address: str = "",
    organisation: Organisation | None = None,
) -> PackageLink:
    """Give a link to an outlet with this name, or to a media partner that takes part in the workspace, whose
    people find the package at their desk too.

    Raises NotAllowed; Refused without a name, or if the partner has a link already.
    """
    with transaction.atomic():
        locked = _lock(access, package)
        if organisation is not None:
            if not media_partners(locked.workspace).filter(pk=organisation.pk).exists():
                raise Refused(_("This organisation is no media partner here. Choose another one."))
            if open_links(locked.links.filter(organisation=organisation)).exists():
                raise Refused(_HAS_ONE)
            outlet = ""  # it is called as its organisation is
        elif not single_line(outlet):
            raise Refused(_("Say which outlet gets the link."))
        made = _new_link(
            access,
            locked,
            organisation=organisation,
            outlet=single_line(outlet)[:120],
            address=address.strip(),
            language=language,
        )
        _refuse_too_many(locked)
    return made


def renew_link(*, access: Access, link: PackageLink) -> PackageLink:
    """Give another link to the outlet of one that has ended. Raises NotAllowed; Refused if its name is
    erased."""
    with transaction.atomic():
        locked = _lock(access, link.package)
        old = PackageLink.objects.select_related("organisation").get(pk=link.pk)
        if not old.outlet and old.organisation is None:
            raise Refused(_("The name of this outlet is erased. Give it a link anew."))
        if open_links(PackageLink.objects.filter(pk=old.pk)).exists():
            raise Refused(_("This link is still open."))
        made = _new_link(
            access,
            locked,
            contact=old.contact,
            organisation=old.organisation,
            outlet=old.outlet,
            address=old.address,
            language=old.language,
        )
        _refuse_too_many(locked)
    return made


def end_link(*, access: Access, link: PackageLink) -> PackageLink:
    """End a link: it opens nothing any more. What the outlet took stays noted. Raises NotAllowed."""
    with transaction.atomic():
        _lock(access, link.package)
        row = PackageLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
        if row.ended_at is None:
            close_link(row)
            _record(access, row, "media_package.link_ended", package=link.package)
    return row


def close_link(link: PackageLink) -> None:
    """End the link, and that by which its airings come in, in the caller's transaction."""
    if link.ended_at is None:
        link.ended_at = now()
        link.save(update_fields=["ended_at"])
        if link.coverage_link_id is not None:
            own = CoverageLink.objects.filter(pk=link.coverage_link_id, ended_at=None)
            own.update(ended_at=link.ended_at)


def mail_link(*, access: Access, link: PackageLink) -> None:
    """Mail the link to the outlet, in its language. Raises NotAllowed; Refused without an address, for one
    that ended press mail, for a link that has ended, and while the page of the package is closed."""
    with transaction.atomic():
        package = _lock(access, link.package)
        row = PackageLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
        row.package = package
        if not row.address:
            raise Refused(_("There is no address. Copy the link, and send it yourself."))
        if is_unsubscribed(row.address):
            raise Refused(
                _("This address gets no mail to the press any more. Copy the link, and ask them first.")
            )
        if not is_open(row):
            raise Refused(PAGE_CLOSED if package.published_at is None else LINK_ENDED)
        queue_few_a_day(lambda ending: _queue(row, ending))
        _record(access, row, "media_package.link_sent", package=package)


def mail_new_links(*, access: Access, package: MediaPackage, links: Collection[PackageLink]) -> int:
    """Mail links that were given just now to those who have an address and get mail to the press. Returns to
    how many; as many queries for many as for one. Raises NotAllowed; Refused while the page is closed."""
    with transaction.atomic():
        locked = _lock(access, package)
        if locked.published_at is None:
            raise Refused(PAGE_CLOSED)
        stopped = unsubscribed_addresses(fingerprint(one.address) for one in links if one.address)
        written = [one for one in links if one.address and fingerprint(one.address) not in stopped]
        opened = opened_links(written)
        outbox.queue_mails(
            outbox.new_mail(
                key=f"{MAIL_CATEGORY}:{one.uuid}:{daily_key_endings()[0]}",
                template=TEMPLATE,
                language=one.language,
                address=one.address,
                only_while=(),
                context=_mail_context(one, opened[one.pk].embargo_until),
            )
            for one in written
        )
        for one in written:
            _record(access, one, "media_package.link_sent", package=locked)
    return len(written)


def may_send_mail(key: str) -> bool:
    """Whether a mail of this key in the outbox may still go: the link is open, and the address gets press
    mail."""
    rows = PackageLink.objects.select_related("package").filter(uuid=key.split(":")[1])
    link = rows.first()
    return link is not None and is_open(link) and bool(link.address) and not is_unsubscribed(link.address)


def ignore_end(_key: str, _state: OutboxMail.State, _error: str) -> None:
    """Nothing is stored of what became of a mail."""


MAILS: Final = outbox.MailCategory(may_go=may_send_mail, ended=ignore_end)


def embargo_code(until: datetime.datetime | None) -> str:
    """Return the end of an embargo as the form of an outlet sends it back: the moment that was read."""
    return until.isoformat() if until is not None else ""


def agree_to_embargo(*, link: PackageLink, until: str) -> PackageLink:
    """Record that the outlet agreed to the embargo with this end (`embargo_code`). A second press changes
    nothing. Raises Refused for a link that opens nothing, and if the embargo ends at another moment now."""
    with transaction.atomic():
        row = lock_link(link)
        opened = open_link(row)
        if opened.must_agree:
            if until != embargo_code(opened.embargo_until):
                raise Refused(_("The embargo was changed meanwhile. Read until when it is, and agree again."))
            row.agreed_at, row.agreed_until = now(), opened.embargo_until
            row.save(update_fields=["agreed_at", "agreed_until"])
            log.record_audit(
                "media_package.embargo_agreed",
                actor=None,
                target_kind="media_package_link",
                target=row.uuid,
                workspace=row.package.workspace.uuid,
                package=str(row.package.uuid),
            )
    return row


def note_taken(link: PackageLink, renditions: Iterable[Rendition]) -> None:
    """Note that the outlet took these files, each once, on the day of the first time."""
    today = site_today()
    rows = [TakenFile(link=link, rendition=one, day=today) for one in renditions]
    TakenFile.objects.bulk_create(rows, ignore_conflicts=True)


def lock_link(link: PackageLink) -> PackageLink:
    """Reload the link and lock it. Raises Refused if it opens nothing any more."""
    rows = PackageLink.objects.select_for_update(of=("self",))
    row = rows.select_related("package__workspace", "package__organisation", "organisation").get(pk=link.pk)
    if not is_open(row):
        raise Refused(LINK_ENDED)
    return row


def token_of(link: PackageLink) -> str:
    return derive_token(PURPOSE, link.uuid, known_hash=link.token_hash)


def link_path(link: PackageLink) -> str:
    """Return the path of the link's page."""
    return reverse("media_package_link", args=[token_of(link)])


def _new_link(access: Access, package: MediaPackage, **fields: object) -> PackageLink:
    link = PackageLink(
        package=package, made_by=access.user, made_at=now(), ends_at=now() + LIFETIME, **fields
    )
    link.token_hash = hash_token(token_of(link))
    link.save()
    _record(access, link, "media_package.link_given", package=package)
    return link


def _lock(access: Access, package: MediaPackage) -> MediaPackage:
    locked = lock_package(access, package)
    require_that(may_serve_outlets(access), ONLY_PRESS)
    return locked


def _refuse_too_many(package: MediaPackage) -> None:
    if open_links(package.links.all()).count() > MOST_OPEN:
        raise Refused(_("There are %(most)d open links already: end some of them first."), most=MOST_OPEN)


def _queue(link: PackageLink, ending: str) -> bool:
    return outbox.queue_mail(
        key=f"{MAIL_CATEGORY}:{link.uuid}:{ending}",
        template=TEMPLATE,
        language=link.language,
        address=link.address,
        context=_mail_context(link, open_link(link).embargo_until),
    )


def _mail_context(link: PackageLink, until: datetime.datetime | None) -> dict[str, str]:
    """Return what the mail says: during an embargo not even the title of the package."""
    package, language = link.package, link.language
    with override(language):
        return {
            "organisation": display_name_for(PUBLIC, package.organisation, language=language),
            "title": "" if until is not None else package.title.in_language(language),
            "embargo": moment_with_time_zone(until) if until is not None else "",
            "button_url": absolute_url(link_path(link)),
        }


def _record(access: Access, link: PackageLink, action: str, *, package: MediaPackage) -> None:
    record_action(
        access,
        action,
        target=link.uuid,
        workspace=access.workspace,
        target_kind="media_package_link",
        package=str(package.uuid),
    )
