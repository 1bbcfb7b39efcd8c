"""The text of an article for sharing: a short message, and the whole text with its source.

Approved words are shared whole and unchanged, without pictures and layout.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from django.conf import settings
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from coalition.campaigns.core.share_links import mail_link, telegram_link, whatsapp_link
from coalition.campaigns.helplines.presenters import HelplineView
from documents.canonical.characters import render_text
from documents.canonical.html import render_html
from home.feeds import absolute_page_url
from home.models import NewsPage
from home.sections import DisplayedFact, displayed_facts, displayed_helplines as helplines_on

SHORT_TEXT_LENGTH = 280  # characters of a message without its address


@dataclass(frozen=True)
class ShareTexts:
    """`short`: for messengers. `text` and `html`: for republishing, with the source at the end."""

    url: str
    short: str
    text: str
    html: str

    @property
    def telegram(self) -> str:
        return telegram_link(self.short.removesuffix(self.url).strip(), self.url)

    @property
    def whatsapp(self) -> str:
        return whatsapp_link(self.short)

    @property
    def mail(self) -> str:
        return mail_link(self.short.partition("\n")[0], self.short)


def share_texts_for(page: NewsPage) -> ShareTexts:
    """Return the shareable text of a live page, in its language."""
    url = absolute_page_url(page)
    source = _("Source: %(site)s, %(url)s") % {"site": settings.SITE_NAME, "url": url}
    text, html = _page_texts(page)
    link = _("Source: %(site)s, %(url)s") % {
        "site": escape(settings.SITE_NAME),
        "url": f'<a href="{escape(url)}">{escape(url)}</a>',
    }
    return ShareTexts(
        url=url,
        short=f"{short_message(page.title, page.lead)}\n\n{url}",
        text=f"{text.strip()}\n\n{source}\n",
        html=f"{html.strip()}\n<p>{link}</p>\n",
    )


def short_message(title: str, lead: str) -> str:
    """Return title and lead, cut after a sentence or, if none is short enough, after a word."""
    words = f"{title.strip()}\n\n{lead.strip()}".strip()
    if len(words) <= SHORT_TEXT_LENGTH:
        return words
    left = SHORT_TEXT_LENGTH - len(title) - 2
    if left < 40:
        return title.strip()[:SHORT_TEXT_LENGTH]
    cut = lead[:left]
    sentence = max(cut.rfind(". "), cut.rfind("! "), cut.rfind("? "))
    lead = cut[: sentence + 1] if sentence > left // 3 else cut[: left - 1].rpartition(" ")[0] + "…"
    return f"{title.strip()}\n\n{lead}"


def _page_texts(page: NewsPage) -> tuple[str, str]:
    if page.publication is not None:
        rows = page.publication.texts.select_related("version")
        text = next((one for one in rows if one.language == page.locale.language_code), None)
        if text is not None:
            html = render_html(text.document, with_title=True)
            return render_text(text.document, width=None), str(html)
    facts, lines = displayed_facts(page), helplines_on(page)
    parts = [
        page.title,
        page.lead,
        *(part for block in page.body for part in _block_lines(block, facts, lines)),
    ]
    head, *rest = filter(None, (" ".join(part.split()) for part in parts))
    paragraphs = "\n".join(f"<p>{escape(part)}</p>" for part in rest)
    return "\n\n".join([head, *rest]), f"<h1>{escape(head)}</h1>\n{paragraphs}"


def _block_lines(
    block: Any, facts: Mapping[str, DisplayedFact], lines: Mapping[str, HelplineView]
) -> list[str]:
    kind, value = block.block_type, block.value
    if kind == "text":
        return strip_tags(value.source.replace("</", " \n</")).splitlines()
    if kind == "quote":
        who = ", ".join(filter(None, (value["speaker"], value["role"])))
        return [f"“{value['words']}”{f' — {who}' if who else ''}"]
    if kind == "fact" and value in facts:
        fact = facts[value]
        return [f"{fact.numeral} {fact.sentence} ({fact.scope} {fact.source})"]
    if kind == "helpline" and value in lines:
        ways = "; ".join(f"{one.label}: {one.value}" for one in lines[value].channels)
        return [f"{lines[value].name}. {ways}"]
    if kind == "box":
        return [value["heading"], *strip_tags(value["text"].source.replace("</", " \n</")).splitlines()]
    if kind == "number":
        return [f"{value['numeral']} {value['sentence']} ({value['scope']} {value['source']})"]
    return []
