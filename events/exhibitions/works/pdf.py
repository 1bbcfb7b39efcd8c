"""Labels and the catalogue of an exhibition on paper."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from coalition.accounts.enums import Language
from documents.files.models import private_storage
from events.core.models import Event, said_in
from events.core.pdf.printed_codes import code_svg
from events.core.pdf.typeset import typeset
from events.core.presenters import when_of
from events.core.printed_codes import codes_for
from events.core.queries import text_in
from events.exhibitions.works.actions import CODE_KIND
from events.exhibitions.works.formatting import maker_words, size_words
from events.exhibitions.works.models import Exhibition, Work
from events.exhibitions.works.queries import picture_is_public

LABEL_SIZES = ("small", "large")


def labels_pdf(*, event: Event, works: list[Work], size: str) -> bytes:
    """Labels of `LABEL_SIZES` in three languages; what is not written in one is left out there."""
    codes = codes_for(CODE_KIND, [one.uuid for one in works])
    labels = [
        {
            "number": str(work.number),
            "code": codes[work.uuid],
            "languages": [_label(work, language) for language in Language if work.title.get(language.value)]
            or [_label(work, Language.KK)],
            "beside": _beside_on_label(work),
        }
        for work in works
    ]
    data = {"title": text_in(event).title, "size": size, "labels": labels}
    pictures = {f"{code}.svg": code_svg(code) for code in codes.values()}
    return typeset("labels.typ", data, pictures, event=event)


def catalogue_pdf(*, event: Event, exhibition: Exhibition, works: list[Work], language: str) -> bytes:
    """The catalogue in one language. Pictures only where the right to reproduce holds today, and not of
    difficult works: paper cannot keep a picture behind its note."""
    codes = codes_for(CODE_KIND, [one.uuid for one in works])
    pictures = {f"{code}.svg": code_svg(code) for code in codes.values()}
    today = timezone.localdate(timezone=event.zone_info)
    with override(language):
        text, when = text_in(event, language), when_of(event)
        rows = []
        for work in works:
            row = _entry(work, language) | {"number": str(work.number), "code": codes[work.uuid]}
            if picture_is_public(work, today) and not work.difficult:
                row["picture"] = f"{work.uuid.hex}.jpg"
                with private_storage().open(str(work.drawn.name)) as file:
                    pictures[row["picture"]] = file.read()
            rows.append(row)
        data = {
            "language": language,
            "heading": _("Catalogue"),
            "title": text.title,
            "when": when.open_days or when.day,
            "place": ""
            if event.address_for_confirmed
            else ", ".join(filter(None, [text.place, text.address])),
            "text": text.text,
            "beside": beside_words(exhibition, language),
            "works": rows,
        }
        return typeset("catalogue.typ", data, pictures, event=event)


def beside_words(exhibition: Exhibition, language: str) -> list[tuple[str, str]]:
    """The quiet corner and the way to help, in the language or the next best: (what, words)."""
    help_words = ", ".join(filter(None, [said_in(exhibition.help_words, language), exhibition.help_phone]))
    rows = [(_("Quiet corner"), said_in(exhibition.quiet_corner, language)), (_("Way to help"), help_words)]
    return [row for row in rows if row[1]]


def facts_line(work: Work, language: str) -> str:
    """Technique, year and size in a row."""
    return ", ".join(filter(None, [said_in(work.technique, language), work.year, size_words(work)]))


def _entry(work: Work, language: str) -> dict[str, str]:
    return {
        "title": work.title_in(language),
        "maker": maker_words(work),
        "facts": facts_line(work, language),
        "label": said_in(work.label, language),
        "note": said_in(work.content_note, language),
        "picture": "",
        "alt": said_in(work.alt, language) or (work.picture.alt if work.picture else ""),
        "credit": work.picture.credit if work.picture else "",
    }


def _label(work: Work, language: Language) -> dict[str, str]:
    code = language.value
    with override(code):
        return {
            "language": code,
            "title": work.title_in(code),
            "maker": maker_words(work),
            "facts": facts_line(work, code),
            "label": work.label.get(code, ""),
            "note": work.content_note.get(code, ""),
        }


def _beside_on_label(work: Work) -> str:
    """For a difficult work: where to rest and who helps, in each language."""
    if not work.difficult:
        return ""
    lines = []
    for language in Language.values:
        with override(language):
            said = [words for _what, words in beside_words(work.exhibition, language)]
        lines.extend(said)
    return " · ".join(dict.fromkeys(lines))
