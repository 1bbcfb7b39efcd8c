"""Detection of link-preview and prefetch requests.

Messengers fetch an address to render a preview, and browsers prefetch pages. Neither is a visit,
so neither is counted.
"""

import re
from typing import Final

from django.http import HttpRequest

# User agents of these programs. Browsers *inside* messengers are people: WhatsApp's preview begins
# with its name, and Facebook's browser is called FBAN or FBAV.
_PREVIEWS: Final = re.compile(
    r"^WhatsApp/|TelegramBot|facebookexternalhit|Facebot|meta-external|Twitterbot|vkShare|Slackbot|Discordbot"
    r"|LinkedInBot|SkypeUriPreview|Viber/|Googlebot|bingbot|YandexBot|Applebot|Bytespider|GPTBot",
    re.IGNORECASE,
)
_PREFETCH_HEADERS: Final = ("Sec-Purpose", "Purpose", "X-Moz")


def is_human_visit(request: HttpRequest) -> bool:
    """Whether the request is a GET made neither by a prefetching browser nor by a known preview
    program.

    Nothing of the request is stored: neither the program's name nor its address.
    """
    if request.method != "GET":
        return False
    purposes = " ".join(request.headers.get(name, "") for name in _PREFETCH_HEADERS).lower()
    if "prefetch" in purposes or "prerender" in purposes or "preview" in purposes:
        return False
    return not _PREVIEWS.search(request.headers.get("User-Agent", ""))
