"""Links, what was taken and coverage, as pages show them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any
from urllib.parse import quote

from django.urls import reverse
from django.utils.translation import get_language, gettext as _

from coalition.accounts.models import User
from coalition.accounts.naming import PUBLIC, Viewer, display_name_for
from coalition.campaigns.core.share_links import telegram_link, whatsapp_link
from coalition.campaigns.media_package.enums import Format
from coalition.campaigns.media_package.gate import JudgedItem
from coalition.campaigns.media_package.models import (
    ItemCoverage,
    MediaItem,
    PackageLink,
    Rendition,
    TakenFile,
)
from coalition.campaigns.media_package.outlets.access import OpenedLink, has_not_ended, is_open, opened_links
from coalition.campaigns.media_package.outlets.actions import link_path, token_of
from coalition.campaigns.media_package.outlets.queries import (
    airings_by_links,
    embargoes_of,
    links_for_person,
    registrations_of,
    taken_by_links,
)
from coalition.campaigns.media_package.public_presenters import PackageView, package_page
from coalition.core.localized_text import language_codes
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.mail.outbox import absolute_url
from events.core.journalists import PRESS
from events.core.permissions import event_title
from events.press.coverage.models import CoverageState

PREVIEW = "preview"  # query of a picture on the page: looking at it is not taking it


@dataclass(frozen=True)
class TakenRow:
    """A file that an outlet took. `newer`: name of a newer version, with `url`; `is_given`: whether the file
    itself may still be taken."""

    name: str
    label: str
    version: int
    day: object
    is_given: bool
    newer: str = ""
    url: str = ""


def link_rows(links: Iterable[PackageLink], viewer: Viewer) -> list[dict[str, Any]]:
    """Return links for those who serve outlets. `package` of each is loaded. No query."""
    return [
        {
            "link": one,
            "name": outlet_name(one, viewer),
            "address": absolute_url(link_path(one)),
            "is_open": has_not_ended(one),
            "ended_on": one.ended_at or one.ends_at,
        }
        for one in links
    ]


def airing_links(link: PackageLink, items: Iterable[MediaItem]) -> list[dict[str, str]]:
    """Return an address per item by which the outlet logs its airing, and messages that carry it."""
    rows = []
    for item in items:
        url = f"{absolute_url(link_path(link))}?aired={quote(item.name)}#aired"
        words = _("Did you air it? One press tells us:")
        rows.append(
            {
                "item": item.name,
                "title": item.draft.title,
                "url": url,
                "whatsapp": whatsapp_link(f"{words} {url}"),
                "telegram": telegram_link(words, url),
            }
        )
    return rows


def file_path(link: PackageLink, rendition: Rendition) -> str:
    """Return the path of a file by the outlet's link."""
    return reverse("media_package_link_file", args=[token_of(link), rendition.uuid, rendition.file_name])


def link_page(opened: OpenedLink, words_in: str = "") -> PackageView:
    """Return the package as the outlet sees it: without items before it agreed to the embargo. `words_in`:
    language of the items' texts, that of the link by default."""
    link = opened.link
    language = words_in if words_in in language_codes() else link.language
    page = package_page(
        link.package,
        opened.given,
        language=language,
        file_url=partial(file_path, link),
        words_url=lambda code: f"{link_path(link)}?words={code}",
        zip_url=reverse("media_package_link_zip", args=[token_of(link)]),
    )
    pictures = [
        replace(one, preview_url=f"{one.preview_url}?{PREVIEW}") if one.preview_url else one
        for one in page.items
    ]
    return replace(page, items=pictures)


def item_titles(opened: OpenedLink) -> list[tuple[MediaItem, str]]:
    """Return the items that the outlet may see, with their titles in its language."""
    found = []
    for one in opened.given:
        document = one.document_for(opened.link.language)
        found.append((one.item, str(document["title"]) if document is not None else one.item.name))
    return found


def taken_rows(taken: Iterable[TakenFile], opened: OpenedLink) -> list[TakenRow]:
    """Return what the outlet took, and whether there is a newer version. No query."""
    newest = _newest(opened.given)
    rows = []
    for one in taken:
        file = one.rendition
        current = newest.get(_slot(file))
        newer = current if current is not None and current.version > file.version else None
        rows.append(
            TakenRow(
                name=file.file_name,
                label=str(Format(file.format).label),
                version=file.version,
                day=one.day,
                is_given=current is not None and current.pk == file.pk,
                newer=newer.file_name if newer is not None else "",
                url=file_path(opened.link, newer) if newer is not None else "",
            )
        )
    return rows


def desk_page(user: User, viewer: Viewer) -> dict[str, Any]:
    """Return everything of a person's newsroom: packages, registrations, embargoes. As many queries for three
    packages as for one."""
    links = list(links_for_person(user))
    opened = opened_links(links)
    taken: dict[int, list[TakenFile]] = {}
    for row in taken_by_links(links):
        taken.setdefault(row.link_id, []).append(row)
    airings: dict[int | None, list[ItemCoverage]] = {}
    for airing in airings_by_links(links):
        airings.setdefault(airing.link_id, []).append(airing)
    packages = [
        _package_row(opened[one.pk], taken.get(one.pk, []), viewer) | {"airings": airings.get(one.pk, [])}
        for one in links
    ]
    return {
        "packages": packages,
        "registrations": [
            {
                "title": event_title(one.registration.event),
                "when": one.registration.event.starts_at,
                "url": PRESS.path(one),
                "state": one.get_state_display(),
            }
            for one in registrations_of(user)
        ],
        "embargoes": _embargo_rows(user),
    }


def coverage_rows(rows: Iterable[ItemCoverage]) -> list[dict[str, Any]]:
    """Return coverage of items at the desk. No query."""
    return [
        {
            "item_coverage": one,
            "coverage": one.coverage,
            "item": one.item,
            "waits": one.coverage.state == CoverageState.WAITING,
        }
        for one in rows
    ]


def outlet_name(link: PackageLink, viewer: Viewer) -> str:
    """Return what the outlet is called for the viewer. `organisation` of the link is loaded."""
    if link.organisation is not None:
        return display_name_for(viewer, link.organisation)
    return str(link.outlet) or _("An outlet whose name is erased")


def _package_row(opened: OpenedLink, taken: Sequence[TakenFile], viewer: Viewer) -> dict[str, Any]:
    link, package = opened.link, opened.link.package
    shown = is_open(link)
    until = opened.embargo_until
    title = "" if not shown or opened.hides_all else package.title.in_language(get_language())
    return {
        "title": title or _("Media package"),
        "from": display_name_for(PUBLIC, package.organisation),
        "for": display_name_for(viewer, link.organisation) if link.organisation is not None else "",
        "is_open": shown,
        "must_agree": shown and opened.must_agree,
        "embargo": moment_with_time_zone(until) if until is not None else "",
        "url": link_path(link) if shown else "",
        "taken": taken_rows(taken, opened) if shown and not opened.hides_all else [],
        "contact": package,
        "ends_at": link.ends_at,
        "count": len(opened.given),
    }


def _embargo_rows(user: User) -> list[dict[str, Any]]:
    found = {}
    for one in embargoes_of(user):
        publication = one.publication
        moment = publication.scheduled_at
        found[publication.pk] = {
            "title": publication.title,
            "until": moment_with_time_zone(moment) if moment is not None else "",
        }
    return list(found.values())


def _newest(judged: Iterable[JudgedItem]) -> Mapping[tuple[int, str, str], Rendition]:
    return {_slot(file): file for one in judged for file in one.files}


def _slot(file: Rendition) -> tuple[int, str, str]:
    return file.item_id, file.format, file.language
