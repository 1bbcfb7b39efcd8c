"""PDFs of the guest book: accepted entries for the archive, and the poster with the code."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from coalition.accounts.enums import Language
from coalition.jobs.date_formats import day_in_words
from events.core.models import Event
from events.core.pdf.documents import address_of_code, code_svg
from events.core.pdf.typeset import typeset
from events.core.queries import text_in
from events.exhibitions.guest_book.models import GuestEntry


def guest_book_pdf(*, event: Event, entries: list[GuestEntry], language: str) -> bytes:
    """Render A4 pages, each entry in its own language; names only with the author's consent."""
    return typeset(
        "guest_book.typ",
        {
            "language": language,
            "title": text_in(event, language).title,
            "heading": _("Guest book"),
            "empty": _("Nothing was taken in."),
            "rows": [
                {
                    "language": one.language,
                    "words": one.public_words,
                    "name": one.public_name,
                    "day": day_in_words(one.written_at.astimezone(event.zone_info).date()),
                    "kept": "" if one.may_show else _("not for the public"),
                }
                for one in entries
            ],
            "foot": _("For the archive of the organisers: not every entry may be published."),
        },
        event=event,
    )


def guest_code_pdf(*, event: Event, code: str) -> bytes:
    """Render one A4 sheet in three languages with the code that leads to the form."""
    said = []
    for one in Language.values:
        with override(one):
            said.append(
                {
                    "language": one,
                    "title": _("Write into our guest book"),
                    "words": _("Point the camera of your phone at the square. No name is needed."),
                    "event": text_in(event, one).title,
                }
            )
    address = address_of_code(code).removeprefix("https://").removeprefix("http://")
    data = {"languages": said, "code": code, "address": address}
    return typeset("guest_code.typ", data, {f"{code}.svg": code_svg(code)}, event=event)
