"""How ready an event is: a table of rules, each with its level and its words. No database.

A rule looks at what is prepared and says its sentence, or nothing. What must be done stands before what
should be; rules that only matter close to the day know how close it is.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from events.core.enums import EventKind, GettingIn


class Level(StrEnum):
    """How much a sentence matters. Without what a MUST asks the event should not take place as it is."""

    MUST = "must"
    SHOULD = "should"


@dataclass(frozen=True)
class Prepared:
    """What is prepared for an event. `days`: whole days until it begins; `open_lines`: the keys of the
    checklist's template that are neither done nor taken out; `missing_languages`, `unlabelled`: by their own
    names; `nobody_for`: what nobody of the safety plan answers for, in words. `works_…` count works;
    `careless`: difficult works without a word on where to rest or who helps."""

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
    """One sentence of the table; `link`: the name of the event's page on which it is put right."""

    code: str
    level: Level
    words: str | Promise
    link: str = ""


@dataclass(frozen=True)
class Rule:
    """`applies` says whether the sentence holds. `level` close to the day may be stricter: from `must_from`
    days before on it is a MUST."""

    code: str
    applies: Callable[[Prepared], bool]
    words: Callable[[Prepared], str | Promise]
    link: str = ""
    must_from: int = -1
    within: int = 400

    def look(self, event: Prepared) -> Finding | None:
        if event.days > self.within or not self.applies(event):
            return None
        level = Level.MUST if event.days <= self.must_from else Level.SHOULD
        return Finding(self.code, level, self.words(event), self.link)


def _is_press(event: Prepared) -> bool:
    return event.kind == EventKind.PRESS_CONFERENCE


def _gathers(event: Prepared) -> bool:
    return event.kind != EventKind.DEADLINE


def _shows_film(event: Prepared) -> bool:
    return event.kind == EventKind.SCREENING and event.film


RULES = (
    Rule(
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
    Rule(
        "languages",
        lambda one: bool(one.missing_languages),
        lambda one: _("Not written yet in: %(languages)s.") % {"languages": ", ".join(one.missing_languages)},
        link="change",
    ),
    Rule(
        "step-free",
        lambda one: _gathers(one) and one.has_place and one.step_free == GettingIn.UNKNOWN,
        lambda _one: _("It is not noted whether one gets in without steps."),
        link="change",
        must_from=7,
    ),
    Rule(
        "access-notes",
        lambda one: _gathers(one) and one.has_place and not one.access_notes,
        lambda _one: _("No notes on access: a lift, a ramp, sign language, a quiet room."),
        link="change",
    ),
    Rule(
        "no-text",
        lambda one: _is_press(one) and not one.has_text,
        lambda _one: _("No text belongs to it: an advisory, or what is said there."),
        link="change",
        within=14,
    ),
    Rule(
        "text-not-public",
        lambda one: one.has_text and not one.text_is_public,
        lambda _one: _("Its text is not approved and public yet."),
        must_from=3,
        within=14,
    ),
    Rule(
        "interpreters",
        lambda one: "interpreters" in one.open_lines,
        lambda _one: _("No interpreter is confirmed, of sign language neither."),
        link="checklist",
        must_from=3,
        within=14,
    ),
    Rule(
        "safety",
        lambda one: bool(one.nobody_for),
        lambda one: _("Nobody is named yet as: %(roles)s.") % {"roles": ", ".join(one.nobody_for)},
        link="safety",
        must_from=5,
        within=21,
    ),
    Rule(
        "photo-rule",
        lambda one: not one.has_photo_rule,
        lambda _one: _("There is no rule yet for photographs and filming."),
        link="safety",
        must_from=1,
        within=14,
    ),
    Rule(
        "no-photo-seats",
        lambda one: not one.has_no_photo_seats,
        lambda _one: _("There are no seats yet where nobody is photographed."),
        link="safety",
        must_from=1,
        within=7,
    ),
    Rule(
        "address-in-words",
        lambda one: one.words_tell_address,
        lambda _one: _("The address is only for the confirmed, and what it is about tells it to everyone."),
        link="change",
        must_from=399,
    ),
    Rule(
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
    Rule(
        "kit",
        lambda one: not one.kit_ready,
        lambda _one: _("Journalists can register, and the kit has nothing yet that can be given out."),
        link="kit",
        must_from=1,
        within=5,
    ),
    Rule(
        "second-place",
        lambda one: _is_press(one) and not one.second_place,
        lambda _one: _("There is no second place in case this one falls through."),
        link="second_place",
        must_from=3,
        within=21,
    ),
    Rule(
        "second-place-agreed",
        lambda one: one.second_place and not one.second_agreed,
        lambda _one: _("The hosts of the second place have not agreed yet."),
        link="second_place",
        must_from=3,
        within=21,
    ),
    Rule(
        "running-order",
        lambda one: _is_press(one) and not one.has_running_order,
        lambda _one: _("There is no running order yet."),
        link="running_order",
        must_from=2,
        within=14,
    ),
    Rule(
        "overrun", lambda one: bool(one.overrun), lambda one: one.overrun, link="running_order", must_from=1
    ),
    Rule(
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
    Rule(
        "no-works",
        lambda one: one.kind == EventKind.EXHIBITION and not one.works,
        lambda _one: _("No work is entered yet."),
        link="works",
        within=60,
    ),
    Rule(
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
    Rule(
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
    Rule(
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
    Rule(
        "labels",
        lambda one: bool(one.unlabelled),
        lambda one: _("Labels are missing in: %(languages)s.") % {"languages": ", ".join(one.unlabelled)},
        link="works",
        must_from=3,
    ),
    Rule(
        "careless",
        lambda one: one.careless,
        lambda _one: _("There are difficult works, and nobody said where to rest and how to get help."),
        link="works_around",
        must_from=14,
    ),
    Rule(
        "film",
        lambda one: one.kind == EventKind.SCREENING and not one.film,
        lambda _one: _("It is not noted which film is shown."),
        link="film",
        must_from=14,
    ),
    Rule(
        "film-rights",
        lambda one: _shows_film(one) and not one.film_rights,
        lambda _one: _("The rights to show the film do not cover its date."),
        link="film",
        must_from=21,
    ),
    Rule(
        "film-too-often",
        lambda one: _shows_film(one) and one.film_too_often,
        lambda _one: _("The film is shown more often than its rights allow."),
        link="film",
        must_from=21,
    ),
    Rule(
        "film-certificate",
        lambda one: _shows_film(one) and not one.film_certificate,
        lambda _one: _("The film has no certificate number."),
        link="film",
        must_from=14,
    ),
    Rule(
        "film-age",
        lambda one: _shows_film(one) and not one.film_age,
        lambda _one: _("The film has no age mark."),
        link="film",
        must_from=14,
    ),
    Rule(
        "film-support",
        lambda one: _shows_film(one) and not one.film_support,
        lambda _one: _("Nobody is named who supports people during the film."),
        link="film",
        must_from=3,
    ),
)


def readiness(event: Prepared, rules: Iterable[Rule] = RULES) -> list[Finding]:
    """Everything that is missing, what must be done first; each rule says at most one sentence."""
    found = [finding for rule in rules if (finding := rule.look(event)) is not None]
    return sorted(found, key=lambda one: one.level != Level.MUST)
