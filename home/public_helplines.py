"""Helplines of the register on pages of the site."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.functional import Promise
from django.utils.translation import override
from wagtail.models import Page

from coalition.campaigns.helplines.presenters import HelplineView, helpline_view
from coalition.campaigns.helplines.queries import helpline_states, public_helplines
from coalition.campaigns.helplines.uses.flags import line_flag
from coalition.campaigns.helplines.uses.pages import PageWithLine
from coalition.campaigns.models import Helpline
from coalition.core.clock import now
from home.models import HelplineOnPage
from home.page_paths import page_path
from home.queries import public_pages
from home.streams import STREAMS, helplines_of_stream


@dataclass(frozen=True)
class LineOnPage:
    """A line on a live page with which something is wrong, for the newsroom."""

    page: Page
    name: str
    problem: Promise | str


def helpline_choices() -> list[tuple[str, str]]:
    """Return the lines that the public sees, for a form: the UUID, and the name in the active language."""
    return [(str(one.helpline.uuid), str(one.name)) for one in public_helplines()]


def lines_in(page: Page) -> Iterator[UUID]:
    """Yield the UUIDs of the lines in the streams of a page, as they stand in it now."""
    for name in STREAMS:
        for value in helplines_of_stream(getattr(page, name, None)):
            if (uuid := _parse_uuid(value)) is not None:
                yield uuid


def record_helplines_on_page(page: Page, *, fresh: bool = False) -> None:
    """Keep which lines the row of the page holds. `fresh`: it was just made, so nothing is kept yet."""
    named = set(lines_in(page))
    lines = list(Helpline.objects.filter(uuid__in=named)) if named else []
    if not fresh:
        HelplineOnPage.objects.filter(page=page.pk).exclude(helpline__in=lines).delete()
    rows = [HelplineOnPage(page_id=page.pk, helpline=line) for line in lines]
    HelplineOnPage.objects.bulk_create(rows, ignore_conflicts=True)


def displayed_helplines(page: Page) -> Mapping[str, HelplineView]:
    """Return, by UUID, the lines that the page shows, in its language; those that the public does not see are
    left out. No query for a page without lines, one with any number."""
    named = set(lines_in(page))
    if not named:
        return {}
    moment = now()
    with override(page.locale.language_code):
        return {
            str(entry.helpline.uuid): helpline_view(entry, moment)
            for entry in public_helplines(at=moment)
            if entry.helpline.uuid in named
        }


def pages_with(helpline: Helpline) -> list[PageWithLine]:
    """Return the live pages that show the line, of which everyone may know."""
    on_page = HelplineOnPage.objects.filter(helpline=helpline, page=OuterRef("pk"))
    rows = public_pages().filter(Exists(on_page)).select_related("locale").order_by("path")
    return [PageWithLine(page.title, page_path(page), page.locale.language_code) for page in rows]


def helplines_needing_attention() -> list[LineOnPage]:
    """Return the lines on live pages with which something is wrong for longer than hours. Three queries, none
    beside the first where no page has a line."""
    rows = list(_on_live_pages().select_related("page__locale"))
    if not rows:
        return []
    moment = now()
    lines = Helpline.objects.filter(pk__in={row.helpline_id for row in rows})
    states = {state.helpline.pk: state for state in helpline_states(lines, at=moment)}
    found = []
    for row in rows:
        state = states[row.helpline_id]
        flag = line_flag(state.helpline, state.published, moment)
        if flag is not None and not flag.passes:
            found.append(LineOnPage(row.page, str(state.entry.name) if state.entry else "", flag.label))
    return found


def _on_live_pages() -> QuerySet[HelplineOnPage]:
    rows = HelplineOnPage.objects.filter(Exists(public_pages().filter(pk=OuterRef("page"))))
    return rows.order_by("helpline", "page")


def _parse_uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
