"""The checklist before approval, as a table: what is looked at, how much it weighs, what is said of it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from documents.checklist import predicates
from documents.checklist.identifying import Kind
from documents.checklist.predicates import Place
from documents.checklist.subject import Lookup, Sheet, register_lookup


class Level(StrEnum):
    """MUST keeps a text from being put to approval; SHOULD is looked at and acknowledged."""

    MUST = "must"
    SHOULD = "should"

    @property
    def label(self) -> Promise:
        return _("Has to be done") if self is Level.MUST else _("To look at")


@dataclass(frozen=True)
class Rule:
    """`about` names what is looked at; `message` says what was found (with the params of the place), `advice`
    what to do. `of_draft`: it counts for a draft also where its language is not put."""

    name: str
    looks: Callable[[Sheet], Iterator[Place]]
    level: Level
    about: Promise
    message: Promise
    advice: Promise
    of_draft: bool = False


RULES: Final = (
    Rule(
        "survivor_known",
        predicates.survivor_known,
        Level.SHOULD,
        _("Nothing tells who a survivor is"),
        _("These details together can tell who a survivor is: %(details)s."),
        _("Leave some of them out, or blur them: a region for a village, a year for a day."),
    ),
    Rule(
        "not_written",
        predicates.not_written,
        Level.SHOULD,
        _("All languages are there"),
        _("Nobody has written this language yet."),
        _("Write it, or put the other languages to approval without it."),
        of_draft=True,
    ),
    Rule(
        "older",
        predicates.older,
        Level.SHOULD,
        _("No translation is older than its source"),
        _("The text it was translated from has changed since."),
        _("Bring it up to date, or say on its page that it says the same."),
        of_draft=True,
    ),
    Rule(
        "suggestions",
        predicates.suggestions,
        Level.MUST,
        _("No suggestion is open"),
        ngettext_lazy("%(count)d suggestion is open.", "%(count)d suggestions are open.", "count"),
        _("Accept or reject each: what is approved has no open suggestions."),
    ),
    Rule(
        "comments",
        predicates.comments,
        Level.MUST,
        _("No comment is open"),
        ngettext_lazy("%(count)d comment is open.", "%(count)d comments are open.", "count"),
        _("Answer and resolve each."),
    ),
    Rule(
        "placeholders",
        predicates.placeholders,
        Level.MUST,
        _("Nothing is left to fill in"),
        ngettext_lazy(
            "Something is left to fill in here, in %(count)d place.",
            "Something is left to fill in here, in %(count)d places.",
            "count",
        ),
        _("Write what belongs there, or take it out."),
    ),
    Rule(
        "no_speaker",
        predicates.no_speaker,
        Level.MUST,
        _("Every quotation names its speaker"),
        _("A quotation does not say who speaks."),
        _("Name the speaker and the post."),
    ),
    Rule(
        "unsaid",
        predicates.unsaid,
        Level.SHOULD,
        _("Quoted words have a speaker or a source"),
        _("It is not said whose words these are."),
        _("Say who said or wrote it, or make it a quotation with its speaker."),
    ),
    Rule(
        "no_source",
        predicates.no_source,
        Level.SHOULD,
        _("Every number has a source"),
        _("No source stands with these numbers: %(numbers)s."),
        _("Add a footnote that names the source, its country or region and its year, or use a known fact."),
    ),
    Rule(
        "fact_altered",
        predicates.fact_altered,
        Level.MUST,
        _("Facts say what the register says"),
        _("This fact does not say what the register says."),
        _("Take it out and choose it anew, or write the words as plain text with their source."),
    ),
    Rule(
        "fact_older",
        predicates.fact_older,
        Level.SHOULD,
        _("No fact has changed since"),
        _("This fact has changed in the register, or is out of use."),
        _("Take the new words, or leave the fact out."),
    ),
    Rule(
        "title_missing",
        predicates.title_missing,
        Level.MUST,
        _("The text has a title"),
        _("There is no title."),
        _("Write one."),
    ),
    Rule(
        "title_long",
        predicates.title_long,
        Level.SHOULD,
        _("The title is short"),
        _("The title has %(length)d characters; %(limit)d are read at a glance."),
        _("Shorten it: the rest can stand in the lead."),
    ),
    Rule(
        "lead_missing",
        predicates.lead_missing,
        Level.SHOULD,
        _("The text has a lead"),
        _("There is no lead."),
        _("Say in one or two sentences what the text says."),
    ),
    Rule(
        "lead_long",
        predicates.lead_long,
        Level.SHOULD,
        _("The lead is short"),
        _("The lead has %(length)d characters; %(limit)d are enough."),
        _("Keep two sentences and move the rest into the text."),
    ),
    Rule(
        "no_alt",
        predicates.no_alt,
        Level.MUST,
        _("Every picture is described"),
        _("A picture has no description for people who cannot see it."),
        _("Describe in a sentence what it shows."),
    ),
    Rule(
        "no_credit",
        predicates.no_credit,
        Level.SHOULD,
        _("Every picture has a credit"),
        _("It is not said who made a picture."),
        _("Name its maker, and who allows its use."),
    ),
    Rule(
        "no_help",
        predicates.no_help,
        Level.SHOULD,
        _("A text about violence says where help is"),
        _("The text speaks of violence and does not say where help is."),
        _("Add a helpline or crisis centre with its hours and languages."),
    ),
    Rule(
        "form",
        predicates.form,
        Level.MUST,
        _("The text can be approved"),
        _("The text cannot be approved yet: %(reason)s"),
        _("Mend this place."),
    ),
)

DETAILS: Final = {
    Kind.NAME: _("a name"),
    Kind.WORKPLACE: _("a workplace or school"),
    Kind.PLACE: _("a place"),
    Kind.POST: _("a post"),
    Kind.DATE: _("a date"),
    Kind.FAMILY: _("family"),
    Kind.AGE: _("age"),
}

_registered: list[Rule] = []


def register_rule(rule: Rule, lookup: Lookup) -> None:
    """Add a rule of a layer above, after those of the table (from `AppConfig.ready()`).

    Rules ask the database nothing: `lookup` reads what this one needs when the sheet is made, and the rule
    finds it in `Sheet.looked_up` under its name.
    """
    register_lookup(rule.name, lookup)
    _registered[:] = [*(one for one in _registered if one.name != rule.name), rule]


def all_rules() -> tuple[Rule, ...]:
    """Return the rules of the table, then those of layers above."""
    return (*RULES, *_registered)
