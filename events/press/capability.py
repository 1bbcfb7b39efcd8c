"""What was said with the press is forgotten a while later."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from coalition.accounts.enums import Language
from coalition.accounts.naming import PUBLIC
from coalition.accounts.regions import REGIONS
from coalition.core.retention import RetentionRule, anonymise_cutoff, delete_in_batches, empty_in_batches
from coalition.mail.links import absolute_url
from coalition.workspaces.share_text import ShareMessage
from documents.canonical.html import render_html
from documents.canonical.text import render_text
from documents.models import Publication
from documents.publication.queries import sheet_address
from events.core.capability import EventCapability
from events.core.facts_builder import facts_for
from events.core.models import Event
from events.core.presenters import when_of
from events.core.queries import is_over_since
from events.press import actions, forms
from events.press.coverage.models import CoverageLink
from events.press.kit.models import KitOpened
from events.press.models import Call

DAYS_KEPT = 90  # after the event


def forget_calls() -> int:
    """Erase notes of phone calls, recipients of links, hashes of kit visitors. Return the number of
    rows."""
    before = anonymise_cutoff()
    opens = ("kit__made_at", "kit__opens_at", "kit__afterwards_at")
    opened = KitOpened.objects.filter(is_over_since(DAYS_KEPT, "kit__event__", *opens))
    return (
        empty_in_batches(Call.objects.filter(called_at__lt=before).exclude(note=""), note="")
        + empty_in_batches(CoverageLink.objects.filter(ends_at__lt=before).exclude(label=""), label="")
        + delete_in_batches(opened)
    )


# --- capability ---
# What the press desk brings to events and to the layers below.


PRESS = EventCapability(
    name="press",
    urls="events.press.urls",
    retention_rules=(
        RetentionRule(
            "events.forget_contact_sheets",
            forget=forms.forget_old_sheets,
            of="events.SheetTaken: spreadsheets of contacts or coverage that were not taken in",
            until=f"{forms.RETENTION_PERIOD.days} day",
        ),
        RetentionRule(
            "events.forget_calls",
            forget=forget_calls,
            of="events.Call, CoverageLink, KitOpened: what was said on the phone, for whom a link was, who"
            " opened a kit",
            until=f"AUDIT_PERSON_MONTHS; of kits {DAYS_KEPT} days after the event",
        ),
    ),
    due_work={actions.FORGET_CONTACT: actions.forget_removed_contact},
)


# --- messages ---
# Messages to the press about an event or a text, in each of its languages: public content only.


type Matter = Event | Publication  # subject of a message

ORDER = tuple(Language.values)  # order of fallback languages


@dataclass(frozen=True)
class PressMessage:
    """Message in one language. `kind`: the subject's label; `when`, `where`: of an event; `text`,
    `html`: the body."""

    language: str
    kind: str
    title: str
    url: str
    text: str
    html: str = ""
    when: str = ""
    where: str = ""
    organisers: str = ""

    def as_context(self) -> dict[str, Any]:
        return dict(vars(self))


def languages_of(matter: Matter) -> list[str]:
    """Return the available languages, Kazakh first."""
    if isinstance(matter, Event):
        there = {text.language for text in matter.texts.all() if text.title}
    else:
        there = {text.language for text in matter.texts.all()}
    return [code for code in ORDER if code in there]


def language_for(reads: Sequence[str], there: Sequence[str]) -> str:
    """Return the language for a recipient who reads `reads`, preferred one first."""
    return next((code for code in (*reads, *ORDER) if code in there), there[0])


def build_press_message(matter: Matter, language: str) -> PressMessage:
    """Return the message in an available language."""
    with override(language):
        return (
            _event_message(matter, language) if isinstance(matter, Event) else _text_message(matter, language)
        )


def matter_title(matter: Matter, language: str) -> str:
    """Return the title in the language, or in a fallback."""
    there = languages_of(matter)
    if not there:
        return ""
    wanted = language_for([language], there)
    if isinstance(matter, Event):
        return next(text.title for text in matter.texts.all() if text.language == wanted)
    return str(next(one.document["title"] for one in matter.texts.all() if one.language == wanted))


def messenger_messages(matter: Matter, current: str) -> list[ShareMessage]:
    """Return a message for chat apps in each available language."""
    made = []
    for code in languages_of(matter):
        one = build_press_message(matter, code)
        head = f"{one.kind}: {one.title}" if one.kind else one.title
        lines = [head, *(part for part in (one.when, one.where) if part)]
        text = "\n".join([*lines, "", one.url])
        made.append(ShareMessage(code, str(Language(code).label), text, current=code == current))
    if made and not any(one.current for one in made):
        first = made[0]
        made[0] = ShareMessage(first.code, first.name, first.text, current=True)
    return made


def fallback_words(wished: str, language: str) -> str:
    """Return the notice, in the requested language, that another one is used; "" if it is not."""
    if wished == language:
        return ""
    with override(wished):
        return {
            "kk": _("This is not available in your language yet, so we write to you in Kazakh."),
            "ru": _("This is not available in your language yet, so we write to you in Russian."),
            "en": _("This is not available in your language yet, so we write to you in English."),
        }[language]


def _event_message(event: Event, language: str) -> PressMessage:
    facts = facts_for(event, language=language, viewer=PUBLIC)
    when = when_of(event)
    moments = ", ".join(part for part in (when.day[:1].upper() + when.day[1:], when.clock) if part)
    if when.open_days:
        moments = f"{moments}. {_('Open %(days)s') % {'days': when.open_days}}"
    place = [facts.place, facts.address, str(REGIONS[event.region]) if event.region in REGIONS else ""]
    parts = list(dict.fromkeys(part for part in place if part)) or [facts.online]
    return PressMessage(
        language=language,
        kind=str(event.get_kind_display()),
        title=_line(facts.title),
        url=facts.url,
        text=facts.text.strip(),
        when=moments,
        where=", ".join(part for part in parts if part),
        organisers=", ".join(facts.organisers),
    )


def _text_message(publication: Publication, language: str) -> PressMessage:
    row = next(one for one in publication.texts.all() if one.language == language)
    return PressMessage(
        language=language,
        kind=str(publication.draft.get_kind_display()),
        title=_line(str(row.document["title"])),
        url=urljoin(settings.SITE_URL, absolute_url(sheet_address(publication, language))),
        text=render_text(row.document, width=None).strip(),
        html=str(render_html(row.document, with_title=True)),
    )


def _line(words: str) -> str:
    """Return the text on one line, for a mail header."""
    return " ".join(words.split())
