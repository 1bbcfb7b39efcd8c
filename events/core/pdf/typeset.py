"""Typesetting of PDFs: texts are data, never markup."""

import datetime
import io
import json
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import segno
from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _, override

from coalition.accounts.models import Language
from documents.interchange.pdf.fonts import ensure_fonts
from events.core.enums import EventState
from events.core.formatting import day_and_time
from events.core.models import Event
from events.core.queries import text_in


def when_and_where(when: str, event: Event, language: str) -> str:
    """Join the given time and the place. The PDF is for people who may know the address."""
    text = text_in(event, language)
    place = ", ".join(filter(None, [text.place, text.address]))
    return " · ".join(filter(None, [when, place]))


def change_notice(event: Event) -> str:
    """Return “Cancelled”, or the old and the new time, in the active language; empty if unchanged.

    An event moved more than once is compared with the first announcement, as on its page.
    """
    if event.state == EventState.CANCELLED:
        return _("Cancelled")
    if event.state != EventState.MOVED:
        return ""
    if event.first_told is None:
        return _("Moved to another place")
    before, now = day_and_time(*event.first_told), day_and_time(event.starts_on, event.starts_at_time)
    if before == now:
        return ""
    return _("Moved: was %(before)s, now %(now)s") % {"before": before, "now": now}


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


HERE: Final = Path(__file__).parent
# Wraps each template, so that none can omit the notice.
_WITH_NOTICE: Final = """
#import "page.typ": running-notice
#set page(foreground: running-notice(json("data.json").notice))
#include "%s"
"""
_EPOCH: Final = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)


def typeset(
    template: str,
    data: Mapping[str, object],
    pictures: Mapping[str, bytes] | None = None,
    *,
    event: Event | None,
    folder_of_template: Path = HERE,
) -> bytes:
    """Return the PDF of a `.typ` file of this folder with `data`. Always in Onest, independent of the
    machine's fonts.

    `pictures` by file name, for `image(name)`; names are the caller's own, never a person's. `event`:
    the subject of the PDF; if it was cancelled or moved, every page says so, in the language of the
    PDF (`data["language"]`) or, without one, in all. None for a PDF without an event.
    `folder_of_template`: the template's folder if not this one; it may import from here.
    """
    import typst  # typst is large, and rarely needed

    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        notices = []
        for language in [str(data["language"])] if data.get("language") else Language.values:
            with override(language):
                notices.append(change_notice(event) if event is not None else "")
        notice = " · ".join(filter(None, notices))
        (folder / "data.json").write_text(json.dumps({**data, "notice": notice}), encoding="utf-8")
        for path in [*HERE.glob("*.typ"), folder_of_template / template]:
            (folder / path.name).write_bytes(path.read_bytes())
        (folder / "paper_of_event.typ").write_text(_WITH_NOTICE % template, encoding="utf-8")
        for file, content in (pictures or {}).items():
            (folder / file).write_bytes(content)
        pdf: bytes = typst.compile(
            folder / "paper_of_event.typ",
            root=folder,
            font_paths=[ensure_fonts()],
            ignore_system_fonts=True,
            package_path=folder / "none",
            package_cache_path=folder / "none",
            timestamp=_EPOCH,
        )
    return pdf
