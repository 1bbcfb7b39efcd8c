"""What search engines and aggregators read of an article: schema.org's NewsArticle as JSON-LD."""

import json

from django.conf import settings
from django.utils.safestring import SafeString, mark_safe

from home.models import NewsPage

# Inside a script element only these can end it or begin a comment; JSON reads them the same.
_ESCAPES = {ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"}


def article_data(page: NewsPage) -> SafeString:
    """The script element. It names no organisation: names change, and the page itself shows them."""
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": page.title,
        "description": page.lead,
        "inLanguage": page.locale.language_code,
        "datePublished": page.published_on.isoformat(),
        "dateModified": (page.last_published_at or page.published_on).isoformat(),
        "mainEntityOfPage": f"{settings.SITE_URL.rstrip('/')}{page.get_url()}",
        "publisher": {"@type": "Organization", "name": settings.SITE_NAME, "url": settings.SITE_URL},
    }
    words = json.dumps(data, ensure_ascii=False).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{words}</script>')  # noqa: S308  escaped above
