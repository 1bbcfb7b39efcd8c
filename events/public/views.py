"""The public page of one event."""

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
from events.core.facts import Facts, Run
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
from events.core.public_pages import public_page, query_string
from events.core.queries import public_events, with_words
from events.core.schema_org import event_data
from events.exhibitions.guest_book.queries import public_guest_book
from events.exhibitions.school_groups.actions import why_closed as groups_closed
from events.exhibitions.school_groups.queries import group_visits_of
from events.exhibitions.works.presenters import film_of
from events.exhibitions.works.queries import public_exhibition
from events.feeds.calendar_links import add_links, feed_path, webcal, whole
from events.press.kit.opening import stands_on_page
from events.press.kit.queries import kit_of
from events.press.registration.actions import why_closed
from events.press.registration.queries import registration_of
from events.production.safety.presenters import photographs_of
from events.production.safety.queries import safety_plan_of
from events.public.presenters import (
    HOME,
    by_month,
    day_asked,
    days_of,
    first_time,
    items_between,
    month_asked,
    month_in_public,
    next_time,
    past_row,
    points_of,
    rows_of,
    tiles_of,
    with_all,
)
from events.public.queries import (
    Narrowing,
    by_region,
    kinds_used,
    organisations_used,
    past,
    regions_used,
    upcoming,
)
from events.questions.actions import why_closed as questions_closed
from events.questions.enums import AskedBy
from events.questions.queries import period_of


@require_safe
def event(request: HttpRequest, slug: str) -> HttpResponse:
    """One public event; a cancelled one stays and says so. Everything else does not exist."""
    found = get_object_or_404(with_words(public_events()), slug=slug)
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
        "photographs": photographs_of(safety_plan_of(found)),
        "takes_press": _takes_press(found),
        "kit": _has_kit(found),
        "works_url": _works_url(found),
        "film": film_of(found, language) if found.kind == EventKind.SCREENING else None,
        "takes_groups": _takes_groups(found),
        "takes_questions": _takes_questions(found),
        "guest_book_url": _guest_book_url(found),
        "add": None if is_cancelled else add_links(found, facts, one),
        "picture": _picture(found),
        "event_data": event_data(found, facts),
    }
    return public_page(request, "event", context, name="public_event", slug=slug)


def _takes_press(event: Event) -> bool:
    registration = registration_of(event)
    return registration is not None and not why_closed(registration)


def _has_kit(event: Event) -> bool:
    """Whether everyone finds the kit here, open or still to open."""
    kit = kit_of(event)
    return kit is not None and stands_on_page(kit) and event.cancelled_at is None


def _works_url(event: Event) -> str:
    """The catalogue of an exhibition, if its works are on the site."""
    if event.kind != EventKind.EXHIBITION or public_exhibition(event.slug or "") is None:
        return ""
    return reverse("public_works", args=[event.slug])


def _takes_groups(event: Event) -> bool:
    if event.run_from is None:
        return False
    visits = group_visits_of(event)
    return visits is not None and not groups_closed(visits)


def _takes_questions(event: Event) -> bool:
    """Whether everyone can ask now; journalists have a link of their own."""
    period = period_of(event)
    return period is not None and period.asked_by == AskedBy.EVERYONE and not questions_closed(period)


def _guest_book_url(event: Event) -> str:
    """What visitors wrote, and the way to write."""
    if event.kind != EventKind.EXHIBITION or public_guest_book(event.slug or "") is None:
        return ""
    return reverse("guest_book", args=[event.slug])


def _figures(facts: Facts, one: Occurrence | None) -> list[Numeral]:
    """The date as figures: one for a day or days of a month, two for what is open over days."""
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


def _when(event: Event, facts: Facts, one: Occurrence | None) -> dict[str, str]:
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


def _access(event: Event, facts: Facts) -> str:
    words = {
        GettingIn.STEP_FREE: _("You get in without steps."),
        GettingIn.STEPS: _("There are steps on the way in."),
    }
    known = words.get(GettingIn(event.step_free), "")
    return " ".join(part for part in (known, facts.access_notes) if part)


def _picture(event: Event) -> dict[str, object] | None:
    """The public copy of the picture with its size, so that nothing shifts when it comes."""
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


def _description(event: Event, facts: Facts, one: Occurrence | None) -> str:
    """For search engines and shared links: when, where, and the beginning of the words."""
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
    """What comes, the next one first; or what was (`?past=1`)."""
    narrowing = narrowing_of(request)
    if request.GET.get("past"):
        return _past(request, narrowing)
    language = get_language() or Language.KK
    points = points_of(upcoming(narrowing, now()), now())
    page = Paginator([one for one in points if one.kind != "open"], ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    is_first = page.number == 1
    shown = [one for one in points if one.kind == "open"] if is_first else []
    rows = rows_of([*shown, *page.object_list], language, now())
    open_now, coming = rows[: len(shown)], rows[len(shown) :]
    lead = (
        None if narrowing.is_any or not is_first else next((row for row in coming if not row.cancelled), None)
    )
    context = {
        **_around(request, "public_events", narrowing),
        "open_now": open_now,
        "lead": lead,
        "months": by_month(row for row in coming if row is not lead),
        "page": page,
        "is_empty": not rows,
    }
    return public_page(request, "list", context, name="public_events")


def _past(request: HttpRequest, narrowing: Narrowing) -> HttpResponse:
    language = get_language() or Language.KK
    page = Paginator(past(narrowing, now()).values_list("pk", flat=True), ON_A_PAGE).get_page(
        request.GET.get("page")
    )
    told = with_all(page.object_list)
    rows = [past_row(told[pk], language, now()) for pk in page.object_list if pk in told]
    context = {
        **_around(request, "public_events", narrowing),
        "months": by_month(rows),
        "page": page,
        "is_past": True,
        "is_empty": not rows,
    }
    return public_page(request, "list", context, name="public_events")


@require_safe
def month(request: HttpRequest) -> HttpResponse:
    """A month as a grid with its agenda below, `?on=2026-03`."""
    today, narrowing = now().astimezone(HOME).date(), narrowing_of(request)
    on = month_asked(request.GET.get("on", ""), today)
    items = items_between(*span_of(on), narrowing, get_language() or Language.KK)
    grid = month_in_public(on, items, today)
    context = {
        **_around(request, "public_events_month", narrowing),
        "month": grid,
        "days": days_of([item for item in items if not item.is_open], span_of(on)[0], today),
        "runs": list({item.event.pk: item for item in items if item.is_open}.values()),
        "before": _at(request, grid.before, "F"),
        "after": _at(request, grid.after, "F"),
        "is_now": on == today.replace(day=1),
    }
    return public_page(request, "month", context, name="public_events_month")


@require_safe
def agenda(request: HttpRequest) -> HttpResponse:
    """Four weeks day by day, with what is open on each, `?on=2026-03-08`."""
    today, narrowing = now().astimezone(HOME).date(), narrowing_of(request)
    first = day_asked(request.GET.get("on", ""), today)
    last = first + datetime.timedelta(days=AGENDA_DAYS - 1)
    items = items_between(first, last, narrowing, get_language() or Language.KK)
    context = {
        **_around(request, "public_events_agenda", narrowing),
        "days": days_of(items, first, today),
        "span": range_in_words(first, last),
        "before": query_string(request, on=(first - datetime.timedelta(days=AGENDA_DAYS)).isoformat()),
        "after": query_string(request, on=(last + DAY).isoformat()),
        "is_now": first == today,
    }
    return public_page(request, "agenda", context, name="public_events_agenda")


@require_safe
def region_map(request: HttpRequest) -> HttpResponse:
    """How many events are to come in each region, with the same as a table."""
    narrowing = Narrowing(kind=narrowing_of(request).kind)
    counts = by_region(narrowing, now())
    tiles = tiles_of(counts)
    context = {
        **_around(request, "public_events_map", narrowing),
        "tiles": tiles,
        "listed": sorted((tile for tile in tiles if tile.count), key=lambda tile: (-tile.count, tile.name)),
        "elsewhere": counts[""],
        "total": sum(counts.values()),
    }
    return public_page(request, "map", context, name="public_events_map")


def narrowing_of(request: HttpRequest) -> Narrowing:
    """What the visitor asked to see only; what is not known is left out."""
    kind, region = request.GET.get("kind", ""), request.GET.get("region", "")
    return Narrowing(
        kind=kind if kind in EventKind.values else "",
        region=region if region in REGIONS else "",
        # PostgreSQL takes no NUL, and no organisation has one in its name.
        organisation=request.GET.get("organisation", "")[:80].replace("\0", "\ufffd"),
    )


def _around(request: HttpRequest, current: str, narrowing: Narrowing) -> dict[str, object]:
    """Tabs, filters and feeds: the same on list, month, agenda and map."""
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
    return {"label": label, "path": path, "address": whole(path), "webcal": webcal(path)}


def _narrowed_feed(language: str, narrowing: Narrowing, slugs: set[str]) -> dict[str, str] | None:
    """The feed of what the visitor looks at; none for a kind of one organisation, and for unknown ones."""
    known = not narrowing.organisation or narrowing.organisation in slugs
    if not narrowing.is_any or not known or (narrowing.kind and narrowing.organisation):
        return None
    path = feed_path(
        language, kind=narrowing.kind, region=narrowing.region, organisation=narrowing.organisation
    )
    return _feed(_("What you are looking at"), path)


def _at(request: HttpRequest, on: datetime.date, form: str) -> dict[str, str]:
    return {"url": query_string(request, on=f"{on:%Y-%m}"), "label": formats.date_format(on, form)}
