"""What the pages of recipients show."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _, gettext_lazy, ngettext, pgettext_lazy

from coalition.accounts.models import REGIONS
from coalition.campaigns.core.sections import Summary
from coalition.campaigns.recipients.columns import TEXT_FIELDS
from coalition.campaigns.recipients.models import Body, Target
from coalition.campaigns.recipients.permissions import may_change_recipients
from coalition.campaigns.recipients.queries import count_of_bodies, is_old
from coalition.core.localized_text import LocalizedText, content_languages
from coalition.workspaces.permissions import Access

LABELS: Final = {
    "name": gettext_lazy("Name"),
    "position": gettext_lazy("Position"),
    "committee": gettext_lazy("Committee"),
    "electoral_list": gettext_lazy("List or district"),
    "region": gettext_lazy("Region"),
    "languages": gettext_lazy("Languages"),
    "email": gettext_lazy("E-mail"),
    "address": gettext_lazy("Postal address"),
}


def recipients_summary(access: Access) -> Summary:
    """The section on the page "Campaign". One query."""
    found = count_of_bodies(access.workspace)
    if not found["bodies"]:
        step = _("Add the body to which letters go.") if may_change_recipients(access) else ""
        return Summary(_("No body is here yet."), step)
    bodies = ngettext("%(count)d body", "%(count)d bodies", found["bodies"]) % {"count": found["bodies"]}
    people = ngettext("%(count)d person in office", "%(count)d people in office", found["people"])
    words = [f"{bodies}, {people % {'count': found['people']}}."]
    if found["to_review"]:
        words.append(_("An import is to be reviewed."))
    if found["old"]:
        words.append(_("A list is older than 180 days."))
    return Summary(" ".join(words), needs_attention=bool(found["old"] or found["to_review"]))


@dataclass(frozen=True)
class BodyRow:
    """A body in the list. `name_language`: for its `lang` attribute."""

    body: Body
    name: str
    name_language: str
    in_office: int
    is_old: bool
    has_proposal: bool


def body_row(body: Body) -> BodyRow:
    """Return the row of a body of `bodies_of`."""
    annotated: Any = body
    return BodyRow(
        body=body,
        name=str(body.name),
        name_language=body.name.language_shown(),
        in_office=annotated.in_office,
        is_old=is_old(body),
        has_proposal=annotated.has_proposal,
    )


@dataclass(frozen=True)
class TargetRow:
    """A person in a list. `about`: position, committee, list, region and languages that are known."""

    target: Target
    name: str
    name_language: str
    about: list[str]


def target_row(target: Target) -> TargetRow:
    known = [
        str(target.position),
        str(target.committee),
        str(target.electoral_list),
        region_words(target.region),
        language_words(target.languages),
    ]
    return TargetRow(
        target, str(target.name), target.name.language_shown(), [words for words in known if words]
    )


def target_facts(target: Target) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return what is known about a person: label, and its texts with their language codes ("" for none)."""
    found: list[tuple[str, list[tuple[str, str]]]] = []
    for name, label in LABELS.items():
        if name in TEXT_FIELDS:
            texts = [(code, words) for code, words in getattr(target, name).items()]
        else:
            texts = [("", words)] if (words := value_words(name, getattr(target, name))) else []
        if texts:
            found.append((str(label), texts))
    return found


def region_words(code: str) -> str:
    return str(REGIONS.get(code, code))


def language_words(codes: Iterable[str]) -> str:
    names = dict(content_languages())
    return ", ".join(names.get(code, code) for code in codes)


def value_words(name: str, value: Any) -> str:
    """Return the value of a field as its reader sees it."""
    if name == "region":
        return region_words(value)
    return language_words(value) if name == "languages" else str(value)


@dataclass(frozen=True)
class ChangeLine:
    """One field of one person: what it is now, and what it would be. "" for nothing."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class DifferenceRow:
    """A person in a difference. `note`: what is known of somebody who is new."""

    identifier: str
    name: str
    lines: list[ChangeLine]
    note: str = ""


KINDS: Final = {
    "added": pgettext_lazy("people of a body", "New"),
    "changed": pgettext_lazy("people of a body", "Changed"),
    "gone": pgettext_lazy("people of a body", "Gone"),
    "back": gettext_lazy("In office again"),
}


def difference_row(kind: str, entry: dict[str, Any]) -> DifferenceRow:
    """Return the row of one entry of a difference. `kind`: a key of `KINDS`."""
    name = str(LocalizedText(entry["name"]))
    if kind == "added":
        return DifferenceRow(entry["id"], name, [], _note(entry))
    return DifferenceRow(entry["id"], name, change_lines(entry.get("fields", {})))


def _note(record: dict[str, Any]) -> str:
    words = []
    for name in ("position", "committee", "electoral_list", "region", "languages", "email"):
        value = record.get(name)
        if value:
            text = str(LocalizedText(value)) if name in TEXT_FIELDS else value_words(name, value)
            words.append(text)
    return " · ".join(one for one in words if one)


def change_lines(fields: dict[str, list[Any]]) -> list[ChangeLine]:
    """Return the changes of one person, of texts each language that differs."""
    lines = []
    for name, label in LABELS.items():
        if name not in fields:
            continue
        before, after = fields[name]
        if name not in TEXT_FIELDS:
            lines.append(ChangeLine(str(label), value_words(name, before), value_words(name, after)))
            continue
        for code, language in content_languages():
            old, new = before.get(code, ""), after.get(code, "")
            if old != new:
                lines.append(ChangeLine(f"{label} ({language})", old, new))
    return lines
