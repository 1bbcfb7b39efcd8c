"""Telling a person who opens an address from programs that only look at it.

Messengers fetch an address to draw a preview, and browsers fetch what may be wanted next. Neither is a person
who came, so neither is counted.
"""

import re
from typing import Final

from django.http import HttpRequest

# As these programs name themselves. The browsers *inside* of messengers are people: WhatsApp's preview begins
# with its name, and Facebook's browser is called FBAN or FBAV.
_PREVIEWS: Final = re.compile(
    r"^WhatsApp/|TelegramBot|facebookexternalhit|Facebot|meta-external|Twitterbot|vkShare|Slackbot|Discordbot"
    r"|LinkedInBot|SkypeUriPreview|Viber/|Googlebot|bingbot|YandexBot|Applebot|Bytespider|GPTBot",
    re.IGNORECASE,
)
_PREFETCH_HEADERS: Final = ("Sec-Purpose", "Purpose", "X-Moz")


def is_opened_by_a_person(request: HttpRequest) -> bool:
    """Whether the request is a GET that neither a prefetching browser nor a known preview program made.

    Nothing of the request is stored: neither the program's name nor its address.
    """
    if request.method != "GET":
        return False
    purposes = " ".join(request.headers.get(name, "") for name in _PREFETCH_HEADERS).lower()
    if "prefetch" in purposes or "prerender" in purposes or "preview" in purposes:
        return False
    return not _PREVIEWS.search(request.headers.get("User-Agent", ""))
