"""Packages, items and files at the desk, with why something is not given out."""

from collections.abc import Iterable
from typing import Any, Final

from django.db.models import Exists, OuterRef, QuerySet
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import get_language, gettext as _

from coalition.campaigns.media_package.actions.renditions import may_prepare_again
from coalition.campaigns.media_package.broadcast_kit import written_documents
from coalition.campaigns.media_package.enums import Format, ItemKind, RenditionState
from coalition.campaigns.media_package.gate import ItemStatus, JudgedItem, items_with_files, package_gate
from coalition.campaigns.media_package.measuring.copy_work import may_have_copies
from coalition.campaigns.media_package.measuring.presenters import measurements_in_words
from coalition.campaigns.media_package.measuring.warnings import is_ready_for_tv, station_warnings
from coalition.campaigns.media_package.models import MediaItem, MediaPackage, Rendition, TakenFile
from coalition.campaigns.media_package.permissions import may_take_out
from coalition.campaigns.media_package.queries import (
    given_out_among,
    items_with_changed_facts,
    readable_items,
)
from coalition.campaigns.media_package.sections import dead_links, missing_sections
from coalition.workspaces.permissions import Access
from documents.canonical.form import Document

SHAPES: Final = {  # shapes of components/state.html
    ItemStatus.GIVEN: "approved",
    ItemStatus.NOT_APPROVED: "unopened",
    ItemStatus.SCHEDULED: "later",
    ItemStatus.AWAITING: "changes",
    ItemStatus.WITHDRAWN: "objects",
    ItemStatus.LICENCE_ENDED: "objects",
    ItemStatus.NO_CONSENT: "objects",
    ItemStatus.REMOVED: "abstains",
}


def package_rows(packages: Iterable[MediaPackage]) -> list[dict[str, Any]]:
    """Return packages with title and state. No query."""
    language = get_language()
    return [
        {
            "package": one,
            "title": one.title.in_language(language),
            "url": reverse("campaigns:media_package", args=[one.uuid]),
            "item_count": getattr(one, "item_count", 0),
        }
        for one in packages
    ]


def item_rows(user: object, package: MediaPackage) -> list[dict[str, Any]]:
    """Return the items whose text the person may read, in order, as they may be given now, with their state
    in words; also those that were taken out."""
    return _judged_rows(readable_items(user, items_with_files(package)))


def item_row(item: MediaItem) -> dict[str, Any]:
    """Return the same for one item, which the person may read; `missing` and `dead_links` of its text as it
    is being written, before it is given out."""
    row = _judged_rows(items_with_files(item.package).filter(pk=item.pk))[0]
    return row if row["judged"].documents else row | _faults(item, written_documents(item).values())


def removed_rows(access: Access, rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return those of `item_rows` that were taken out, and whether the person may put each back. Two queries
    at most."""
    removed = [one for one in rows if one["item"].removed_at is not None]
    given = given_out_among([one["item"] for one in removed])
    return [
        one | {"may_put_back": may_take_out(access, was_given=one["item"].pk in given)} for one in removed
    ]


def _judged_rows(items: QuerySet[MediaItem]) -> list[dict[str, Any]]:
    judged = package_gate().judge(items)
    changed = set(items_with_changed_facts([one.item for one in judged]).values_list("pk", flat=True))
    return [_item_row(one, has_changed_fact=one.item.pk in changed) for one in judged]


def _item_row(judged: JudgedItem, *, has_changed_fact: bool) -> dict[str, Any]:
    item = judged.item
    return {
        "item": item,
        "judged": judged,
        "kind": ItemKind(item.kind).label,
        "title": item.draft.title,
        "url": reverse("campaigns:media_item", args=[item.uuid]),
        "shape": SHAPES[judged.status],
        "label": judged.status.label,
        "file_count": len(judged.files),
        "has_changed_fact": has_changed_fact,
        "ready_for_tv": is_ready_for_tv(judged.files),
        **_faults(item, judged.documents.values()),
    }


def _faults(item: MediaItem, documents: Iterable[Document]) -> dict[str, list[str]]:
    """Return headings of parts that texts of the item lack (`missing`), or that spell out an address where
    nobody can open it (`dead_links`)."""
    texts = list(documents)
    return {
        "missing": sorted({name for one in texts for name in missing_sections(one, item.kind)}),
        "dead_links": sorted({name for one in texts for name in dead_links(one)}),
    }


def file_rows(access: Access, item: MediaItem, judged: JudgedItem) -> list[dict[str, Any]]:
    """Return the files of an item, newest version first, also those that were taken out (`is_removed`);
    whether each is given."""
    given = {one.pk for one in judged.files}
    newest = {(one.format, one.language): one.version for one in judged.files}
    rows = Rendition.objects.filter(item=item).select_related("file", "source")
    rows = rows.annotate(was_taken=Exists(TakenFile.objects.filter(rendition=OuterRef("pk"))))
    rows = rows.order_by("format", "language", "-version")
    copies = Rendition.objects.filter(source__item=item, removed_at=None, format=Format.INTERLACED)
    interlaced = set(copies.exclude(state=RenditionState.FAILED).values_list("source", flat=True))
    return [
        {
            "file": one,
            "label": Format(one.format).label,
            "size": filesizeformat(one.size) if one.size else "",
            "state": RenditionState(one.state),
            "failure": _failure_words(one),
            "may_try_again": may_prepare_again(one),
            "is_removed": one.removed_at is not None,
            "may_take_out": may_take_out(access, was_given=one.released_at is not None or one.was_taken),
            "is_given": one.pk in given,
            "is_replaced": one.version < newest.get((one.format, one.language), 0),
            "measured": measurements_in_words(one),
            "warnings": station_warnings(one),
            "may_make_interlaced": one.format == Format.MASTER
            and one.state == RenditionState.READY
            and one.pk not in interlaced
            and may_have_copies(one, one.measurements),
            "is_made": one.source_id is not None or one.publication_id is not None,
            "url": reverse("campaigns:media_file", args=[one.uuid]),
        }
        for one in rows
    ]


def _failure_words(file: Rendition) -> str:
    if file.state != RenditionState.FAILED or file.failure:
        return str(file.failure)
    return _(
        "Preparing it for outlets did not succeed. Try again; if that does not help, make the file smaller "
        "and send the new one."
    )
