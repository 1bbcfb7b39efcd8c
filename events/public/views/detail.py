"""The public page of one event."""

from django.core.files.images import get_image_dimensions
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coalition.accounts.enums import Language
from coalition.accounts.naming import PUBLIC
from coalition.accounts.regions import REGIONS
from coalition.core.clock import now
from coalition.jobs.moments import day_in_words
from events.core.enums import EventKind, EventState, GettingIn
from events.core.facts import Facts, Run
from events.core.facts_builder import facts_for
from events.core.models import Event
from events.core.naming import organisers_for, withheld_count
from events.core.occurrences import Occurrence
from events.core.opening_hours_text import range_in_words, specials_of, week_of
from events.core.public_pages import public_page
from events.core.queries import public_events, with_words
from events.exhibitions.guest_book.queries import public_guest_book
from events.exhibitions.school_groups.actions import why_closed as groups_closed
from events.exhibitions.school_groups.queries import group_visits_of
from events.exhibitions.works.presenters import film_of
from events.exhibitions.works.queries import public_exhibition
from events.feeds.calendar_links import add_links
from events.press.kit.opening import stands_on_page
from events.press.kit.queries import kit_of
from events.press.registration.actions import why_closed
from events.press.registration.queries import registration_of
from events.production.safety.presenters import photographs_of
from events.production.safety.queries import safety_plan_of
from events.public.formatting import (
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
from events.public.presenters.rows import first_time, next_time
from events.public.schema_org import event_data
from events.questions.actions.settings import why_closed as questions_closed
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
