"""Addresses that open a messenger or a mail program with words that are ready to be sent.

Nothing of these programs is loaded by our pages: a person presses a plain link.
"""

from urllib.parse import quote, urlencode


def telegram_link(words: str, url: str) -> str:
    """Return the address by which Telegram offers `words` with `url` before them."""
    return f"https://t.me/share/url?{urlencode({'url': url, 'text': words})}"


def whatsapp_link(message: str) -> str:
    """Return the address by which WhatsApp offers the whole message."""
    return f"https://wa.me/?{urlencode({'text': message})}"


def mail_link(subject: str, message: str) -> str:
    """Return the address by which a mail program offers the message, to nobody yet."""
    # A plus sign is a plus sign to mail programs (RFC 6068), so spaces are written out.
    return "mailto:?" + urlencode({"subject": subject, "body": message}, quote_via=quote)
