"""Notices and their recipients; addresses for corrections: the only place where these lists come from."""

import datetime
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from coalition.accounts.models import OfficeKind, User
from coalition.accounts.queries import active_offices
from coalition.campaigns.media_package.enums import AddressState, AnswerWay, NoticeKind
from coalition.campaigns.media_package.models import (
    CorrectionAddress,
    ItemNotice,
    MediaItem,
    NoticeAnswer,
    NoticeRecipient,
    PackageLink,
    Rendition,
    TakenFile,
)
from coalition.campaigns.media_package.queries import items_for, newest_recipients, readable_items
from coalition.consent.enums import Place
from coalition.consent.items import Taker
from coalition.core.clock import now
from coalition.core.throttling import hash_token
from coalition.roles import Right
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import own_seats, workspaces_for
from documents.contacts.models import Contact
from events.press.queries import open_contacts

SILENCE: Final = datetime.timedelta(hours=48)  # after it an outlet is called


def notices_for(user: object) -> QuerySet[ItemNotice]:
    """Notices about items that the person sees, newest first, with the number of recipients (`all_count`), of
    those whose answer is awaited (`open_count`), and whether newer notices closed it for all of them
    (`is_closed`)."""
    rows = ItemNotice.objects.filter(item__in=items_for(user).order_by().values("pk"))
    rows = rows.select_related("item__package__workspace", "item__draft", "organisation", "sent_by")
    return rows.annotate(
        all_count=Count("recipients"),
        open_count=Count("recipients", filter=Q(recipients__in=newest_recipients().filter(answer=""))),
        is_closed=~Exists(newest_recipients().filter(notice=OuterRef("pk"))),
    ).order_by("-pk")


def newest_notice(item: MediaItem) -> ItemNotice | None:
    """Return the last notice about the item."""
    return item.notices.order_by("-pk").first()


def told_since(item: MediaItem, moment: datetime.datetime, *kinds: NoticeKind) -> QuerySet[NoticeRecipient]:
    """Recipients of notices of these kinds about the item that were sent since the moment."""
    return NoticeRecipient.objects.filter(
        notice__item=item, notice__kind__in=kinds, notice__sent_at__gte=moment
    )


def recipients_of(notice: ItemNotice) -> QuerySet[NoticeRecipient]:
    """Recipients of a notice with their answers."""
    rows = notice.recipients.select_related("link__organisation", "correction_address").order_by("pk")
    return rows.prefetch_related("answers")


def last_answers(recipient: NoticeRecipient) -> list[NoticeAnswer]:
    """Return the last answer that came by each way, the newest first. No query if they are prefetched."""
    found = {one.way: one for one in sorted(recipient.answers.all(), key=lambda one: one.pk)}
    return sorted(found.values(), key=lambda one: -one.pk)


def answer_by_way(recipient: NoticeRecipient, *ways: AnswerWay) -> NoticeAnswer | None:
    """Return the last answer that came by one of these ways, or None."""
    return next((one for one in last_answers(recipient) if one.way in ways), None)


def recipients_for(user: object) -> QuerySet[NoticeRecipient]:
    """Recipients of `notices_for`."""
    notices = notices_for(user).order_by().values("pk")
    rows = NoticeRecipient.objects.filter(notice__in=notices).prefetch_related("answers")
    return rows.select_related("notice__item__package__workspace", "link__organisation", "correction_address")


def recipient_of_token(token: str) -> NoticeRecipient | None:
    """Return the recipient of the link in a notice, or None."""
    rows = NoticeRecipient.objects.filter(token_hash=hash_token(token)).prefetch_related("answers")
    return rows.select_related("notice__item__package", "link", "correction_address").first()


def newer_recipient(recipient: NoticeRecipient) -> NoticeRecipient | None:
    """Return the same outlet or address as recipient of a newer notice about the item, or None."""
    rows = newest_recipients().filter(notice__item=recipient.notice.item_id, pk__gt=recipient.pk)
    same = {"link": recipient.link_id, "correction_address": recipient.correction_address_id}
    return rows.filter(**same).first()


@dataclass(frozen=True)
class Holders:
    """Who may have files of an item: outlets by their links, and addresses for corrections."""

    links: list[PackageLink]
    addresses: list[CorrectionAddress]


def holders_of(
    item: MediaItem,
    *,
    among: Collection[Rendition] | None = None,
    told: QuerySet[NoticeRecipient] | None = None,
) -> Holders:
    """Return who may have the item, or the files `among` it, each once: an address that is an outlet's own
    is left out. `told`: recipients to leave out."""
    links = list(links_that_took(item, among))
    known = {one.address.casefold() for one in links if one.address}
    addresses = [one for one in addresses_for(item, among) if one.address.casefold() not in known]
    if told is None:
        return Holders(links, addresses)
    rows = list(told.values_list("link", "correction_address"))
    told_links, told_addresses = {link for link, _one in rows}, {one for _link, one in rows}
    return Holders(
        [one for one in links if one.pk not in told_links],
        [one for one in addresses if one.pk not in told_addresses],
    )


def links_that_took(item: MediaItem, among: Collection[Rendition] | None = None) -> QuerySet[PackageLink]:
    """Links by which a file of the item, or one `among` these, was taken, also those that have ended."""
    taken = TakenFile.objects.filter(rendition__item=item)
    if among is not None:
        taken = taken.filter(rendition__in=among)
    return PackageLink.objects.filter(pk__in=taken.values("link")).order_by("pk")


def taken_and_removed(item: MediaItem) -> list[Rendition]:
    """Return files of the item that outlets took, and that were taken out since."""
    taken = TakenFile.objects.filter(rendition=OuterRef("pk"))
    return list(item.renditions.filter(Exists(taken), removed_at__isnull=False).order_by("pk"))


def addresses_for(item: MediaItem, among: Collection[Rendition] | None = None) -> QuerySet[CorrectionAddress]:
    """Confirmed addresses for corrections of the item's package; none while only outlets under embargo can
    have a file of it, or one `among` these."""
    released = Rendition.objects.filter(item=item, released_at__isnull=False)
    if among is not None:
        released = released.filter(pk__in=[one.pk for one in among])
    rows = CorrectionAddress.objects.filter(package=item.package_id, state=AddressState.ACTIVE)
    return rows.filter(Exists(released)).order_by("pk")


def taken_by(recipients: list[NoticeRecipient], item: MediaItem) -> dict[int, list[Rendition]]:
    """Return what the links of these recipients took of the item, by the link's primary key. One query."""
    links = [one.link_id for one in recipients if one.link_id is not None]
    found: dict[int, list[Rendition]] = {}
    rows = TakenFile.objects.filter(link__in=links, rendition__item=item).select_related("rendition")
    for row in rows.order_by("rendition"):
        found.setdefault(row.link_id, []).append(row.rendition)
    return found


def overdue_recipients(workspaces: QuerySet[Workspace]) -> QuerySet[NoticeRecipient]:
    """Outlets of these workspaces that have not answered the newest notice about an item for 48 hours, the
    longest silence first. Addresses for corrections are not called."""
    return (
        newest_recipients()
        .filter(
            notice__item__package__workspace__in=workspaces,
            notice__sent_at__lte=now() - SILENCE,
            answer="",
            link__isnull=False,
        )
        .order_by("notice__sent_at", "pk")
    )


def calls_in(user: object, workspace: Workspace) -> QuerySet[NoticeRecipient]:
    """Outlets to call in a workspace, about items whose text the person may read."""
    rows = _about_readable(user, overdue_recipients(Workspace.objects.filter(pk=workspace.pk)))
    return rows.select_related("notice__item", "link__organisation")


def overdue_for(user: User) -> QuerySet[NoticeRecipient]:
    """Outlets to call in workspaces where the person serves outlets, about items whose text they may read."""
    rows = _about_readable(user, overdue_recipients(serving_workspaces(user)))
    return rows.select_related("notice__item__package__workspace")


def serving_workspaces(user: User) -> QuerySet[Workspace]:
    """Workspaces where the person serves outlets: those where they publish, and those where they are press
    officer of the organisation they have a seat for."""
    offices = active_offices(user).filter(kind=OfficeKind.PRESS_OFFICER).values("organisation")
    seats = own_seats(user).filter(organisation__in=offices).values("workspace")
    drafts = workspaces_for(user, Right.SEE_DRAFTS).values("pk")
    serving = Q(pk__in=workspaces_for(user, Right.PUBLISH).values("pk"))
    serving |= Q(pk__in=seats) & Q(pk__in=drafts)
    return Workspace.objects.filter(serving, archived_at=None)


def _about_readable(user: object, rows: QuerySet[NoticeRecipient]) -> QuerySet[NoticeRecipient]:
    """Those of the recipients whose notice is about an item that the person may read."""
    return rows.filter(notice__item__in=readable_items(user).order_by().values("pk"))


def contacts_by_uuid(access: Access, uuids: set[UUID]) -> dict[UUID, Contact]:
    """Return those of these press contacts that the person may read. One query, none without UUIDs."""
    if not uuids:
        return {}
    return {one.uuid: one for one in open_contacts(access).filter(uuid__in=uuids)}


def takers_among(renditions: QuerySet[Rendition]) -> Iterator[Taker]:
    """Yield the addresses for corrections of packages that gave out one of these files: each may have taken
    it. Without a name."""
    packages = renditions.filter(released_at__isnull=False).values("item__package")
    for row in CorrectionAddress.objects.filter(package__in=packages, state=AddressState.ACTIVE):
        yield Taker("", Place.PACKAGE, row.address, row.language)
