"""Readiness rules of an event, each with a level and a message. No database access.

A rule evaluates the preparation and returns its message, or nothing. MUST findings come before
SHOULD ones; time-dependent rules know the days until the event.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from events.core.enums import EventKind, GettingIn


class Level(StrEnum):
    """Severity of a finding. With an open MUST the event should not take place as it is."""

    MUST = "must"
    SHOULD = "should"


@dataclass(frozen=True)
class EventPreparation:
    """State of preparation. `days`: whole days until the event begins; `open_lines`: the keys of
    the checklist's template that are neither done nor archived; `missing_languages`, `unlabelled`:
    by their own names; `nobody_for`: labels of safety roles without a person. `works_…` count
    works; `careless`: difficult works without a quiet corner or a way to get help."""

    kind: str
    days: int
    has_place: bool = True
    step_free: str = GettingIn.STEP_FREE
    access_notes: bool = True
    missing_languages: tuple[str, ...] = ()
    has_text: bool = True
    text_is_public: bool = True
    has_running_order: bool = True
    overrun: str = ""
    late_items: int = 0
    second_place: bool = True
    second_agreed: bool = True
    overdue: int = 0
    open_lines: frozenset[str] = frozenset()
    nobody_for: tuple[str, ...] = ()
    has_photo_rule: bool = True
    has_no_photo_seats: bool = True
    words_tell_address: bool = False
    works: int = 1
    works_unallowed: int = 0
    works_without_return: int = 0
    works_unseen: int = 0
    unlabelled: tuple[str, ...] = ()
    careless: bool = False
    film: bool = True
    film_rights: bool = True
    film_too_often: bool = False
    film_certificate: bool = True
    film_age: bool = True
    film_support: bool = True
    unnamed_speakers: int = 0
    kit_ready: bool = True


@dataclass(frozen=True)
class Finding:
    """Message of a rule; `link`: the URL name of the event's page to fix it."""

    code: str
    level: Level
    words: str | Promise
    link: str = ""


@dataclass(frozen=True)
class ReadinessRule:
    """Readiness rule. `applies`: whether the message is due. `level`: becomes MUST from `must_from`
    days before the event."""

    code: str
    applies: Callable[[EventPreparation], bool]
    words: Callable[[EventPreparation], str | Promise]
    link: str = ""
    must_from: int = -1
    within: int = 400

    def look(self, event: EventPreparation) -> Finding | None:
        if event.days > self.within or not self.applies(event):
            return None
        level = Level.MUST if event.days <= self.must_from else Level.SHOULD
        return Finding(self.code, level, self.words(event), self.link)


def _is_press(event: EventPreparation) -> bool:
    return event.kind == EventKind.PRESS_CONFERENCE


def _takes_place(event: EventPreparation) -> bool:
    return event.kind != EventKind.DEADLINE


def _shows_film(event: EventPreparation) -> bool:
    return event.kind == EventKind.SCREENING and event.film


RULES = (
    ReadinessRule(
        "overdue",
        lambda one: one.overdue > 0,
        lambda one: (
            ngettext_lazy(
                "%(count)s line of the checklist is overdue.",
                "%(count)s lines of the checklist are overdue.",
                "count",
            )
            % {"count": one.overdue}
        ),
        link="checklist",
        must_from=7,
    ),
    ReadinessRule(
        "languages",
        lambda one: bool(one.missing_languages),
        lambda one: _("Not written yet in: %(languages)s.") % {"languages": ", ".join(one.missing_languages)},
        link="change",
    ),
    ReadinessRule(
        "step-free",
        lambda one: _takes_place(one) and one.has_place and one.step_free == GettingIn.UNKNOWN,
        lambda _one: _("It is not noted whether one gets in without steps."),
        link="change",
        must_from=7,
    ),
    ReadinessRule(
        "access-notes",
        lambda one: _takes_place(one) and one.has_place and not one.access_notes,
        lambda _one: _("No notes on access: a lift, a ramp, sign language, a quiet room."),
        link="change",
    ),
    ReadinessRule(
        "no-text",
        lambda one: _is_press(one) and not one.has_text,
        lambda _one: _("No text belongs to it: an advisory, or what is said there."),
        link="change",
        within=14,
    ),
    ReadinessRule(
        "text-not-public",
        lambda one: one.has_text and not one.text_is_public,
        lambda _one: _("Its text is not approved and public yet."),
        must_from=3,
        within=14,
    ),
    ReadinessRule(
        "interpreters",
        lambda one: "interpreters" in one.open_lines,
        lambda _one: _("No interpreter is confirmed, of sign language neither."),
        link="checklist",
        must_from=3,
        within=14,
    ),
    ReadinessRule(
        "safety",
        lambda one: bool(one.nobody_for),
        lambda one: _("Nobody is named yet as: %(roles)s.") % {"roles": ", ".join(one.nobody_for)},
        link="safety",
        must_from=5,
        within=21,
    ),
    ReadinessRule(
        "photo-rule",
        lambda one: not one.has_photo_rule,
        lambda _one: _("There is no rule yet for photographs and filming."),
        link="safety",
        must_from=1,
        within=14,
    ),
    ReadinessRule(
        "no-photo-seats",
        lambda one: not one.has_no_photo_seats,
        lambda _one: _("There are no seats yet where nobody is photographed."),
        link="safety",
        must_from=1,
        within=7,
    ),
    ReadinessRule(
        "address-in-words",
        lambda one: one.words_tell_address,
        lambda _one: _("The address is only for the confirmed, and what it is about tells it to everyone."),
        link="change",
        must_from=399,
    ),
    ReadinessRule(
        "speakers",
        lambda one: one.unnamed_speakers > 0,
        lambda one: (
            ngettext_lazy(
                "%(count)s speaker has not agreed to be named yet.",
                "%(count)s speakers have not agreed to be named yet.",
                "count",
            )
            % {"count": one.unnamed_speakers}
        ),
        link="speakers",
        must_from=1,
        within=21,
    ),
    ReadinessRule(
        "kit",
        lambda one: not one.kit_ready,
        lambda _one: _("Journalists can register, and the kit has nothing yet that can be given out."),
        link="kit",
        must_from=1,
        within=5,
    ),
    ReadinessRule(
        "second-place",
        lambda one: _is_press(one) and not one.second_place,
        lambda _one: _("There is no second place in case this one falls through."),
        link="second_place",
        must_from=3,
        within=21,
    ),
    ReadinessRule(
        "second-place-agreed",
        lambda one: one.second_place and not one.second_agreed,
        lambda _one: _("The hosts of the second place have not agreed yet."),
        link="second_place",
        must_from=3,
        within=21,
    ),
    ReadinessRule(
        "running-order",
        lambda one: _is_press(one) and not one.has_running_order,
        lambda _one: _("There is no running order yet."),
        link="running_order",
        must_from=2,
        within=14,
    ),
    ReadinessRule(
        "overrun", lambda one: bool(one.overrun), lambda one: one.overrun, link="running_order", must_from=1
    ),
    ReadinessRule(
        "late-items",
        lambda one: one.late_items > 0,
        lambda one: (
            ngettext_lazy(
                "%(count)s item of the running order comes later than its fixed time.",
                "%(count)s items of the running order come later than their fixed time.",
                "count",
            )
            % {"count": one.late_items}
        ),
        link="running_order",
        must_from=1,
    ),
    ReadinessRule(
        "no-works",
        lambda one: one.kind == EventKind.EXHIBITION and not one.works,
        lambda _one: _("No work is entered yet."),
        link="works",
        within=60,
    ),
    ReadinessRule(
        "works-unallowed",
        lambda one: one.works_unallowed > 0,
        lambda one: (
            ngettext_lazy(
                "%(count)s work may not be shown until the exhibition ends.",
                "%(count)s works may not be shown until the exhibition ends.",
                "count",
            )
            % {"count": one.works_unallowed}
        ),
        link="works",
        must_from=14,
    ),
    ReadinessRule(
        "works-return",
        lambda one: one.works_without_return > 0,
        lambda one: (
            ngettext_lazy(
                "%(count)s loan has no return date.", "%(count)s loans have no return date.", "count"
            )
            % {"count": one.works_without_return}
        ),
        link="works",
        must_from=7,
    ),
    ReadinessRule(
        "works-unseen",
        lambda one: one.works_unseen > 0,
        lambda one: (
            ngettext_lazy(
                "%(count)s lent work has no condition report at arrival.",
                "%(count)s lent works have no condition report at arrival.",
                "count",
            )
            % {"count": one.works_unseen}
        ),
        link="works",
        must_from=1,
        within=7,
    ),
    ReadinessRule(
        "labels",
        lambda one: bool(one.unlabelled),
        lambda one: _("Labels are missing in: %(languages)s.") % {"languages": ", ".join(one.unlabelled)},
        link="works",
        must_from=3,
    ),
    ReadinessRule(
        "careless",
        lambda one: one.careless,
        lambda _one: _("There are difficult works, and nobody said where to rest and how to get help."),
        link="works_around",
        must_from=14,
    ),
    ReadinessRule(
        "film",
        lambda one: one.kind == EventKind.SCREENING and not one.film,
        lambda _one: _("It is not noted which film is shown."),
        link="film",
        must_from=14,
    ),
    ReadinessRule(
        "film-rights",
        lambda one: _shows_film(one) and not one.film_rights,
        lambda _one: _("The rights to show the film do not cover its date."),
        link="film",
        must_from=21,
    ),
    ReadinessRule(
        "film-too-often",
        lambda one: _shows_film(one) and one.film_too_often,
        lambda _one: _("The film is shown more often than its rights allow."),
        link="film",
        must_from=21,
    ),
    ReadinessRule(
        "film-certificate",
        lambda one: _shows_film(one) and not one.film_certificate,
        lambda _one: _("The film has no certificate number."),
        link="film",
        must_from=14,
    ),
    ReadinessRule(
        "film-age",
        lambda one: _shows_film(one) and not one.film_age,
        lambda _one: _("The film has no age mark."),
        link="film",
        must_from=14,
    ),
    ReadinessRule(
        "film-support",
        lambda one: _shows_film(one) and not one.film_support,
        lambda _one: _("Nobody is named who supports people during the film."),
        link="film",
        must_from=3,
    ),
)


def readiness(event: EventPreparation, rules: Iterable[ReadinessRule] = RULES) -> list[Finding]:
    """Return all findings, MUST first; at most one per rule."""
    found = [finding for rule in rules if (finding := rule.look(event)) is not None]
    return sorted(found, key=lambda one: one.level != Level.MUST)
