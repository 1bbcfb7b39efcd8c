"""Public pages: one event, list, month, agenda and map."""

import datetime
from dataclasses import replace
from typing import Any

from django.core.files.images import get_image_dimensions
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import formats
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language, gettext as _
from django.views.decorators.http import require_safe

from coalition.accounts.models import REGIONS, Language
from coalition.accounts.naming import PUBLIC, display_name_for
from coalition.consent.enums import Place
from coalition.consent.shared_gates import gate_for
from coalition.core.clock import now
from coalition.jobs.date_formats import day_in_words
from documents.files.views import send_picture
from documents.models import StoredFile
from events.core import formatting
from events.core.enums import EventKind, EventState, GettingIn
from events.core.facts import EventFacts, Run
from events.core.models import Event
from events.core.month_grid import span_of
from events.core.naming import organisers_for, withheld_count
from events.core.occurrences import DAY, Occurrence
from events.core.pictures import is_for_few, passes_with_words, shows_somebody
from events.core.public_pages import (
    event_json_ld,
    public_actions_of,
    public_page,
    public_parts_of,
    query_string,
)
from events.core.queries import prefetch_event_details, public_events
from events.core.summary import facts_for
from events.feeds.queries import absolute_feed_url, add_links, feed_path, webcal_url
from events.public import presenters, queries


@require_safe
def public_event_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Render one public event; a cancelled one stays and says so. 404 for all others."""
    found = get_object_or_404(prefetch_event_details(public_events()), slug=slug)
    language = get_language() or Language.KK
    facts = facts_for(found, language=language, viewer=PUBLIC)
    one = presenters.next_time(found, facts.times, now()) or presenters.first_time(found, facts.times)
    is_cancelled = found.state == EventState.CANCELLED
    when = _when(found, facts, one)
    getting_in = {
        GettingIn.STEP_FREE: _("You get in without steps."),
        GettingIn.STEPS: _("There are steps on the way in."),
    }
    step_free = getting_in.get(GettingIn(found.step_free), "")
    picture = _picture(found, language)
    # Previews and search engines make copies that cannot be called back.
    shared = picture if picture and picture["is_free"] else None
    about = (_("Cancelled") if is_cancelled else "", when["day"], when["clock"], facts.place)
    context = {
        "event": found,
        "facts": facts,
        # For search engines and shared links.
        "description": f"{', '.join(filter(None, about))}. {facts.text}"[:200].strip(),
        "figures": _figures(facts, one),
        "when": when,
        "is_cancelled": is_cancelled,
        "is_moved": found.state == EventState.MOVED,
        "is_over": bool(found.lasts_until and found.lasts_until < now()),
        "moved": formatting.moved_words(found, one) if one else "",
        "rule": formatting.rule_words(facts.times),
        "run": _run(found, facts.times.run, one),
        "step_free": " ".join(filter(None, (step_free, facts.access_notes))),
        "region": str(REGIONS.get(found.region, "")),
        "in_city": found.region in formatting.CITIES,
        "organisers": organisers_for(PUBLIC, found, language=language),
        "withheld": withheld_count(PUBLIC, found),
        **public_parts_of(found, language),
        "actions": public_actions_of(found),
        "add": None if is_cancelled else add_links(found, facts, one),
        "picture": picture,
        "share_image": shared,
        "event_data": event_json_ld(found, facts if shared else replace(facts, picture="")),
    }
    return public_page(request, "event", context)


def _figures(facts: EventFacts, one: Occurrence | None) -> list[formatting.Numeral]:
    """Return the date as figures: one for a day or days of a month, two for a run."""
    run = facts.times.run
    if one is None and run is not None:
        return (
            [formatting.numeral(run.first), formatting.numeral(run.last)]
            if run.last > run.first
            else [formatting.numeral(run.first)]
        )
    if one is None:
        return []
    last = formatting.last_day(one)
    first = one.local_start.date()
    same_month = (first.year, first.month) == (last.year, last.month)
    if one.all_day and last > first and not same_month:
        return [formatting.numeral(first), formatting.numeral(last)]
    return [formatting.numeral(first, last if one.all_day else None)]


def _when(event: Event, facts: EventFacts, one: Occurrence | None) -> dict[str, str]:
    run = facts.times.run
    if one is None:
        days = formatting.range_in_words(run.first, run.last) if run else ""
        return {"day": days, "clock": "", "place": formatting.place_of_clock(event, event.starts_at)}
    first, last = one.local_start.date(), formatting.last_day(one)
    several = one.all_day and last > first
    return {
        "day": formatting.range_in_words(first, last) if several else day_in_words(first),
        "clock": formatting.clock_words(one) or _("All day"),
        "place": formatting.place_of_clock(event, one.starts_at),
        "iso": one.starts_at.astimezone(event.zone_info).isoformat(),
    }


def _run(event: Event, run: Run | None, one: Occurrence | None) -> dict[str, object] | None:
    if run is None:
        return None
    local = now().astimezone(event.zone_info)
    running = run.first <= local.date() <= run.last
    return {
        "days": formatting.range_in_words(run.first, run.last),
        "figures": [formatting.numeral(run.first), formatting.numeral(run.last)],
        "week": formatting.week_of(run),
        "specials": formatting.specials_of(run),
        "now": formatting.open_words(run, local) if running else "",
        "with_opening": one is not None,
    }


@require_safe
def public_event_picture(request: HttpRequest, slug: str) -> HttpResponse | StreamingHttpResponse:
    """Send the picture of a public event that has no public copy, because it shows somebody under consent.
    404 unless she agreed to it on the site, in the language of the address."""
    event = get_object_or_404(public_events().select_related("picture"), slug=slug)
    picture = event.picture
    if picture is None or is_for_few(picture):
        raise Http404
    if not passes_with_words(gate_for(Place.SITE), picture):
        raise Http404
    answer = send_picture(request, picture)
    patch_cache_control(answer, private=True, no_store=True)
    return answer


def _picture(event: Event, language: str) -> dict[str, Any] | None:
    """Return the picture with its size, which avoids layout shift: its public copy (`is_free`) or, if it
    shows somebody under consent, the address at which it is sent while she agrees."""
    picture = event.picture
    if picture is None:
        return None
    gate = gate_for(Place.SITE, language)
    if not passes_with_words(gate, picture):
        return None
    if shows_somebody(gate, picture) or not event.public_picture:
        return None if is_for_few(picture) else _gated_picture(event, picture)
    try:
        with event.public_picture.storage.open(str(event.public_picture.name)) as file:
            width, height = get_image_dimensions(file)
    except OSError:
        return None
    return {
        "url": event.public_picture.url,
        "width": width,
        "height": height,
        "alt": picture.alt,
        "credit": picture.credit,
        "is_free": True,
    }


def _gated_picture(event: Event, picture: StoredFile) -> dict[str, Any]:
    return {
        "url": reverse("public_event_picture", args=[event.slug]),
        "width": picture.width,
        "height": picture.height,
        "alt": picture.alt,
        "credit": picture.credit,
        "is_free": False,
    }


ON_A_PAGE = 30
AGENDA_DAYS = 28
PAGES = ("public_events", "public_events_month", "public_events_agenda", "public_events_map")


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """List upcoming events, the next one first; or past ones (`?past=1`)."""
    narrowing, language = parse_event_filter(request), get_language() or Language.KK
    context: dict[str, object]
    page: Page[Any]
    if request.GET.get("past"):
        keys = queries.past_events(narrowing, now()).values_list("pk", flat=True)
        page = Paginator(keys, ON_A_PAGE).get_page(request.GET.get("page"))
        told = presenters.load_public_events(page.object_list)
        rows = [presenters.past_row(told[pk], language, now()) for pk in page.object_list if pk in told]
        context = {"months": presenters.group_rows_by_month(rows), "is_past": True}
    else:
        points = presenters.event_points(queries.upcoming_events(narrowing, now()), now())
        coming = [one for one in points if one.kind != "open"]
        page = Paginator(coming, ON_A_PAGE).get_page(request.GET.get("page"))
        is_first = page.number == 1
        shown = [one for one in points if one.kind == "open"] if is_first else []
        rows = presenters.public_event_rows([*shown, *page.object_list], language, now())
        listed = [row for row in rows if not row["is_open"]]
        lead = next((row for row in listed if not row["cancelled"]), None)
        lead = lead if is_first and not narrowing.is_any else None
        context = {
            "open_now": [row for row in rows if row["is_open"]],
            "lead": lead,
            "months": presenters.group_rows_by_month(row for row in listed if row is not lead),
        }
    context |= _calendar_context(request, "public_events", narrowing)
    context |= {"page": page, "is_empty": not rows}
    return public_page(request, "list", context)


@require_safe
def month(request: HttpRequest) -> HttpResponse:
    """Render a month as a grid with its agenda below, `?on=2026-03`."""
    today, narrowing = now().astimezone(presenters.SITE_ZONE).date(), parse_event_filter(request)
    on = presenters.parse_day(f"{request.GET.get('on', '')}-01", today).replace(day=1)
    items = presenters.items_between(*span_of(on), narrowing, get_language() or Language.KK)
    grid = presenters.public_month_grid(on, items, today)
    context = {
        **_calendar_context(request, "public_events_month", narrowing),
        "month": grid,
        "days": presenters.group_items_by_day(
            [item for item in items if not item.is_open], span_of(on)[0], today
        ),
        "runs": list({item.event.pk: item for item in items if item.is_open}.values()),
        "before": _at(request, grid.before, "F"),
        "after": _at(request, grid.after, "F"),
        "is_now": on == today.replace(day=1),
    }
    return public_page(request, "month", context)


@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    """Render four weeks day by day, with opening hours on each, `?on=2026-03-08`."""
    today, narrowing = now().astimezone(presenters.SITE_ZONE).date(), parse_event_filter(request)
    first = presenters.parse_day(request.GET.get("on", ""), today)
    last = first + datetime.timedelta(days=AGENDA_DAYS - 1)
    items = presenters.items_between(first, last, narrowing, get_language() or Language.KK)
    context = {
        **_calendar_context(request, "public_events_agenda", narrowing),
        "days": presenters.group_items_by_day(items, first, today),
        "span": formatting.range_in_words(first, last),
        "before": query_string(request, on=(first - datetime.timedelta(days=AGENDA_DAYS)).isoformat()),
        "after": query_string(request, on=(last + DAY).isoformat()),
        "is_now": first == today,
    }
    return public_page(request, "agenda", context)


@require_safe
def region_map(request: HttpRequest) -> HttpResponse:
    """Render the number of upcoming events in each region, with the same as a table."""
    narrowing = queries.EventFilter(kind=parse_event_filter(request).kind)
    counts = queries.count_upcoming_by_region(narrowing, now())
    tiles = presenters.tiles_of(counts)
    context = {
        **_calendar_context(request, "public_events_map", narrowing),
        "tiles": tiles,
        "listed": sorted((tile for tile in tiles if tile.count), key=lambda tile: (-tile.count, tile.name)),
        "elsewhere": counts[""],
        "total": sum(counts.values()),
    }
    return public_page(request, "map", context)


def parse_event_filter(request: HttpRequest) -> queries.EventFilter:
    """Return the visitor's filter; unknown values are ignored."""
    kind, region = request.GET.get("kind", ""), request.GET.get("region", "")
    return queries.EventFilter(
        kind=kind if kind in EventKind.values else "",
        region=region if region in REGIONS else "",
        # PostgreSQL rejects NUL, and no organisation has one in its name.
        organisation=request.GET.get("organisation", "")[:80].replace("\0", "\ufffd"),
    )


def _calendar_context(
    request: HttpRequest, current: str, narrowing: queries.EventFilter
) -> dict[str, object]:
    """Return tabs, filters and feeds: the same on list, month, agenda and map."""
    language = get_language() or Language.KK
    labels = (_("List"), _("Month"), _("Agenda"), _("Map"))
    asked = query_string(request, on=None, past=None, page=None)
    organisations = [
        {"value": one.slug, "label": display_name_for(PUBLIC, one, language=language)}
        for one in queries.organisations_used()
    ]
    kinds, regions = queries.kinds_used(), queries.regions_used()
    # No feed of a kind of one organisation, nor of an unknown one.
    known = narrowing.organisation in {"", *(str(one["value"]) for one in organisations)}
    is_feed = narrowing.is_any and known and not (narrowing.kind and narrowing.organisation)
    return {
        "tabs": [
            {"label": label, "url": f"{reverse(name)}{asked}", "current": name == current}
            for name, label in zip(PAGES, labels, strict=True)
        ],
        "here": reverse(current),
        "kept": {key: value for key, value in request.GET.items() if key in ("on", "past") and value},
        "narrowing": narrowing,
        "kinds": [{"value": kind.value, "label": kind.label} for kind in kinds],
        "regions": [{"value": code, "label": REGIONS[code]} for code in regions],
        "organisations": organisations,
        "query": query_string(request, page=None, as_prefix=True),
        "feeds_of": {
            "all": _feed(_("All public events"), feed_path(language)),
            "kinds": [_feed(str(kind.label), feed_path(language, kind=kind)) for kind in kinds],
            "regions": [_feed(str(REGIONS[code]), feed_path(language, region=code)) for code in regions],
        },
        "narrowed_feed": _feed(_("What you are looking at"), feed_path(language, **vars(narrowing)))
        if is_feed
        else None,
    }


def _feed(label: str, path: str) -> dict[str, str]:
    return {"label": label, "path": path, "address": absolute_feed_url(path), "webcal": webcal_url(path)}


def _at(request: HttpRequest, on: datetime.date, form: str) -> dict[str, str]:
    return {"url": query_string(request, on=f"{on:%Y-%m}"), "label": formats.date_format(on, form)}
