"""Readiness of an event, for members who prepare it: what is missing, as sentences.

What must be done comes before what should be; rules that depend on time know the days until the event.
"""

from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _, ngettext_lazy

from coalition.accounts.models import Language
from events.core.enums import EventKind, EventState, GettingIn
from events.core.models import Event, EventText
from events.core.presenters import is_over
from events.core.queries import unnamed_count
from events.exhibitions.works.presenters import gaps_of_exhibition, gaps_of_film
from events.press.kit.presenters import kit_is_ready
from events.production.models import EventTask, FallbackVenue
from events.production.running_order.presenters import RunningOrderTable
from events.production.safety.views import missing_in_safety_plan


class ReadinessRule(NamedTuple):
    """What to say about a gap. `link`: the URL name of the event's page where it is closed, "" for none.

    It is said from `within` days before the event. With `must_from` days left the event should not take
    place as it is.
    """

    code: str
    words: str | Promise
    link: str = ""
    must_from: int = -1
    within: int = 400


RULES = (
    ReadinessRule(
        "overdue",
        ngettext_lazy(
            "%(count)s line of the checklist is overdue.",
            "%(count)s lines of the checklist are overdue.",
            "count",
        ),
        "checklist",
        must_from=7,
    ),
    ReadinessRule("languages", _("Not written yet in: %(languages)s."), "change"),
    ReadinessRule(
        "step-free", _("It is not noted whether one gets in without steps."), "change", must_from=7
    ),
    ReadinessRule(
        "access-notes", _("No notes on access: a lift, a ramp, sign language, a quiet room."), "change"
    ),
    ReadinessRule(
        "no-text", _("No text belongs to it: an advisory, or what is said there."), "change", within=14
    ),
    ReadinessRule(
        "text-not-public", _("Its text is not approved and public yet."), "", must_from=3, within=14
    ),
    ReadinessRule(
        "interpreters",
        _("No interpreter is confirmed, of sign language neither."),
        "checklist",
        must_from=3,
        within=14,
    ),
    ReadinessRule("safety", _("Nobody is named yet as: %(roles)s."), "safety", must_from=5, within=21),
    ReadinessRule(
        "photo-rule", _("There is no rule yet for photographs and filming."), "safety", must_from=1, within=14
    ),
    ReadinessRule(
        "no-photo-seats",
        _("There are no seats yet where nobody is photographed."),
        "safety",
        must_from=1,
        within=7,
    ),
    ReadinessRule(
        "address-in-words",
        _("The address is only for the confirmed, and what it is about tells it to everyone."),
        "change",
        must_from=399,
    ),
    ReadinessRule(
        "speakers",
        ngettext_lazy(
            "%(count)s speaker has not agreed to be named yet.",
            "%(count)s speakers have not agreed to be named yet.",
            "count",
        ),
        "speakers",
        must_from=1,
        within=21,
    ),
    ReadinessRule(
        "kit",
        _("Journalists can register, and the kit has nothing yet that can be given out."),
        "kit",
        must_from=1,
        within=5,
    ),
    ReadinessRule(
        "second-place",
        _("There is no second place in case this one falls through."),
        "second_place",
        must_from=3,
        within=21,
    ),
    ReadinessRule(
        "second-place-agreed",
        _("The hosts of the second place have not agreed yet."),
        "second_place",
        must_from=3,
        within=21,
    ),
    ReadinessRule(
        "running-order", _("There is no running order yet."), "running_order", must_from=2, within=14
    ),
    ReadinessRule("overrun", "%(value)s", "running_order", must_from=1),
    ReadinessRule(
        "late-items",
        ngettext_lazy(
            "%(count)s item of the running order comes later than its fixed time.",
            "%(count)s items of the running order come later than their fixed time.",
            "count",
        ),
        "running_order",
        must_from=1,
    ),
    ReadinessRule("no-works", _("No work is entered yet."), "works", within=60),
    ReadinessRule(
        "works-unallowed",
        ngettext_lazy(
            "%(count)s work may not be shown until the exhibition ends.",
            "%(count)s works may not be shown until the exhibition ends.",
            "count",
        ),
        "works",
        must_from=14,
    ),
    ReadinessRule(
        "works-return",
        ngettext_lazy("%(count)s loan has no return date.", "%(count)s loans have no return date.", "count"),
        "works",
        must_from=7,
    ),
    ReadinessRule(
        "works-unseen",
        ngettext_lazy(
            "%(count)s lent work has no condition report at arrival.",
            "%(count)s lent works have no condition report at arrival.",
            "count",
        ),
        "works",
        must_from=1,
        within=7,
    ),
    ReadinessRule("labels", _("Labels are missing in: %(languages)s."), "works", must_from=3),
    ReadinessRule(
        "careless",
        _("There are difficult works, and nobody said where to rest and how to get help."),
        "works_around",
        must_from=14,
    ),
    ReadinessRule("film", _("It is not noted which film is shown."), "film", must_from=14),
    ReadinessRule(
        "film-rights", _("The rights to show the film do not cover its date."), "film", must_from=21
    ),
    ReadinessRule(
        "film-too-often", _("The film is shown more often than its rights allow."), "film", must_from=21
    ),
    ReadinessRule("film-certificate", _("The film has no certificate number."), "film", must_from=14),
    ReadinessRule("film-age", _("The film has no age mark."), "film", must_from=14),
    ReadinessRule(
        "film-support", _("Nobody is named who supports people during the film."), "film", must_from=3
    ),
)
SHORTEST = 4  # minimum letters of a place name to search for in texts


def readiness(gaps: Mapping[str, Any], days: int) -> list[tuple[bool, ReadinessRule, str]]:
    """Return whether it is a must, the rule, and the sentence, of each rule with a gap; musts first.

    `gaps`: by the code of a rule a number, a list of names, or whether there is one. `days`: whole days
    until the event begins.
    """
    found = []
    for rule in RULES:
        gap = gaps.get(rule.code)
        if gap and days <= rule.within:
            names = ", ".join(gap) if isinstance(gap, list | tuple) else gap
            words = rule.words % {"count": gap, "languages": names, "roles": names, "value": gap}
            found.append((days <= rule.must_from, rule, str(words)))
    return sorted(found, key=lambda one: not one[0])


def findings_of(
    event: Event, *, running: RunningOrderTable | None, second: FallbackVenue | None, overdue: int
) -> list[tuple[bool, str, str]]:
    """Return tuples (is a must, sentence, URL to fix it); none if the event is over or cancelled."""
    if event.state == EventState.CANCELLED or is_over(event):
        return []
    days = (event.starts_on - timezone.localdate(timezone=event.zone_info)).days
    return [
        (is_must, words, reverse(f"events:{rule.link}", args=[event.uuid]) if rule.link else "")
        for is_must, rule, words in readiness(gaps_of(event, running, second, overdue), days)
    ]


def gaps_of(
    event: Event, running: RunningOrderTable | None, second: FallbackVenue | None, overdue: int
) -> dict[str, Any]:
    """Return what is not prepared, by the codes of the rules; see `readiness`."""
    texts = {text.language: text for text in event.texts.all()}
    written = {code for code, text in texts.items() if text.title}
    tasks = EventTask.objects.filter(event=event, removed_at=None, done_at=None).exclude(key="")
    open_lines = frozenset(tasks.values_list("key", flat=True))
    nobody_for, no_rule, no_seats = missing_in_safety_plan(event, open_lines=open_lines)
    is_press = event.kind == EventKind.PRESS_CONFERENCE
    placed = any(text.place or text.address for text in texts.values())
    has_place = placed and event.kind != EventKind.DEADLINE
    return {
        "overdue": overdue,
        "languages": [str(one.label) for one in Language if one.value not in written],
        "step-free": has_place and event.step_free == GettingIn.UNKNOWN,
        "access-notes": has_place and not any(text.access_notes for text in texts.values()),
        "no-text": is_press and event.draft is None,
        "text-not-public": event.draft is not None and not getattr(event.draft, "public_now", ()),
        "interpreters": "interpreters" in open_lines,
        "safety": nobody_for,
        "photo-rule": no_rule,
        "no-photo-seats": no_seats,
        "address-in-words": event.address_for_confirmed and _mention_address(texts.values()),
        "speakers": unnamed_count(event),
        "kit": not kit_is_ready(event),
        "second-place": is_press and second is None,
        "second-place-agreed": second is not None and not second.agreed and second.used_at is None,
        "running-order": is_press and not (running and running.rows),
        "overrun": running.overrun if running else "",
        "late-items": sum(bool(row.late) for row in running.rows) if running else 0,
        **gaps_of_exhibition(event),
        **gaps_of_film(event),
    }


def _mention_address(texts: Collection[EventText]) -> bool:
    """Whether the description or a title contains a place or an address in any language."""
    told = "\n".join(f"{text.title}\n{text.text}" for text in texts).casefold()
    secrets = {word.strip().casefold() for text in texts for word in (text.place, text.address)}
    return any(secret in told for secret in secrets if len(secret) >= SHORTEST)
