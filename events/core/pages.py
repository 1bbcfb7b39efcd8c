"""Helpers for members' pages about one event: context, and pictures from private storage."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse

from coalition.workspaces.permissions import Access
from documents.files.models import private_storage
from events.core.enums import EventState
from events.core.models import Event
from events.core.permissions import event_title, may_change


def event_context(access: Access | None, event: Event) -> dict[str, object]:
    """Return the context of every page about an event: navigation, access, workspace, event,
    title."""
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


# --- area ---
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

_areas: dict[int, AreaOf] = {}


def register_area(place: int, area_of: AreaOf) -> None:
    """Add a line of the event's page; the lowest place stands first. Raises LookupError if it is taken."""
    if place in _areas:
        raise LookupError(f"place {place} on the event's page is taken")
    _areas[place] = area_of


def areas_of(event: Event, access: Access) -> list[Area]:
    """Return the lines for this person, in order."""
    lines = (_areas[place](event, access) for place in sorted(_areas))
    return [line for line in lines if line is not None]


# --- public actions ---
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

_actions: dict[int, PublicActionOf] = {}
_parts: dict[str, PublicPartOf] = {}


def register_public_action(place: int, action_of: PublicActionOf) -> None:
    """Add a button; the lowest place stands first. Raises LookupError if it is taken."""
    if place in _actions:
        raise LookupError(f"place {place} among the buttons of an event's public page is taken")
    _actions[place] = action_of


def register_public_part(key: str, part_of: PublicPartOf) -> None:
    """Add a part: `part_of(event, language)` gives what the template finds under `key`."""
    _parts[key] = part_of


def public_actions_of(event: Event) -> list[PublicAction]:
    """The buttons of a public event, in order."""
    actions = (_actions[place](event) for place in sorted(_actions))
    return [action for action in actions if action is not None]


def public_parts_of(event: Event, language: str) -> dict[str, object]:
    """The parts of a public event's page, for its template."""
    return {key: part_of(event, language) for key, part_of in _parts.items()}


# --- link previews ---
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
    """Whether the request is a GET made neither by a prefetching browser nor by a known preview
    program.

    Nothing of the request is stored: neither the program's name nor its address.
    """
    if request.method != "GET":
        return False
    purposes = " ".join(request.headers.get(name, "") for name in _PREFETCH_HEADERS).lower()
    if "prefetch" in purposes or "prerender" in purposes or "preview" in purposes:
        return False
    return not _PREVIEWS.search(request.headers.get("User-Agent", ""))
