"""Frame and structured data of public pages about events; context and pictures of members' pages."""

import datetime
import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.cache import patch_cache_control
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, override

from coalition.accounts.models import REGIONS, Language
from coalition.accounts.naming import PUBLIC
from coalition.applicants.views import SubjectView
from coalition.workspaces.permissions import Access
from documents import hooks
from documents.files.models import private_storage
from events.core.enums import EventKind, EventState, Frequency, Weekday
from events.core.facts import EventFacts, Run, SpecialHours, WeeklyHours
from events.core.models import Event
from events.core.naming import organisers_for
from events.core.occurrences import to_naive_datetime, to_utc
from events.core.permissions import event_title, may_change
from events.core.queries import text_in


def public_page(request: HttpRequest, template: str, context: dict[str, object]) -> HttpResponse:
    """Render a page in the site's frame. Caches may store it but must revalidate each time: names can
    be withheld and events cancelled at any moment."""
    context = {**hooks.site_frame_context(request), "languages": language_switch(request), **context}
    response = render(request, f"events/public/{template}.html", context)
    patch_cache_control(response, public=True, no_cache=True)
    return response


def query_string(request: HttpRequest, *, as_prefix: bool = False, **changed: str | None) -> str:
    """Return the page's query with some parameters changed or (None) removed: "?…", or "…&" to append to."""
    asked = request.GET.copy()
    for key, value in changed.items():
        asked.pop(key, None)
        if value:
            asked[key] = value
    for key in [key for key, value in asked.items() if not value]:
        asked.pop(key)
    words = asked.urlencode()
    if as_prefix:
        return f"{words}&" if words else ""
    return f"?{words}" if words else ""


def language_switch(request: HttpRequest) -> list[dict[str, object]]:
    """Return links to the same page in the three languages, with the same query."""
    match, urls = request.resolver_match, {}
    for code in Language.values:
        with override(code):
            path = reverse(match.view_name, kwargs=match.kwargs) if match else request.path
            urls[code] = path + query_string(request)
    return [
        {"code": code, "name": label, "url": urls[code], "current": code == get_language()}
        for code, label in Language.choices
    ]


class EventSubjectMixin(SubjectView):
    """Mixin for views of a flow whose subject has an `event`, at the URL of its slug alone."""

    def get_context_data(self, **context: Any) -> dict[str, Any]:
        event = self.subject.event
        return {
            **hooks.site_frame_context(self.request),
            "languages": language_switch(self.request),
            "event": event,
            "title": text_in(event, get_language() or "").title,
            **super().get_context_data(**context),
        }


# Only these can end a script element or begin a comment; JSON parses the escapes the same.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}

_TYPES = {
    EventKind.EXHIBITION: "ExhibitionEvent",
    EventKind.SCREENING: "ScreeningEvent",
    EventKind.TRAINING: "EducationEvent",
}

_EVERY = {Frequency.DAILY: "D", Frequency.WEEKLY: "W", Frequency.MONTHLY: "M", Frequency.YEARLY: "Y"}


def event_json_ld(event: Event, facts: EventFacts) -> SafeString:
    """Return the script element for a page that everyone may read; `facts` are the public ones."""
    is_here = bool(facts.place or facts.address)
    attendance = "Mixed" if is_here and facts.online else "Online" if facts.online else "Offline"
    site = settings.SITE_URL.rstrip("/")
    return json_ld_script(
        {
            "@context": "https://schema.org",
            "@type": _TYPES.get(facts.kind, "Event"),
            "name": facts.title,
            "description": facts.text[:500],
            "inLanguage": facts.language,
            "url": facts.url,
            "image": facts.picture,
            "eventAttendanceMode": f"https://schema.org/{attendance}EventAttendanceMode",
            **_dates(event, facts),
            "location": _locations(facts),
            "organizer": [
                {"@type": "Organization", "name": one.name, "url": one.url and f"{site}{one.url}"}
                for one in organisers_for(PUBLIC, event)
            ],
            "performer": [
                {"@type": "Person", "name": one.name, "jobTitle": one.role} for one in facts.speakers
            ],
            "eventSchedule": _schedule(facts),
            "openingHoursSpecification": _hours(facts.times.run) if facts.times.run else None,
        }
    )


def json_ld_script(told: dict[str, Any]) -> SafeString:
    """Return the script element with this data; empty values are left out."""
    return data_script(_filled(told))


def data_script(told: dict[str, Any]) -> SafeString:
    """Return the script element with exactly this data."""
    words = json.dumps(told, ensure_ascii=False).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{words}</script>')  # noqa: S308  # nosec B308 B703  escaped above


def _filled(data: Any) -> Any:
    """Return the data without empty values, at any depth."""
    if isinstance(data, list):
        return [_filled(one) for one in data]
    return {key: _filled(value) for key, value in data.items() if value} if isinstance(data, dict) else data


def _dates(event: Event, facts: EventFacts) -> dict[str, Any]:
    """Return dates and status. Rescheduled means another time: an event that only changed place is
    scheduled."""
    times = facts.times
    first, last = _when(times.start, times.zone), _when(times.end, times.zone, ends=True)
    if times.run is not None:
        first = first if times.has_own_time else times.run.first.isoformat()
        last = times.run.last.isoformat()
    status, previous = "EventScheduled", None
    if facts.state == EventState.CANCELLED:
        status = "EventCancelled"
    elif facts.state == EventState.MOVED and event.first_told is not None:
        day, time = event.first_told
        previous = _when(datetime.datetime.combine(day, time) if time else day, times.zone)
        status = "EventRescheduled"
    return {
        "eventStatus": f"https://schema.org/{status}",
        "startDate": first,
        "endDate": last,
        "previousStartDate": previous,
    }


def _when(local: datetime.date, zone: str, *, ends: bool = False) -> str:
    """Format a moment with its offset, or a date; the end of whole days is the last of them."""
    if isinstance(local, datetime.datetime):
        return to_utc(local, zone).astimezone(ZoneInfo(zone)).isoformat()
    return (local - datetime.timedelta(days=1) if ends else local).isoformat()


def _locations(facts: EventFacts) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    if facts.place or facts.address:
        postal = {
            "@type": "PostalAddress",
            "streetAddress": facts.address,
            "addressRegion": str(REGIONS.get(facts.region, "")),
            "addressCountry": "KZ",
        }
        name = facts.place or facts.address
        found.append({"@type": "Place", "name": name, "address": postal})
    if facts.online:
        found.append({"@type": "VirtualLocation", "url": facts.online})
    return found


def _schedule(facts: EventFacts) -> dict[str, Any] | None:
    rule = facts.times.rule
    if rule is None:
        return None
    return {
        "@type": "Schedule",
        "repeatFrequency": f"P{rule.interval}{_EVERY[rule.frequency]}",
        "startDate": to_naive_datetime(facts.times.start).date().isoformat(),
        "scheduleTimezone": facts.times.zone,
        "endDate": rule.until and rule.until.isoformat(),
        "byDay": _days(rule.weekdays),
    }


def _days(weekdays: tuple[int, ...]) -> list[str]:
    return [f"https://schema.org/{Weekday(day).name.capitalize()}" for day in weekdays]


def _hours(run: Run) -> list[dict[str, Any]]:
    spans: list[tuple[WeeklyHours | SpecialHours, list[str], datetime.date, datetime.date]] = [
        *((one, _days(one.weekdays), run.first, run.last) for one in run.openings),
        *((one, [], one.first, one.last) for one in run.specials),
    ]
    # schema.org expresses “closed” as open from midnight to midnight.
    return [
        {
            "@type": "OpeningHoursSpecification",
            "dayOfWeek": days,
            "opens": f"{one.opens:%H:%M}" if one.opens else "00:00",
            "closes": f"{one.closes:%H:%M}" if one.closes else "00:00",
            "validFrom": first.isoformat(),
            "validThrough": last.isoformat(),
        }
        for one, days, first, last in spans
    ]


def event_context(access: Access | None, event: Event) -> dict[str, object]:
    """Return the context of every page about an event: navigation, access, workspace, event, title."""
    return {
        "nav_current": "calendar",
        "access": access,
        "workspace": event.workspace,
        "event": event,
        "title": event_title(event),
    }


def planning_context(access: Access, event: Event) -> dict[str, object]:
    """Return `event_context` with `changes` (the person may plan it) and `may_change` (and it is not
    cancelled)."""
    changes = may_change(access, event)
    return {
        **event_context(access, event),
        "changes": changes,
        "may_change": changes and event.state != EventState.CANCELLED,
    }


def jpeg_response(name: str) -> HttpResponse:
    """Return a small picture from private storage; callers have checked access. Raises Http404."""
    if not name:
        raise Http404
    try:
        with private_storage().open(name) as file:
            content = file.read()
    except OSError as error:
        raise Http404 from error
    answer = HttpResponse(content, content_type="image/jpeg")
    answer["Content-Disposition"] = 'inline; filename="picture.jpg"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


# Areas of an event: each has its own page, and one line on the event's page.
#
# An area is a function of the event and the person's access that returns its line, or None where
# the area does not apply to this kind of event or to this person. At most one query each.
@dataclass(frozen=True)
class Area:
    """`label`: name; `words`: status, in half a sentence; `icon`: of the sprite; `warns`: whether
    something there is late or wrong."""

    label: str
    words: str
    address: str
    icon: str
    warns: bool = False


AreaOf = Callable[[Event, Access], Area | None]
AREAS: dict[int, AreaOf] = {}  # by their place on the event's page; the lowest stands first


def areas_of(event: Event, access: Access) -> list[Area]:
    """Return the lines for this person, in order."""
    lines = (AREAS[place](event, access) for place in sorted(AREAS))
    return [line for line in lines if line is not None]


# What capabilities add to the public page of an event: buttons that lead to pages of theirs, and parts of
# its words. One query each at most; whoever reads the page has no account.
@dataclass(frozen=True)
class PublicAction:
    """A button. `icon`: of the sprite."""

    label: str
    address: str
    icon: str


PublicActionOf = Callable[[Event], PublicAction | None]
PublicPartOf = Callable[[Event, str], object]
PUBLIC_ACTIONS: dict[int, PublicActionOf] = {}  # by their place; the lowest stands first
PUBLIC_PARTS: dict[str, PublicPartOf] = {}  # by their key in the template; called with event and language


def public_actions_of(event: Event) -> list[PublicAction]:
    """The buttons of a public event, in order."""
    actions = (PUBLIC_ACTIONS[place](event) for place in sorted(PUBLIC_ACTIONS))
    return [action for action in actions if action is not None]


def public_parts_of(event: Event, language: str) -> dict[str, object]:
    """The parts of a public event's page, for its template."""
    return {key: part_of(event, language) for key, part_of in PUBLIC_PARTS.items()}


# Detection of link-preview and prefetch requests.
#
# Messengers fetch an address to render a preview, and browsers prefetch pages. Neither is a visit,
# so neither is counted.

# User agents of these programs. Browsers *inside* messengers are people: WhatsApp's preview begins
# with its name, and Facebook's browser is called FBAN or FBAV.
_PREVIEWS: Final = re.compile(
    r"^WhatsApp/|TelegramBot|facebookexternalhit|Facebot|meta-external|Twitterbot|vkShare|Slackbot|Discordbot"
    r"|LinkedInBot|SkypeUriPreview|Viber/|Googlebot|bingbot|YandexBot|Applebot|Bytespider|GPTBot",
    re.IGNORECASE,
)

_PREFETCH_HEADERS: Final = ("Sec-Purpose", "Purpose", "X-Moz")


def is_human_visit(request: HttpRequest) -> bool:
    """Whether the request is a GET made neither by a prefetching browser nor by a known preview program.

    Nothing of the request is stored: neither the program's name nor its address.
    """
    if request.method != "GET":
        return False
    purposes = " ".join(request.headers.get(name, "") for name in _PREFETCH_HEADERS).lower()
    if "prefetch" in purposes or "prerender" in purposes or "preview" in purposes:
        return False
    return not _PREVIEWS.search(request.headers.get("User-Agent", ""))
