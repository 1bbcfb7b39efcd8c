"""Detection of link preview bots of messengers and social networks."""

import re
from typing import Final

from django.http import HttpRequest

# Prefixes of the user agent: in-app browsers name the app further back, after "Mozilla/5.0". Signal
# and others call themselves WhatsApp; Apple's Messages ends its own with "facebookexternalhit".
_AT_THE_BEGINNING: Final = (
    r"WhatsApp/|TelegramBot\b|Viber\b|Twitterbot/|Slackbot|SkypeUriPreview|LinkedInBot/"
    r"|meta-external(?:agent|fetcher)/|Snapchat/|Pinterest/"
)
_ANYWHERE: Final = (
    r"facebookexternalhit/|\bFacebot\b|Discordbot/|vkShare\b|OdklBot/|MicrosoftPreview/"
    r"|Snap URL Preview|Pinterestbot/"
)
_PROGRAMS: Final = re.compile(rf"(?:{_AT_THE_BEGINNING})|.*?(?:{_ANYWHERE})")


def is_link_preview(request: HttpRequest) -> bool:
    """Return whether the client declares itself such a bot (`User-Agent`). Never true for a browser."""
    return _PROGRAMS.match(request.headers.get("User-Agent", "")[:500]) is not None
