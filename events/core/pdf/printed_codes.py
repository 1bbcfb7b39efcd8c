"""Printed codes as pictures for paper."""

import io

import segno
from django.conf import settings
from django.urls import reverse


def address_of_code(code: str) -> str:
    """What the picture holds: the whole address, for a reader of any language."""
    return f"{settings.SITE_URL.rstrip('/')}{reverse('printed_code', args=[code])}"


def code_svg(code: str) -> bytes:
    """The QR picture as SVG, to be set at any size."""
    out = io.BytesIO()
    segno.make(address_of_code(code), error="m", micro=False).save(out, kind="svg", border=1)
    return out.getvalue()
