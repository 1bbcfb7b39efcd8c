"""Links of packages, what outlets took, coverage of items: the only place where these lists come from."""

import datetime
from collections.abc import Collection
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from coalition.accounts.models import Organisation, OrganisationKind, User
from coalition.accounts.queries import active_memberships
from coalition.campaigns.media_package.models import (
    ItemCoverage,
    MediaItem,
    MediaPackage,
    PackageLink,
    TakenFile,
)
from coalition.campaigns.media_package.queries import readable_items
from coalition.core.clock import now
from coalition.core.throttling import fingerprint, hash_token
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants
from documents.contacts.models import Contact
from documents.drafts.models import PublicationState
from documents.publication.models import EmbargoAccess
from documents.publication.queries import accesses_that_count
from events.core.enums import PressState
from events.core.journalists import PRESS
from events.core.models import PressGuest
from events.core.queries import public_events
from events.press.coverage.models import Coverage, CoverageState
from events.press.queries import contacts_in, open_contacts, sorted_contact_keys

MOST_CONTACTS = 50  # offered at once; a search finds the others


def links_of(package: MediaPackage) -> QuerySet[PackageLink]:
    """Links of a package, newest first, with the number of files taken (`taken_count`)."""
    rows = package.links.select_related("organisation")
    return rows.annotate(taken_count=Count("taken")).order_by("-pk")


def open_links(rows: QuerySet[PackageLink] | None = None) -> QuerySet[PackageLink]:
    """Those of the links that have not ended."""
    rows = PackageLink.objects.all() if rows is None else rows
    return rows.filter(ended_at=None, ends_at__gt=now())


def link_of_token(token: str) -> PackageLink | None:
    """Return the link of this token, ended or not, with its package; None if there is none."""
    rows = PackageLink.objects.filter(token_hash=hash_token(token))
    return rows.select_related(
        "package__organisation", "package__workspace", "coverage_link", "organisation"
    ).first()


def taken_by_links(links: Collection[PackageLink]) -> QuerySet[TakenFile]:
    """Files that were taken by these links, newest first."""
    rows = TakenFile.objects.filter(link__in=[one.pk for one in links])
    return rows.select_related("rendition__item").order_by("-pk")


def airings_by_links(links: Collection[PackageLink]) -> QuerySet[ItemCoverage]:
    """What outlets logged by these links and nobody took out, newest day first."""
    rows = ItemCoverage.objects.filter(link__in=[one.pk for one in links], coverage__removed_at=None)
    return rows.select_related("coverage").order_by("-coverage__on", "-pk")


def contacts_to_choose(access: Access, words: str = "") -> list[Contact]:
    """Return press contacts that the person may read and write to, by outlet and name; `words`: part of one
    of these names."""
    return contacts_in(sorted_contact_keys(open_contacts(access), q=words)[:MOST_CONTACTS])


def contacts_named(access: Access, uuids: Collection[UUID]) -> list[Contact]:
    """Return those of these contacts that the person may read. No query without UUIDs."""
    return list(open_contacts(access).filter(uuid__in=uuids).order_by("pk")) if uuids else []


def media_partners(workspace: Workspace) -> QuerySet[Organisation]:
    """Media partners that take part in the workspace."""
    return participants(workspace).filter(kind=OrganisationKind.MEDIA_PARTNER).order_by("pk")


def coverage_of(package: MediaPackage, *, with_waiting: bool = True) -> QuerySet[ItemCoverage]:
    """Coverage of the package's items that nobody took out, newest day first. `with_waiting`: also what
    outlets logged and the press desk has not looked at."""
    rows = ItemCoverage.objects.filter(item__package=package, coverage__removed_at=None)
    if not with_waiting:
        rows = rows.exclude(coverage__state=CoverageState.WAITING)
    return rows.select_related("coverage", "item__draft").order_by("-coverage__on", "-pk")


def coverage_to_attach(workspace: Workspace) -> QuerySet[Coverage]:
    """The workspace's coverage that belongs to no item yet, newest day first."""
    rows = Coverage.objects.filter(workspace=workspace, removed_at=None, media_item=None)
    return rows.order_by("-on", "-pk")


def items_to_name(user: object, package: MediaPackage) -> QuerySet[MediaItem]:
    """The package's items that were not taken out and whose text the person may read, in order."""
    rows = readable_items(user, package.items.filter(removed_at=None))
    return rows.select_related("draft").order_by("position", "pk")


def links_for_person(user: User) -> QuerySet[PackageLink]:
    """Open links of the organisations whose member the person is."""
    organisations = active_memberships(user).values("organisation")
    rows = open_links(PackageLink.objects.filter(organisation__in=organisations))
    return rows.select_related("package__organisation", "package__workspace", "organisation").order_by("-pk")


def new_links_for(user: User) -> QuerySet[PackageLink]:
    """Those of `links_for_person` whose package is open, and of which nothing was taken yet."""
    return links_for_person(user).filter(package__published_at__isnull=False, taken=None)


def registrations_of(user: User) -> QuerySet[PressGuest]:
    """Registrations as a journalist with the person's own address, of public events, the newest event
    first."""
    rows = PRESS.of_address(user.email, PressGuest.objects.exclude(state=PressState.UNCONFIRMED))
    rows = rows.filter(registration__event__in=public_events().order_by().values("pk"))
    rows = rows.select_related("registration__event").prefetch_related("registration__event__texts")
    return rows.order_by("-registration__event__starts_at", "-pk")


def embargoes_of(user: User) -> QuerySet[EmbargoAccess]:
    """Texts under embargo to which somebody with the person's own address has agreed, the nearest first."""
    prints = [fingerprint(one) for one in {user.email, user.email.lower()}]
    contacts = Contact.objects.filter(address_print__in=prints, removed_at=None)
    rows = accesses_that_count().filter(
        contact__in=list(contacts.values_list("uuid", flat=True)),  # maybe of another database
        agreed_at__isnull=False,
        publication__state=PublicationState.SCHEDULED,
    )
    rows = rows.select_related("publication").prefetch_related("publication__texts__version")
    return rows.order_by("publication__scheduled_at", "pk")


def ended_before(moment: datetime.datetime) -> QuerySet[PackageLink]:
    """Links that ended before the moment: at their end, or earlier by somebody."""
    return PackageLink.objects.filter(Q(ended_at__lt=moment) | Q(ended_at=None, ends_at__lt=moment))
