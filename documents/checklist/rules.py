"""The rules of the checklist before approval as a table: predicates, levels, messages."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from documents.checklist import predicates
from documents.checklist.identifying import DetailKind
from documents.checklist.predicates import FindingPlace
from documents.checklist.subject import ChecklistSubject, RuleLookup, register_lookup


class RuleLevel(StrEnum):
    """MUST prevents a text from being submitted for approval; SHOULD has to be acknowledged."""

    MUST = "must"
    SHOULD = "should"

    @property
    def label(self) -> Promise:
        return _("Has to be done") if self is RuleLevel.MUST else _("To look at")


@dataclass(frozen=True)
class ChecklistRule:
    """`about` names the subject; `message` states the finding (with the params of the place),
    `advice` what to do. `of_draft`: it also applies if its language is not submitted."""

    name: str
    looks: Callable[[ChecklistSubject], Iterator[FindingPlace]]
    level: RuleLevel
    about: Promise
    message: Promise
    advice: Promise
    of_draft: bool = False


RULES: Final = (
    ChecklistRule(
        "survivor_known",
        predicates.survivor_identifiable,
        RuleLevel.SHOULD,
        _("Nothing tells who a survivor is"),
        _("These details together can tell who a survivor is: %(details)s."),
        _("Leave some of them out, or blur them: a region for a village, a year for a day."),
    ),
    ChecklistRule(
        "not_written",
        predicates.text_empty,
        RuleLevel.SHOULD,
        _("All languages are there"),
        _("Nobody has written this language yet."),
        _("Write it, or put the other languages to approval without it."),
        of_draft=True,
    ),
    ChecklistRule(
        "older",
        predicates.translation_outdated,
        RuleLevel.SHOULD,
        _("No translation is older than its source"),
        _("The text it was translated from has changed since."),
        _("Bring it up to date, or say on its page that it says the same."),
        of_draft=True,
    ),
    ChecklistRule(
        "suggestions",
        predicates.suggestions_open,
        RuleLevel.MUST,
        _("No suggestion is open"),
        ngettext_lazy("%(count)d suggestion is open.", "%(count)d suggestions are open.", "count"),
        _("Accept or reject each: what is approved has no open suggestions."),
    ),
    ChecklistRule(
        "comments",
        predicates.comments_open,
        RuleLevel.MUST,
        _("No comment is open"),
        ngettext_lazy("%(count)d comment is open.", "%(count)d comments are open.", "count"),
        _("Answer and resolve each."),
    ),
    ChecklistRule(
        "placeholders",
        predicates.placeholders_left,
        RuleLevel.MUST,
        _("Nothing is left to fill in"),
        ngettext_lazy(
            "Something is left to fill in here, in %(count)d place.",
            "Something is left to fill in here, in %(count)d places.",
            "count",
        ),
        _("Write what belongs there, or take it out."),
    ),
    ChecklistRule(
        "no_speaker",
        predicates.speaker_missing,
        RuleLevel.MUST,
        _("Every quotation names its speaker"),
        _("A quotation does not say who speaks."),
        _("Name the speaker and the post."),
    ),
    ChecklistRule(
        "unsaid",
        predicates.quotation_unattributed,
        RuleLevel.SHOULD,
        _("Quoted words have a speaker or a source"),
        _("It is not said whose words these are."),
        _("Say who said or wrote it, or make it a quotation with its speaker."),
    ),
    ChecklistRule(
        "no_source",
        predicates.number_unsourced,
        RuleLevel.SHOULD,
        _("Every number has a source"),
        _("No source stands with these numbers: %(numbers)s."),
        _("Add a footnote that names the source, its country or region and its year, or use a known fact."),
    ),
    ChecklistRule(
        "fact_altered",
        predicates.fact_altered,
        RuleLevel.MUST,
        _("Facts say what the register says"),
        _("This fact does not say what the register says."),
        _("Take it out and choose it anew, or write the words as plain text with their source."),
    ),
    ChecklistRule(
        "fact_older",
        predicates.fact_outdated,
        RuleLevel.SHOULD,
        _("No fact has changed since"),
        _("This fact has changed in the register, or is out of use."),
        _("Take the new words, or leave the fact out."),
    ),
    ChecklistRule(
        "title_missing",
        predicates.title_missing,
        RuleLevel.MUST,
        _("The text has a title"),
        _("There is no title."),
        _("Write one."),
    ),
    ChecklistRule(
        "title_long",
        predicates.title_long,
        RuleLevel.SHOULD,
        _("The title is short"),
        _("The title has %(length)d characters; %(limit)d are read at a glance."),
        _("Shorten it: the rest can stand in the lead."),
    ),
    ChecklistRule(
        "lead_missing",
        predicates.lead_missing,
        RuleLevel.SHOULD,
        _("The text has a lead"),
        _("There is no lead."),
        _("Say in one or two sentences what the text says."),
    ),
    ChecklistRule(
        "lead_long",
        predicates.lead_long,
        RuleLevel.SHOULD,
        _("The lead is short"),
        _("The lead has %(length)d characters; %(limit)d are enough."),
        _("Keep two sentences and move the rest into the text."),
    ),
    ChecklistRule(
        "no_alt",
        predicates.picture_alt_missing,
        RuleLevel.MUST,
        _("Every picture is described"),
        _("A picture has no description for people who cannot see it."),
        _("Describe in a sentence what it shows."),
    ),
    ChecklistRule(
        "no_credit",
        predicates.picture_credit_missing,
        RuleLevel.SHOULD,
        _("Every picture has a credit"),
        _("It is not said who made a picture."),
        _("Name its maker, and who allows its use."),
    ),
    ChecklistRule(
        "no_help",
        predicates.help_missing,
        RuleLevel.SHOULD,
        _("A text about violence says where help is"),
        _("The text speaks of violence and does not say where help is."),
        _("Add a helpline or crisis centre with its hours and languages."),
    ),
    ChecklistRule(
        "form",
        predicates.canonical_errors,
        RuleLevel.MUST,
        _("The text can be approved"),
        _("The text cannot be approved yet: %(reason)s"),
        _("Mend this place."),
    ),
)

DETAIL_LABELS: Final = {
    DetailKind.NAME: _("a name"),
    DetailKind.WORKPLACE: _("a workplace or school"),
    DetailKind.PLACE: _("a place"),
    DetailKind.POST: _("a post"),
    DetailKind.DATE: _("a date"),
    DetailKind.FAMILY: _("family"),
    DetailKind.AGE: _("age"),
}

_registered: list[ChecklistRule] = []


def register_rule(rule: ChecklistRule, lookup: RuleLookup) -> None:
    """Add a rule of a higher layer, after those of the table (from `AppConfig.ready()`).

    Rules make no database queries: `lookup` reads the data of this one when the sheet is made,
    and the rule finds it in `Sheet.looked_up` under its name.
    """
    register_lookup(rule.name, lookup)
    _registered[:] = [*(one for one in _registered if one.name != rule.name), rule]


def all_rules() -> tuple[ChecklistRule, ...]:
    """Return the rules of the table, then those of higher layers."""
    return (*RULES, *_registered)
