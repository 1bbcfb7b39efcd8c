"""Looking through texts by the rules: what was found, in words."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from coalition.accounts.enums import Language
from documents.checklist.predicates import Place
from documents.checklist.rules import DETAILS, Level, Rule, all_rules
from documents.checklist.subject import Sheet, sheet_of, sheets_of
from documents.drafts.live.projection import texts_as_live
from documents.drafts.models import Draft, DraftText


@dataclass(frozen=True)
class Finding:
    """What a rule found at one place, in the language of whoever reads it now."""

    rule: Rule
    language: Language
    place: Place

    @property
    def level(self) -> Level:
        return self.rule.level

    @property
    def is_must(self) -> bool:
        return self.rule.level is Level.MUST

    @property
    def message(self) -> str:
        """What was found, as a sentence."""
        params = dict(self.place.params)
        if isinstance(details := params.get("details"), tuple):
            params["details"] = ", ".join(str(DETAILS[one]) for one in details)
        return str(self.rule.message % params) if params else str(self.rule.message)


@dataclass(frozen=True)
class Checked:
    """The findings in a draft, and the hash of each text that was looked at."""

    findings: tuple[Finding, ...]
    hashes: dict[str, str]

    def of(self, languages: Collection[str], *, whole: bool = True) -> "Checked":
        """What counts when these languages are put: their own findings, and with `whole` those about the
        draft in its other languages."""
        kept = tuple(
            one for one in self.findings if one.language in languages or (whole and one.rule.of_draft)
        )
        return Checked(kept, {code: self.hashes[code] for code in languages if code in self.hashes})

    @property
    def musts(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if one.is_must)

    @property
    def shoulds(self) -> tuple[Finding, ...]:
        return tuple(one for one in self.findings if not one.is_must)

    def counted(self) -> dict[str, int]:
        """How often each rule found something to look at, for the log."""
        names = [one.rule.name for one in self.shoulds]
        return {name: names.count(name) for name in sorted(set(names))}


def check_sheet(sheet: Sheet) -> list[Finding]:
    """All findings in one text, what has to be done first, then in the order of the table."""
    found = [
        Finding(rule, Language(sheet.language), place) for rule in all_rules() for place in rule.looks(sheet)
    ]
    return sorted(found, key=lambda one: not one.is_must)


def check_text(text: DraftText, user: object) -> list[Finding]:
    """The same for a text as it stands; what the person may not know of is not counted."""
    return check_sheet(sheet_of(text, user))


def check_draft(draft: Draft, user: object) -> Checked:
    """All languages of a draft the person may read, Kazakh first, as their live texts say now."""
    return check_texts(texts_as_live(draft), user)


def check_texts(texts: Iterable[DraftText], user: object) -> Checked:
    """The same for texts of a draft that are read already (`texts_as_live`)."""
    ordered = _in_order(texts)
    findings = [finding for sheet in sheets_of(ordered, user) for finding in check_sheet(sheet)]
    return Checked(
        tuple(sorted(findings, key=lambda one: not one.is_must)),
        {text.language: text.content_hash for text in ordered},
    )


def _in_order(texts: Iterable[DraftText]) -> list[DraftText]:
    order = list(Language.values)
    return sorted(texts, key=lambda text: order.index(text.language))
