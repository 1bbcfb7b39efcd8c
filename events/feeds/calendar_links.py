"""Links to add an event, or all of them, to a visitor's own calendar."""

from dataclasses import dataclass
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.urls import reverse

from events.core.facts import EventFacts
from events.core.models import Event
from events.core.occurrences import Occurrence


@dataclass(frozen=True)
class AddLinks:
    """Links to one's own calendar; `google` and `outlook` are empty where their form cannot express
    the event."""

    file: str
    apple: str
    google: str = ""
    outlook: str = ""


def add_links(event: Event, facts: EventFacts, one: Occurrence | None) -> AddLinks:
    """Return the links for one event. Third-party forms lack opening hours and rules: those get the
    file."""
    path = event_file(event, facts.language)
    told = one is not None and facts.times.rule is None and not facts.times.also
    return AddLinks(
        file=path,
        apple=webcal_url(path),
        google=google_link(facts, one) if one and told else "",
        outlook=outlook_link(facts, one) if one and told else "",
    )


def event_file(event: Event, language: str) -> str:
    """Return the path of one event's calendar file, without the host."""
    return f"{reverse('calendar_event', args=[event.uuid])}?{urlencode({'language': language})}"


def feed_path(language: str, *, kind: str = "", region: str = "", organisation: str = "") -> str:
    """Return the feed of everything public, of a kind or of a listed organisation, optionally of one
    region."""
    asked = {"language": language, **({"region": region} if region else {})}
    if kind:
        path = reverse("calendar_kind", args=[kind])
    elif organisation:
        path = reverse("calendar_organisation", args=[organisation])
    else:
        path = reverse("calendar_feed")
    return f"{path}?{urlencode(asked)}"


def absolute_feed_url(path: str) -> str:
    """Return the URL with the host, to copy."""
    return f"{settings.SITE_URL.rstrip('/')}{path}"


def webcal_url(path: str) -> str:
    """Return the URL that calendar programs open by themselves."""
    return f"webcal://{urlsplit(settings.SITE_URL).netloc}{path}"


def google_link(facts: EventFacts, one: Occurrence) -> str:
    """Return the URL of Google's filled-in form."""
    asked = {
        "action": "TEMPLATE",
        "text": facts.title,
        "dates": _google_dates(one),
        "ctz": facts.times.zone,
        "details": _details(facts),
        "location": _location(facts),
    }
    return f"https://calendar.google.com/calendar/render?{urlencode(asked)}"


def outlook_link(facts: EventFacts, one: Occurrence) -> str:
    """Return the URL of Outlook's filled-in form."""
    form = "%Y-%m-%d" if one.all_day else "%Y-%m-%dT%H:%M:%SZ"
    begins, ends = (one.local_start, one.local_end) if one.all_day else (one.starts_at, one.ends_at)
    asked = {
        "path": "/calendar/action/compose",
        "rru": "addevent",
        "subject": facts.title,
        "startdt": begins.strftime(form),
        "enddt": ends.strftime(form),
        "allday": "true" if one.all_day else "false",
        "body": _details(facts),
        "location": _location(facts),
    }
    return f"https://outlook.live.com/calendar/0/deeplink/compose?{urlencode(asked)}"


def _google_dates(one: Occurrence) -> str:
    if one.all_day:
        return f"{one.local_start:%Y%m%d}/{one.local_end:%Y%m%d}"
    return f"{one.starts_at:%Y%m%dT%H%M%SZ}/{one.ends_at:%Y%m%dT%H%M%SZ}"


def _details(facts: EventFacts) -> str:
    return "\n\n".join(part for part in (facts.text[:300], facts.online, facts.url) if part)


def _location(facts: EventFacts) -> str:
    return ", ".join(part for part in (facts.place, facts.address) if part)
