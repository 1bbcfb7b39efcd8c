"""Structured data of an article for search engines: schema.org's NewsArticle as JSON-LD."""

import json

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import Truncator

from home.models import NewsPage

HEADLINE = 110  # characters that search engines read
# Inside a script element only these can end it or begin a comment; in JSON they are equivalent.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def article_data(page: NewsPage, picture: str) -> SafeString:
    """Return the script element. It names no organisation: names change, and the page itself shows
    them.
    `picture`: the address of the page's share picture (`shared_picture`)."""
    coalition = {"@type": "Organization", "name": settings.SITE_NAME, "url": settings.SITE_URL}
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": Truncator(page.title).chars(HEADLINE),
        "description": page.lead,
        "inLanguage": page.locale.language_code,
        "datePublished": page.published_on.isoformat(),
        "dateModified": (page.last_published_at or page.published_on).isoformat(),
        "mainEntityOfPage": f"{settings.SITE_URL.rstrip('/')}{page.get_url()}",
        **({"image": [f"{settings.SITE_URL.rstrip('/')}{picture}"]} if picture else {}),
        "author": coalition,
        "publisher": coalition,
    }
    words = json.dumps(data, ensure_ascii=False).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{words}</script>')  # noqa: S308  # nosec B308 B703  escaped above


def shared_picture(page: NewsPage) -> str:
    """Return the address of the page's share picture; "" if there is none."""
    if page.share_card:
        url: str = page.share_card.url
    elif page.cover is not None:
        url = page.cover.get_rendition("fill-1200x630|format-jpeg").url
    else:
        url = ""
    return url
