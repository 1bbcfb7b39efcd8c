"""Messages to the press about an event or a text, in each of its languages: public content only."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urljoin

from django.conf import settings
from django.utils.translation import gettext as _, override

from coalition.accounts.models import REGIONS, Language
from coalition.accounts.naming import PUBLIC
from coalition.mail.outbox import absolute_url
from coalition.workspaces.share_text import ShareMessage
from documents.canonical.characters import render_text
from documents.canonical.html import render_html
from documents.models import Publication
from documents.publication.queries import sheet_address
from events.core.models import Event
from events.core.presenters import when_of
from events.core.summary import facts_for

type Matter = Event | Publication  # subject of a message

ORDER = tuple(Language.values)  # order of fallback languages


@dataclass(frozen=True)
class PressMessage:
    """Message in one language. `kind`: the subject's label; `text`, `html`: the body. `title`: one line."""

    language: str
    kind: str
    title: str
    url: str
    text: str
    html: str = ""
    when: str = ""
    where: str = ""
    organisers: str = ""


def languages_of(matter: Matter) -> list[str]:
    """Return the available languages, Kazakh first."""
    if isinstance(matter, Event):
        codes = {text.language for text in matter.texts.all() if text.title}
    else:
        codes = {text.language for text in matter.texts.all()}
    return [code for code in ORDER if code in codes]


def language_for(reads: Sequence[str], available: Sequence[str]) -> str:
    """Return the language for a recipient who reads `reads`, preferred one first."""
    return next((code for code in (*reads, *ORDER) if code in available), available[0])


def build_press_message(matter: Matter, language: str) -> PressMessage:
    """Return the message in an available language."""
    with override(language):
        if isinstance(matter, Event):
            return _event_message(matter, language)
        row = next(one for one in matter.texts.all() if one.language == language)
        return PressMessage(
            language=language,
            kind=str(matter.draft.get_kind_display()),
            title=" ".join(str(row.document["title"]).split()),
            url=urljoin(settings.SITE_URL, absolute_url(sheet_address(matter, language))),
            text=render_text(row.document, width=None).strip(),
            html=str(render_html(row.document, with_title=True)),
        )


def matter_title(matter: Matter, language: str) -> str:
    """Return the title in the language, or in a fallback."""
    codes = languages_of(matter)
    if not codes:
        return ""
    wanted = language_for([language], codes)
    if isinstance(matter, Event):
        return next(text.title for text in matter.texts.all() if text.language == wanted)
    return str(next(one.document["title"] for one in matter.texts.all() if one.language == wanted))


def messenger_messages(matter: Matter, current: str) -> list[ShareMessage]:
    """Return a message for chat apps in each available language."""
    codes, found = languages_of(matter), []
    chosen = current if current in codes else next(iter(codes), "")
    for code in codes:
        one = build_press_message(matter, code)
        head = f"{one.kind}: {one.title}" if one.kind else one.title
        text = "\n".join([head, *filter(None, (one.when, one.where)), "", one.url])
        found.append(ShareMessage(code, str(Language(code).label), text, current=code == chosen))
    return found


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
        title=" ".join(facts.title.split()),
        url=facts.url,
        text=facts.text.strip(),
        when=moments,
        where=", ".join(part for part in parts if part),
        organisers=", ".join(facts.organisers),
    )
