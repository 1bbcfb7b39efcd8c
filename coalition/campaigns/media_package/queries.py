"""Packages, items and files: the only place where these lists come from."""

import datetime
from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from coalition.campaigns.media_package.enums import PackageAudience, RenditionState
from coalition.campaigns.media_package.models import (
    MediaItem,
    MediaPackage,
    NoticeRecipient,
    Rendition,
    TakenFile,
)
from coalition.core.clock import now
from coalition.core.crypto import parse_uuid
from coalition.roles import Right
from coalition.workspaces.models import Workspace
from coalition.workspaces.queries import workspaces_for
from documents.canonical.form import Attachment
from documents.drafts.models import Draft, PublicationState
from documents.drafts.queries import drafts_for
from documents.facts.models import FactUse
from documents.files.models import StoredFile
from documents.publication.models import PublicationText
from documents.publication.queries import public_publications

GIVEN_STATES = (PublicationState.PUBLIC, PublicationState.SCHEDULED)  # outlets may have what is set of these


def packages_for(user: object, workspace: Workspace | None = None) -> QuerySet[MediaPackage]:
    """Packages of workspaces in which the person sees drafts, newest first, with the number of their items
    (`item_count`)."""
    rows = MediaPackage.objects.filter(workspace__in=workspaces_for(user, Right.SEE_DRAFTS))
    rows = rows.select_related("workspace", "organisation")
    rows = rows.annotate(item_count=Count("items", filter=Q(items__removed_at=None)))
    rows = rows.order_by("-pk")
    return rows.filter(workspace=workspace) if workspace is not None else rows


def items_for(user: object) -> QuerySet[MediaItem]:
    """Items of `packages_for` whose text the person may read, also those that were taken out."""
    packages = packages_for(user).order_by().values("pk")
    rows = readable_items(user).filter(package__in=packages)
    return rows.select_related("package__workspace", "package__organisation", "draft")


def readable_items(user: object, rows: QuerySet[MediaItem] | None = None) -> QuerySet[MediaItem]:
    """Those of the items whose text the person may read: not those limited to other people."""
    rows = MediaItem.objects.all() if rows is None else rows
    return rows.filter(draft__in=drafts_for(user).order_by().values("pk"))


def public_packages(moment: datetime.datetime | None = None) -> QuerySet[MediaPackage]:
    """Packages whose page everybody opens at the moment (None: now), newest first."""
    opened = Q(opens_at=None) | Q(opens_at__lte=moment or now())
    rows = MediaPackage.objects.filter(opened, audience=PackageAudience.PUBLIC, published_at__isnull=False)
    return rows.select_related("organisation", "workspace")


def attachments_for(draft: Draft, language: str) -> list[Attachment]:
    """Return the uploaded files that are approved with the item's text in the language: the newest
    ready ones. Those that the server makes of them, or sets of the text, are not listed. One query.
    """
    rows = Rendition.objects.filter(
        item__draft=draft,
        language__in=["", language],
        state=RenditionState.READY,
        removed_at=None,
        source=None,
        publication=None,
    )
    newest: dict[tuple[str, str], Rendition] = {}
    for row in rows.select_related("file").order_by("version"):
        newest[row.format, row.language] = row
    return [
        {"name": row.file_name, "sha256": row.sha256, "type": row.file.content_type}
        for row in newest.values()
        if row.file is not None
    ]


def items_with_changed_facts(items: Iterable[MediaItem] | None = None) -> QuerySet[MediaItem]:
    """Items whose published or scheduled text has a fact that was changed and checked since. One query."""
    uses = FactUse.objects.filter(version=OuterRef("version"), fact_version__fact__retired_at=None)
    newer = uses.filter(fact_version__number__lt=F("fact_version__fact__checked__number"))
    texts = PublicationText.objects.filter(
        Exists(newer),
        publication__draft=OuterRef("draft"),
        publication__state__in=GIVEN_STATES,
        publication__replaced_by=None,
    )
    rows = MediaItem.objects.filter(Exists(texts), removed_at=None)
    return rows if items is None else rows.filter(pk__in=[one.pk for one in items])


def newest_recipients() -> QuerySet[NoticeRecipient]:
    """Recipients that got no newer notice about the item: a newer one closes those before it for whoever
    gets it."""
    same = Q(link=OuterRef("link")) | Q(correction_address=OuterRef("correction_address"))
    rows = NoticeRecipient.objects.filter(same, notice__item=OuterRef("notice__item"), pk__gt=OuterRef("pk"))
    return NoticeRecipient.objects.exclude(Exists(rows))


def open_answers(package: MediaPackage) -> QuerySet[NoticeRecipient]:
    """Those of the newest recipients about items of the package who have not answered."""
    return newest_recipients().filter(notice__item__package=package, answer="")


def counts_in(workspace: Workspace) -> tuple[int, int, int]:
    """How many packages and items a workspace has, and how many answers to the newest notices are open.
    Two queries."""
    rows = MediaPackage.objects.filter(workspace=workspace)
    found = rows.aggregate(
        packages=Count("pk", distinct=True), items=Count("items", filter=Q(items__removed_at=None))
    )
    waiting = newest_recipients().filter(notice__item__package__workspace=workspace, answer="")
    return found["packages"], found["items"], waiting.count()


def given_out_among(items: Collection[MediaItem]) -> set[int]:
    """Return the keys of those items that were given out at any time: their text was public, or an outlet
    took a file under embargo. Two queries, none without items."""
    if not items:
        return set()
    published = public_publications().filter(draft__in=[one.draft_id for one in items])
    drafts = set(published.values_list("draft", flat=True))
    taken = TakenFile.objects.filter(rendition__item__in=[one.pk for one in items])
    keys = set(taken.values_list("rendition__item", flat=True))
    return keys | {one.pk for one in items if one.draft_id in drafts}


def was_file_given_out(rendition: Rendition) -> bool:
    """Whether the file could be taken at any time. One query at most."""
    return rendition.released_at is not None or TakenFile.objects.filter(rendition=rendition).exists()


def renditions_of_item(key: str) -> QuerySet[Rendition]:
    """Files of the item with this UUID."""
    uuid = parse_uuid(key)
    return Rendition.objects.none() if uuid is None else Rendition.objects.filter(item__uuid=uuid)


def renditions_of_file(*keys: str) -> QuerySet[Rendition]:
    """Files of items that are one of these stored files (UUIDs), a copy of one, or made of one by the
    server."""
    uuids = [uuid for key in keys if (uuid := parse_uuid(key)) is not None]
    hashes = StoredFile.objects.filter(uuid__in=uuids).exclude(sha256="").values("sha256")
    own = Q(file__uuid__in=uuids) | Q(file__sha256__in=hashes)
    made = Q(source__file__uuid__in=uuids) | Q(source__file__sha256__in=hashes)
    return Rendition.objects.filter(own | made)


def made_files() -> QuerySet[Rendition, int | None]:
    """Primary keys of stored files that the server made of others, or set of a published text."""
    made = Rendition.objects.exclude(source=None, publication=None)
    return made.filter(file__isnull=False).values_list("file", flat=True)


def rendition_of(user: object, uuid: UUID) -> Rendition | None:
    """Return a file of an item that the person sees at the desk, or None."""
    rows = Rendition.objects.filter(item__in=items_for(user).order_by().values("pk"), uuid=uuid)
    return rows.select_related("item__package__workspace", "item__draft", "file", "source__file").first()
