"""Printed codes as QR pictures."""

import io
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.urls import reverse


def address_of_code(code: str) -> str:
    """Return the content of the picture: the whole URL, independent of language."""
    return f"{settings.SITE_URL.rstrip('/')}{reverse('printed_code', args=[code])}"


def address_in_capitals(code: str) -> str:
    """Return the same URL in capitals (`HTTPS://…/Q/…`), which QR codes encode in fewer squares.

    Schemes and hosts are case-insensitive (RFC 3986, 6.2.2.1), and `/Q/` answers as `/q/` does. Only
    for a site at the root of its host: any other path would not be found in capitals.
    """
    address = f"{settings.SITE_URL.rstrip('/')}{reverse('printed_code_in_capitals', args=[code])}"
    return address.upper() if not urlsplit(settings.SITE_URL).path.strip("/") else address_of_code(code)


def code_svg(code: str) -> bytes:
    """Return the QR picture as SVG, scalable to any size."""
    out = io.BytesIO()
    segno.make(address_of_code(code), error="m", micro=False).save(out, kind="svg", border=1)
    return out.getvalue()
