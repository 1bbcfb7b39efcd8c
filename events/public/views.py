"""Public page of one event."""

import datetime

from django.core.files.images import get_image_dimensions
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coalition.accounts.enums import Language
from coalition.accounts.naming import PUBLIC, display_name_for
from coalition.accounts.regions import REGIONS
from coalition.core.clock import now
from coalition.jobs.date_formats import day_in_words
from events.core.enums import EventKind, EventState, GettingIn
from events.core.facts import EventFacts, Run
from events.core.facts_builder import facts_for
from events.core.formatting import (
    CITIES,
    Numeral,
    clock_words,
    last_day,
    moved_words,
    numeral,
    open_words,
    place_of_clock,
    rule_words,
)
from events.core.models import Event
from events.core.month_grid import span_of
from events.core.naming import organisers_for, withheld_count
from events.core.occurrences import DAY, Occurrence
from events.core.opening_hours_text import range_in_words, specials_of, week_of
from events.core.pages import public_actions_of, public_parts_of
from events.core.public_pages import public_page, query_string
from events.core.queries import prefetch_event_details, public_events
from events.core.schema_org import event_json_ld
from events.feeds.calendar_links import absolute_feed_url, add_links, feed_path, webcal_url
from events.public.presenters import (
    SITE_ZONE,
    event_points,
    first_time,
    group_items_by_day,
    group_rows_by_month,
    items_between,
    load_public_events,
    next_time,
    parse_day,
    parse_month,
    past_row,
    public_event_rows,
    public_month_grid,
    tiles_of,
)
from events.public.queries import (
    EventFilter,
    count_upcoming_by_region,
    kinds_used,
    organisations_used,
    past_events,
    regions_used,
    upcoming_events,
)


@require_safe
def public_event_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Render one public event; a cancelled one stays and says so. 404 for all others."""
    found = get_object_or_404(prefetch_event_details(public_events()), slug=slug)
    language = get_language() or Language.KK
    facts = facts_for(found, language=language, viewer=PUBLIC)
    one = next_time(found, facts.times, now()) or first_time(found, facts.times)
    is_cancelled = found.state == EventState.CANCELLED
    context = {
        "event": found,
        "facts": facts,
        "description": _description(found, facts, one),
        "figures": _figures(facts, one),
        "when": _when(found, facts, one),
        "is_cancelled": is_cancelled,
        "is_moved": found.state == EventState.MOVED,
        "is_over": bool(found.lasts_until and found.lasts_until < now()),
        "moved": moved_words(found, one) if one else "",
        "rule": rule_words(facts.times),
        "run": _run(found, facts.times.run, one),
        "step_free": _access(found, facts),
        "region": str(REGIONS[found.region]) if found.region in REGIONS else "",
        "in_city": found.region in CITIES,
        "organisers": organisers_for(PUBLIC, found, language=language),
        "withheld": withheld_count(PUBLIC, found),
        **public_parts_of(found, language),
        "actions": public_actions_of(found),
        "add": None if is_cancelled else add_links(found, facts, one),
        "picture": _picture(found),
        "event_data": event_json_ld(found, facts),
    }
    return public_page(request, "event", context, name="public_event", slug=slug)


def _figures(facts: EventFacts, one: Occurrence | None) -> list[Numeral]:
    """Return the date as figures: one for a day or days of a month, two for a run."""
    run = facts.times.run
    if one is None and run is not None:
        return [numeral(run.first), numeral(run.last)] if run.last > run.first else [numeral(run.first)]
    if one is None:
        return []
    last = last_day(one)
    first = one.local_start.date()
    same_month = (first.year, first.month) == (last.year, last.month)
    if one.all_day and last > first and not same_month:
        return [numeral(first), numeral(last)]
    return [numeral(first, last if one.all_day else None)]


def _when(event: Event, facts: EventFacts, one: Occurrence | None) -> dict[str, str]:
    run = facts.times.run
    if one is None:
        days = range_in_words(run.first, run.last) if run else ""
        return {"day": days, "clock": "", "place": place_of_clock(event, event.starts_at)}
    first, last = one.local_start.date(), last_day(one)
    several = one.all_day and last > first
    return {
        "day": range_in_words(first, last) if several else day_in_words(first),
        "clock": clock_words(one) or _("All day"),
        "place": place_of_clock(event, one.starts_at),
        "iso": one.starts_at.astimezone(event.zone_info).isoformat(),
    }


def _run(event: Event, run: Run | None, one: Occurrence | None) -> dict[str, object] | None:
    if run is None:
        return None
    local = now().astimezone(event.zone_info)
    running = run.first <= local.date() <= run.last
    return {
        "days": range_in_words(run.first, run.last),
        "figures": [numeral(run.first), numeral(run.last)],
        "week": week_of(run),
        "specials": specials_of(run),
        "now": open_words(run, local) if running else "",
        "with_opening": one is not None,
    }


def _access(event: Event, facts: EventFacts) -> str:
    words = {
        GettingIn.STEP_FREE: _("You get in without steps."),
        GettingIn.STEPS: _("There are steps on the way in."),
    }
    known = words.get(GettingIn(event.step_free), "")
    return " ".join(part for part in (known, facts.access_notes) if part)


def _picture(event: Event) -> dict[str, object] | None:
    """Return the public copy of the picture with its size, which avoids layout shift."""
    if not event.public_picture or event.picture is None:
        return None
    try:
        with event.public_picture.storage.open(str(event.public_picture.name)) as file:
            width, height = get_image_dimensions(file)
    except OSError:
        return None
    return {
        "url": event.public_picture.url,
        "width": width,
        "height": height,
        "alt": event.picture.alt,
        "credit": event.picture.credit,
    }


def _description(event: Event, facts: EventFacts, one: Occurrence | None) -> str:
    """Return a description for search engines and shared links: time, place, beginning of the
    text."""
    when = _when(event, facts, one)
    parts = [when["day"], when["clock"], facts.place]
    if event.state == EventState.CANCELLED:
        parts.insert(0, _("Cancelled"))
    head = ", ".join(part for part in parts if part)
    return f"{head}. {facts.text}"[:200].strip()


# --- lists ---
# Public pages of events: list, month, agenda, map and one event.


ON_A_PAGE = 30
AGENDA_DAYS = 28
PAGES = ("public_events", "public_events_month", "public_events_agenda", "public_events_map")


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """List upcoming events, the next one first; or past ones (`?past=1`)."""
    narrowing = parse_event_filter(request)
    if request.GET.get("past"):
        return _past(request, narrowing)
    language = get_language() or Language.KK
    points = event_points(upcoming_events(narrowing, now()), now())
    page = Paginator([one for one in points if one.kind != "open"], ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    is_first = page.number == 1
    shown = [one for one in points if one.kind == "open"] if is_first else []
    rows = public_event_rows([*shown, *page.object_list], language, now())
    open_now, coming = rows[: len(shown)], rows[len(shown) :]
    lead = (
        None if narrowing.is_any or not is_first else next((row for row in coming if not row.cancelled), None)
    )
    context = {
        **_calendar_context(request, "public_events", narrowing),
        "open_now": open_now,
        "lead": lead,
        "months": group_rows_by_month(row for row in coming if row is not lead),
        "page": page,
        "is_empty": not rows,
    }
    return public_page(request, "list", context, name="public_events")


def _past(request: HttpRequest, narrowing: EventFilter) -> HttpResponse:
    language = get_language() or Language.KK
    page = Paginator(past_events(narrowing, now()).values_list("pk", flat=True), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    told = load_public_events(page.object_list)
    rows = [past_row(told[pk], language, now()) for pk in page.object_list if pk in told]
    context = {
        **_calendar_context(request, "public_events", narrowing),
        "months": group_rows_by_month(rows),
        "page": page,
        "is_past": True,
        "is_empty": not rows,
    }
    return public_page(request, "list", context, name="public_events")


@require_safe
def month(request: HttpRequest) -> HttpResponse:
    """Render a month as a grid with its agenda below, `?on=2026-03`."""
    today, narrowing = now().astimezone(SITE_ZONE).date(), parse_event_filter(request)
    on = parse_month(request.GET.get("on", ""), today)
    items = items_between(*span_of(on), narrowing, get_language() or Language.KK)
    grid = public_month_grid(on, items, today)
    context = {
        **_calendar_context(request, "public_events_month", narrowing),
        "month": grid,
        "days": group_items_by_day([item for item in items if not item.is_open], span_of(on)[0], today),
        "runs": list({item.event.pk: item for item in items if item.is_open}.values()),
        "before": _at(request, grid.before, "F"),
        "after": _at(request, grid.after, "F"),
        "is_now": on == today.replace(day=1),
    }
    return public_page(request, "month", context, name="public_events_month")


@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    """Render four weeks day by day, with opening hours on each, `?on=2026-03-08`."""
    today, narrowing = now().astimezone(SITE_ZONE).date(), parse_event_filter(request)
    first = parse_day(request.GET.get("on", ""), today)
    last = first + datetime.timedelta(days=AGENDA_DAYS - 1)
    items = items_between(first, last, narrowing, get_language() or Language.KK)
    context = {
        **_calendar_context(request, "public_events_agenda", narrowing),
        "days": group_items_by_day(items, first, today),
        "span": range_in_words(first, last),
        "before": query_string(request, on=(first - datetime.timedelta(days=AGENDA_DAYS)).isoformat()),
        "after": query_string(request, on=(last + DAY).isoformat()),
        "is_now": first == today,
    }
    return public_page(request, "agenda", context, name="public_events_agenda")


@require_safe
def region_map(request: HttpRequest) -> HttpResponse:
    """Render the number of upcoming events in each region, with the same as a table."""
    narrowing = EventFilter(kind=parse_event_filter(request).kind)
    counts = count_upcoming_by_region(narrowing, now())
    tiles = tiles_of(counts)
    context = {
        **_calendar_context(request, "public_events_map", narrowing),
        "tiles": tiles,
        "listed": sorted((tile for tile in tiles if tile.count), key=lambda tile: (-tile.count, tile.name)),
        "elsewhere": counts[""],
        "total": sum(counts.values()),
    }
    return public_page(request, "map", context, name="public_events_map")


def parse_event_filter(request: HttpRequest) -> EventFilter:
    """Return the visitor's filter; unknown values are ignored."""
    kind, region = request.GET.get("kind", ""), request.GET.get("region", "")
    return EventFilter(
        kind=kind if kind in EventKind.values else "",
        region=region if region in REGIONS else "",
        # PostgreSQL rejects NUL, and no organisation has one in its name.
        organisation=request.GET.get("organisation", "")[:80].replace("\0", "\ufffd"),
    )


def _calendar_context(request: HttpRequest, current: str, narrowing: EventFilter) -> dict[str, object]:
    """Return tabs, filters and feeds: the same on list, month, agenda and map."""
    language = get_language() or Language.KK
    labels = (_("List"), _("Month"), _("Agenda"), _("Map"))
    asked = query_string(request, on=None, past=None, page=None)
    tabs = [
        {"label": label, "url": f"{reverse(name)}{asked}", "current": name == current}
        for name, label in zip(PAGES, labels, strict=True)
    ]
    organisations = [
        {"value": one.slug, "label": display_name_for(PUBLIC, one, language=language)}
        for one in organisations_used()
    ]
    kinds, regions = kinds_used(), regions_used()
    return {
        "tabs": tabs,
        "here": reverse(current),
        "kept": {key: value for key, value in request.GET.items() if key in ("on", "past") and value},
        "narrowing": narrowing,
        "kinds": [{"value": kind.value, "label": kind.label} for kind in kinds],
        "regions": [{"value": code, "label": REGIONS[code]} for code in regions],
        "organisations": organisations,
        "query": query_string(request, page=None, as_prefix=True),
        "feeds_of": _feeds(language, kinds, regions),
        "narrowed_feed": _narrowed_feed(language, narrowing, {str(one["value"]) for one in organisations}),
    }


def _feeds(language: str, kinds: list[EventKind], regions: list[str]) -> dict[str, object]:
    return {
        "all": _feed(_("All public events"), feed_path(language)),
        "kinds": [_feed(str(kind.label), feed_path(language, kind=kind)) for kind in kinds],
        "regions": [_feed(str(REGIONS[code]), feed_path(language, region=code)) for code in regions],
    }


def _feed(label: str, path: str) -> dict[str, str]:
    return {"label": label, "path": path, "address": absolute_feed_url(path), "webcal": webcal_url(path)}


def _narrowed_feed(language: str, narrowing: EventFilter, slugs: set[str]) -> dict[str, str] | None:
    """Return the feed that matches the filter; None for a kind of one organisation, and for unknown
    ones."""
    known = not narrowing.organisation or narrowing.organisation in slugs
    if not narrowing.is_any or not known or (narrowing.kind and narrowing.organisation):
        return None
    path = feed_path(
        language, kind=narrowing.kind, region=narrowing.region, organisation=narrowing.organisation
    )
    return _feed(_("What you are looking at"), path)


def _at(request: HttpRequest, on: datetime.date, form: str) -> dict[str, str]:
    return {"url": query_string(request, on=f"{on:%Y-%m}"), "label": formats.date_format(on, form)}
