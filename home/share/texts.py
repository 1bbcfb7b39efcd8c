"""The words of a piece of news for others to use: a short message, and the whole text with where it is from.

Approved words leave whole and unchanged, pictures and layout stay here.
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
from documents.canonical.html import render_html
from documents.canonical.text import render_text
from home.feeds import absolute_page_url
from home.models import NewsPage
from home.public_facts import DisplayedFact, displayed_facts
from home.public_helplines import displayed_helplines as helplines_on

SHORT_TEXT_LENGTH = 280  # characters of a message beside its address


@dataclass(frozen=True)
class ShareTexts:
    """`short`: for messengers. `text` and `html`: for republishing, with the source named at the end."""

    url: str
    short: str
    text: str
    html: str

    @property
    def telegram(self) -> str:
        return telegram_link(self._said, self.url)

    @property
    def whatsapp(self) -> str:
        return whatsapp_link(self.short)

    @property
    def mail(self) -> str:
        return mail_link(self.short.partition("\n")[0], self.short)

    @property
    def _said(self) -> str:
        return self.short.removesuffix(self.url).strip()


def share_texts_for(page: NewsPage) -> ShareTexts:
    """What others may take of a live page, in its language."""
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
    """Title and lead, cut after a whole sentence or, where there is none so short, a whole word."""
    words = f"{title.strip()}\n\n{lead.strip()}".strip()
    if len(words) <= SHORT_TEXT_LENGTH:
        return words
    left = SHORT_TEXT_LENGTH - len(title) - 2
    if left < 40:
        return title.strip()[:SHORT_TEXT_LENGTH]
    cut = lead[:left]
    sentence = max(cut.rfind(". "), cut.rfind("! "), cut.rfind("? "))
    said = cut[: sentence + 1] if sentence > left // 3 else cut[: left - 1].rpartition(" ")[0] + "…"
    return f"{title.strip()}\n\n{said}"


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
    kept = [part for part in (" ".join(one.split()) for one in parts) if part]
    head, *rest = kept
    paragraphs = "\n".join(f"<p>{escape(part)}</p>" for part in rest)
    return "\n\n".join(kept), f"<h1>{escape(head)}</h1>\n{paragraphs}"


def _block_lines(
    block: Any, facts: Mapping[str, DisplayedFact], lines: Mapping[str, HelplineView]
) -> list[str]:
    kind, value = block.block_type, block.value
    if kind == "text":
        return strip_tags(value.source.replace("</", " \n</")).splitlines()
    if kind == "quote":
        who = ", ".join(part for part in (value["speaker"], value["role"]) if part)
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
