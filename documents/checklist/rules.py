"""The rules of the checklist and their predicates."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _, ngettext_lazy

from documents.checklist.lines import (
    ChecklistSubject,
    RuleLookup,
    TextLine,
    load_checklist_words,
    register_lookup,
    unsourced_numbers,
)
from documents.drafts.identifying import find_identifying_details
from documents.drafts.models import TextKind

# Brackets with words inside, three or more underscores, or placeholder letters.
PLACEHOLDER: Final = re.compile(
    r"\[[^\[\]\n]*\w[^\[\]\n]*\]|_{3,}|(?<!\w)(?:[XХ]{2,}|TK|ТБА|TBA|TBC|lorem ipsum)(?!\w)"
)
LONGEST_TITLE: Final = 110
LONGEST_LEAD: Final = 350
_SHORT: Final = 90
# Kinds for the public, whose readers may include people who need help.
FOR_THE_PUBLIC: Final = frozenset(
    {
        TextKind.STATEMENT,
        TextKind.PRESS_RELEASE,
        TextKind.HOLDING,
        TextKind.FACT_SHEET,
        TextKind.OP_ED,
        TextKind.APPEAL,
        TextKind.CAPTION,
        TextKind.MEDIA_ITEM,
    }
)
WITH_LEAD: Final = frozenset({TextKind.PRESS_RELEASE, TextKind.ADVISORY})
# Kinds whose numbers claim nothing: statements at a meeting, the wording of laws side by side.
NO_CLAIMS: Final = frozenset({TextKind.MINUTES, TextKind.COMPARATIVE_TABLE})
_WITHOUT_NUMBERS: Final = frozenset({"quotation", "quote", "speaker", "approved", "picture"})
_FAULTS_OF_OTHERS: Final = frozenset(
    {"quotation_unattributed", "picture_without_alt", "title_missing", "open_suggestions"}
)
_QUOTED: Final = re.compile(r"«([^«»]+)»|“([^“”]+)”|„([^„“]+)“")
LONG_QUOTE: Final = 7  # words; a shorter quote may be a name


@dataclass(frozen=True)
class FindingPlace:
    """The place of a finding: block, from 1 (0: title and lead), excerpt, and `params` of its message."""

    block: int | None = None
    quote: str = ""
    params: dict[str, object] = field(default_factory=dict)


type RulePredicate = Callable[[ChecklistSubject], Iterable[FindingPlace]]


def flagged(name: str) -> RulePredicate:
    """Make the predicate that this attribute of the subject is true or a number, the `count`."""

    def find(subject: ChecklistSubject) -> Iterator[FindingPlace]:
        if value := getattr(subject, name):
            yield FindingPlace(params={"count": value})

    return find


def placeholders_left(subject: ChecklistSubject) -> Iterator[FindingPlace]:
    """Yield every line with a placeholder. A holding statement may have open gaps until the day."""
    for line in subject.reading.lines:
        found = PLACEHOLDER.findall(line.text) + [
            one for note in line.footnotes for one in PLACEHOLDER.findall(note)
        ]
        if subject.kind != TextKind.HOLDING:
            found += line.gaps
        if found:
            yield FindingPlace(line.block, shorten_quote(found[0]), {"count": len(found)})


def canonical_errors(subject: ChecklistSubject) -> Iterator[FindingPlace]:
    """Yield other faults that prevent approval, unless another rule covers them."""
    fault = subject.fault
    if fault is not None and fault.code not in _FAULTS_OF_OTHERS:
        yield FindingPlace(fault.block, "", {"reason": fault.message})


def missing(name: str, kinds: Collection[TextKind] = tuple(TextKind)) -> RulePredicate:
    """Make the predicate that the title or lead is empty, in a text of these kinds."""

    def find(subject: ChecklistSubject) -> Iterator[FindingPlace]:
        if not subject.is_empty and subject.kind in kinds and not getattr(subject, name).strip():
            yield FindingPlace(0)

    return find


def too_long(name: str, limit: int) -> RulePredicate:
    """Make the predicate that the title or lead is longer than the limit, in characters."""

    def find(subject: ChecklistSubject) -> Iterator[FindingPlace]:
        text = getattr(subject, name)
        if len(text) > limit:
            yield FindingPlace(0, shorten_quote(text), {"length": len(text), "limit": limit})

    return find


def speaker_missing(subject: ChecklistSubject) -> Iterator[FindingPlace]:
    for quotation in subject.reading.quotations:
        if not quotation.speaker:
            yield FindingPlace(quotation.block, shorten_quote(quotation.words))


def quotation_unattributed(subject: ChecklistSubject) -> Iterator[FindingPlace]:
    """Yield words in quotation marks or set off as a quote without an attribution next to them."""
    words = load_checklist_words(subject.language)
    for line in subject.reading.lines:
        if line.kind in {"quotation", "speaker", "picture", "approved", "title"} or line.sourced:
            continue
        if line.kind == "quote":
            if not re.search(r"—\s*\w|\(\w", line.text):
                yield FindingPlace(line.block, shorten_quote(line.text))
            continue
        for found in _QUOTED.finditer(line.text):
            quoted = next(filter(None, found.groups()))
            before = line.text[max(0, found.start() - 40) : found.start()]
            outside = line.text[: found.start()] + line.text[found.end() :]
            attributed = words["title"].search(before) or words["said"].search(outside)
            if len(quoted.split()) >= LONG_QUOTE and not attributed:
                yield FindingPlace(line.block, shorten_quote(quoted))


def picture_text_missing(name: str) -> RulePredicate:
    """Make the predicate that a picture has none of these texts, in place or with its file."""

    def find(subject: ChecklistSubject) -> Iterator[FindingPlace]:
        for picture in subject.reading.pictures:
            own = getattr(picture, name)
            text = subject.pictures.get(picture.file, {}).get(name, "") if own is None else own
            if not text.strip():
                yield FindingPlace(picture.block, shorten_quote(picture.caption or picture.alt or ""))

    return find


def number_unsourced(subject: ChecklistSubject) -> Iterator[FindingPlace]:
    """Yield numbers that make a claim. In a table one source covers all its cells."""
    if subject.kind in NO_CLAIMS:
        return
    sourced = {line.block for line in subject.reading.lines if line.kind == "table" and line.sourced}
    for line in subject.reading.lines:
        if line.kind in _WITHOUT_NUMBERS or line.block in sourced:
            continue
        found = unsourced_numbers(line, subject.language)
        if found:
            numbers = ", ".join(one[0] for one in found)
            yield FindingPlace(
                line.block, shorten_quote(line.text, around=found[0].start()), {"numbers": numbers}
            )


def fact_altered(subject: ChecklistSubject) -> Iterator[FindingPlace]:
    """Yield facts that differ from the version of the register which they cite."""
    for one in subject.reading.facts:
        known = subject.register.get(one.id)
        if known is None or (one.words, one.source) != (known.words, known.source):
            yield FindingPlace(one.block, shorten_quote(one.words))


def fact_outdated(subject: ChecklistSubject) -> Iterator[FindingPlace]:
    """Yield facts that have changed since or are out of use."""
    for one in subject.reading.facts:
        known = subject.register.get(one.id)
        if known is not None and not known.is_newest:
            yield FindingPlace(one.block, shorten_quote(one.words))


def survivor_identifiable(subject: ChecklistSubject) -> Iterator[FindingPlace]:
    """Yield passages that identify a survivor, alone or together with the passage before."""
    before: TextLine | None = None
    for line in subject.reading.lines:
        found = find_identifying_details(line.text, subject.language)
        if not found and before is not None and line.kind == before.kind != "list":
            together = f"{before.text} {line.text}"
            found = find_identifying_details(together, subject.language, enough=4, kinds=3)
        if found:
            around = min((one.start for one in found if one.words in line.text), default=0)
            kinds = tuple(dict.fromkeys(one.kind for one in found))
            yield FindingPlace(line.block, shorten_quote(line.text, around=around), {"details": kinds})
        before = None if found else line


def help_missing(subject: ChecklistSubject) -> Iterator[FindingPlace]:
    """Yield one finding for a public text about violence that does not say where to get help."""
    if subject.is_empty or subject.kind not in FOR_THE_PUBLIC:
        return
    words, lines = load_checklist_words(subject.language), subject.reading.lines
    if not any(words["about"].search(line.text) for line in lines):
        return
    linked = any(href.startswith("tel:") or "/help" in href for line in lines for href in line.links)
    if not linked and not any(words["given"].search(line.text) for line in lines):
        yield FindingPlace()


def shorten_quote(text: str, *, around: int = 0) -> str:
    """Shorten the text to an excerpt by which a person can find it."""
    if len(text) <= _SHORT:
        return text
    begin = max(0, min(around - _SHORT // 3, len(text) - _SHORT))
    end = begin + _SHORT
    cut = text[begin:end]
    if begin:
        cut = f"…{cut.partition(' ')[2] or cut}"
    if end < len(text):
        cut = f"{cut.rpartition(' ')[0] or cut}…"
    return cut


class RuleLevel(TextChoices):
    """MUST prevents a text from being submitted for approval; SHOULD has to be acknowledged."""

    MUST = "must", _("Has to be done")
    SHOULD = "should", _("To look at")


@dataclass(frozen=True)
class ChecklistRule:
    """`about` names the subject; `message` states the finding (with the params of the place),
    `advice` what to do. `of_draft`: it also applies if its language is not submitted."""

    name: str
    looks: RulePredicate
    level: RuleLevel
    about: Promise
    message: Promise
    advice: Promise
    of_draft: bool = False


RULES: Final = (
    ChecklistRule(
        "survivor_known",
        survivor_identifiable,
        RuleLevel.SHOULD,
        _("Nothing tells who a survivor is"),
        _("These details together can tell who a survivor is: %(details)s."),
        _("Leave some of them out, or blur them: a region for a village, a year for a day."),
    ),
    ChecklistRule(
        "not_written",
        flagged("is_empty"),
        RuleLevel.SHOULD,
        _("All languages are there"),
        _("Nobody has written this language yet."),
        _("Write it, or put the other languages to approval without it."),
        of_draft=True,
    ),
    ChecklistRule(
        "older",
        flagged("is_older"),
        RuleLevel.SHOULD,
        _("No translation is older than its source"),
        _("The text it was translated from has changed since."),
        _("Bring it up to date, or say on its page that it says the same."),
        of_draft=True,
    ),
    ChecklistRule(
        "suggestions",
        flagged("suggestions"),
        RuleLevel.MUST,
        _("No suggestion is open"),
        ngettext_lazy("%(count)d suggestion is open.", "%(count)d suggestions are open.", "count"),
        _("Accept or reject each: what is approved has no open suggestions."),
    ),
    ChecklistRule(
        "comments",
        flagged("threads"),
        RuleLevel.MUST,
        _("No comment is open"),
        ngettext_lazy("%(count)d comment is open.", "%(count)d comments are open.", "count"),
        _("Answer and resolve each."),
    ),
    ChecklistRule(
        "placeholders",
        placeholders_left,
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
        speaker_missing,
        RuleLevel.MUST,
        _("Every quotation names its speaker"),
        _("A quotation does not say who speaks."),
        _("Name the speaker and the post."),
    ),
    ChecklistRule(
        "unsaid",
        quotation_unattributed,
        RuleLevel.SHOULD,
        _("Quoted words have a speaker or a source"),
        _("It is not said whose words these are."),
        _("Say who said or wrote it, or make it a quotation with its speaker."),
    ),
    ChecklistRule(
        "no_source",
        number_unsourced,
        RuleLevel.SHOULD,
        _("Every number has a source"),
        _("No source stands with these numbers: %(numbers)s."),
        _("Add a footnote that names the source, its country or region and its year, or use a known fact."),
    ),
    ChecklistRule(
        "fact_altered",
        fact_altered,
        RuleLevel.MUST,
        _("Facts say what the register says"),
        _("This fact does not say what the register says."),
        _("Take it out and choose it anew, or write the words as plain text with their source."),
    ),
    ChecklistRule(
        "fact_older",
        fact_outdated,
        RuleLevel.SHOULD,
        _("No fact has changed since"),
        _("This fact has changed in the register, or is out of use."),
        _("Take the new words, or leave the fact out."),
    ),
    ChecklistRule(
        "title_missing",
        missing("title"),
        RuleLevel.MUST,
        _("The text has a title"),
        _("There is no title."),
        _("Write one."),
    ),
    ChecklistRule(
        "title_long",
        too_long("title", LONGEST_TITLE),
        RuleLevel.SHOULD,
        _("The title is short"),
        _("The title has %(length)d characters; %(limit)d are read at a glance."),
        _("Shorten it: the rest can stand in the lead."),
    ),
    ChecklistRule(
        "lead_missing",
        missing("lead", WITH_LEAD),
        RuleLevel.SHOULD,
        _("The text has a lead"),
        _("There is no lead."),
        _("Say in one or two sentences what the text says."),
    ),
    ChecklistRule(
        "lead_long",
        too_long("lead", LONGEST_LEAD),
        RuleLevel.SHOULD,
        _("The lead is short"),
        _("The lead has %(length)d characters; %(limit)d are enough."),
        _("Keep two sentences and move the rest into the text."),
    ),
    ChecklistRule(
        "no_alt",
        picture_text_missing("alt"),
        RuleLevel.MUST,
        _("Every picture is described"),
        _("A picture has no description for people who cannot see it."),
        _("Describe in a sentence what it shows."),
    ),
    ChecklistRule(
        "no_credit",
        picture_text_missing("credit"),
        RuleLevel.SHOULD,
        _("Every picture has a credit"),
        _("It is not said who made a picture."),
        _("Name its maker, and who allows its use."),
    ),
    ChecklistRule(
        "no_help",
        help_missing,
        RuleLevel.SHOULD,
        _("A text about violence says where help is"),
        _("The text speaks of violence and does not say where help is."),
        _("Add a helpline or crisis centre with its hours and languages."),
    ),
    ChecklistRule(
        "form",
        canonical_errors,
        RuleLevel.MUST,
        _("The text can be approved"),
        _("The text cannot be approved yet: %(reason)s"),
        _("Mend this place."),
    ),
)

_registered: list[ChecklistRule] = []


def register_rule(rule: ChecklistRule, lookup: RuleLookup) -> None:
    """Add a rule of a higher layer, after those of the table (from `AppConfig.ready()`).

    Rules make no database queries: `lookup` reads the data of this one when the subject is built,
    and the rule finds it in `ChecklistSubject.looked_up` under its name.
    """
    register_lookup(rule.name, lookup)
    _registered[:] = [*(one for one in _registered if one.name != rule.name), rule]


def all_rules() -> tuple[ChecklistRule, ...]:
    """Return the rules of the table, then those of higher layers."""
    return (*RULES, *_registered)
