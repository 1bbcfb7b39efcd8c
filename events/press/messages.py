"""What the press is told of an event or a text, in each of its languages: public words and nothing else."""

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
from coalition.mail.links import absolute_url
from coalition.workspaces.share_text import ShareMessage
from documents.canonical.html import render_html
from documents.canonical.text import render_text
from documents.models import Publication
from documents.publication.queries import sheet_address
from events.core.facts_builder import facts_for
from events.core.models import Event
from events.core.presenters import when_of

type Matter = Event | Publication  # what the press is told of

ORDER = tuple(Language.values)  # in which a language is fallen back on


@dataclass(frozen=True)
class Told:
    """In one language. `kind`: what it is called; `when`, `where`: of an event; `text`, `html`: the words."""

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
    """Languages in which it can be told, Kazakh first."""
    if isinstance(matter, Event):
        there = {text.language for text in matter.texts.all() if text.title}
    else:
        there = {text.language for text in matter.texts.all()}
    return [code for code in ORDER if code in there]


def language_for(reads: Sequence[str], there: Sequence[str]) -> str:
    """In which language somebody is written to who reads these, the preferred one first."""
    return next((code for code in (*reads, *ORDER) if code in there), there[0])


def told(matter: Matter, language: str) -> Told:
    """What is said in a language in which it can be told."""
    with override(language):
        return _of_event(matter, language) if isinstance(matter, Event) else _of_text(matter, language)


def title_of(matter: Matter, language: str) -> str:
    """Its title in the language, or in the next best one."""
    there = languages_of(matter)
    if not there:
        return ""
    wanted = language_for([language], there)
    if isinstance(matter, Event):
        return next(text.title for text in matter.texts.all() if text.language == wanted)
    return str(next(one.document["title"] for one in matter.texts.all() if one.language == wanted))


def for_messenger(matter: Matter, current: str) -> list[ShareMessage]:
    """A ready message in each language in which it can be told."""
    made = []
    for code in languages_of(matter):
        one = told(matter, code)
        head = f"{one.kind}: {one.title}" if one.kind else one.title
        lines = [head, *(part for part in (one.when, one.where) if part)]
        text = "\n".join([*lines, "", one.url])
        made.append(ShareMessage(code, str(Language(code).label), text, current=code == current))
    if made and not any(one.current for one in made):
        first = made[0]
        made[0] = ShareMessage(first.code, first.name, first.text, current=True)
    return made


def fallback_words(wished: str, language: str) -> str:
    """The sentence, in the language that was wished, that it is told in another one; "" if it is not."""
    if wished == language:
        return ""
    with override(wished):
        return {
            "kk": _("This is not available in your language yet, so we write to you in Kazakh."),
            "ru": _("This is not available in your language yet, so we write to you in Russian."),
            "en": _("This is not available in your language yet, so we write to you in English."),
        }[language]


def _of_event(event: Event, language: str) -> Told:
    facts = facts_for(event, language=language, viewer=PUBLIC)
    when = when_of(event)
    moments = ", ".join(part for part in (when.day[:1].upper() + when.day[1:], when.clock) if part)
    if when.open_days:
        moments = f"{moments}. {_('Open %(days)s') % {'days': when.open_days}}"
    place = [facts.place, facts.address, str(REGIONS[event.region]) if event.region in REGIONS else ""]
    parts = list(dict.fromkeys(part for part in place if part)) or [facts.online]
    return Told(
        language=language,
        kind=str(event.get_kind_display()),
        title=_line(facts.title),
        url=facts.url,
        text=facts.text.strip(),
        when=moments,
        where=", ".join(part for part in parts if part),
        organisers=", ".join(facts.organisers),
    )


def _of_text(publication: Publication, language: str) -> Told:
    row = next(one for one in publication.texts.all() if one.language == language)
    return Told(
        language=language,
        kind=str(publication.draft.get_kind_display()),
        title=_line(str(row.document["title"])),
        url=urljoin(settings.SITE_URL, absolute_url(sheet_address(publication, language))),
        text=render_text(row.document, width=None).strip(),
        html=str(render_html(row.document, with_title=True)),
    )


def _line(words: str) -> str:
    """In one line: it stands in the head of a mail."""
    return " ".join(words.split())
