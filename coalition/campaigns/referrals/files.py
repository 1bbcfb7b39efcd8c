"""A code to print: as a picture, and as a card of A6 with the address in letters.

The address is drawn in capitals (`HTTPS://…/Q/…`): a QR code holds those in fewer and larger squares, which a
phone reads from farther away.
"""

import io
import math
from pathlib import Path
from typing import Final

import segno
from django.utils.translation import gettext as _, override

from coalition.accounts.naming import PUBLIC, display_name_for, may_see_name
from coalition.campaigns.core.typesetting import draw_template
from coalition.campaigns.referrals.models import ReferralCode
from coalition.campaigns.referrals.targets import title_of
from coalition.core.localized_text import content_languages
from events.core.pdf.typeset import address_in_capitals, address_of_code

CARD: Final = Path(__file__).with_name("card.typ")
SMALLEST_PNG: Final = 1000  # pixels a side
QUIET_ZONE: Final = 4  # squares around the code (ISO/IEC 18004)


def qr_png(code: str) -> bytes:
    """Return the QR code as PNG, at least 1000 pixels a side."""
    drawn = _qr(code)
    side = drawn.symbol_size(border=QUIET_ZONE)[0]
    return _saved(drawn, kind="png", scale=math.ceil(SMALLEST_PNG / side), border=QUIET_ZONE)


def qr_svg(code: str, *, border: int = QUIET_ZONE) -> bytes:
    """Return the QR code as SVG, to be printed at any size."""
    return _saved(_qr(code), kind="svg", border=border)


def address_svg(address: str) -> bytes:
    """Return a QR code of any address as SVG, without a border."""
    return _saved(segno.make(address, error="m", micro=False), kind="svg", border=0)


def card_pdf(code: ReferralCode) -> bytes:
    """Return a card of A6: what it leads to in each language, the QR code, the address in letters, and the
    organisation by the name that everybody may read; where none may be told, none stands there."""
    words = []
    for language, _name in content_languages():
        with override(language):
            words.append(
                {
                    "language": language,
                    "title": title_of(code.action, code.target, language),
                    "hint": _("Point the camera of your phone at the square, or type the address."),
                    "organisation": display_name_for(PUBLIC, code.organisation, language=language)
                    if may_see_name(PUBLIC, code.organisation)
                    else "",
                }
            )
    data = {"languages": words, "address": short_address(code.code)}
    return draw_template(CARD, data, format="pdf", pictures={"code.svg": qr_svg(code.code, border=0)})


def short_address(code: str) -> str:
    """Return the address as people type it: without its scheme."""
    return address_of_code(code).removeprefix("https://").removeprefix("http://")


def _qr(code: str) -> segno.QRCode:
    return segno.make(address_in_capitals(code), error="m", micro=False)


def _saved(drawn: segno.QRCode, *, kind: str, border: int, scale: int = 1) -> bytes:
    out = io.BytesIO()
    drawn.save(out, kind=kind, border=border, scale=scale)
    return out.getvalue()
