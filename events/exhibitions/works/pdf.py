"""PDFs of labels and of the catalogue of an exhibition."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from coalition.accounts.enums import Language
from documents.files.models import private_storage
from events.core.models import Event, text_for_language
from events.core.pdf.documents import code_svg
from events.core.pdf.typeset import typeset
from events.core.presenters import when_of
from events.core.printed_codes import codes_for
from events.core.queries import text_in
from events.exhibitions.works.actions import CODE_KIND
from events.exhibitions.works.models import Exhibition, Work
from events.exhibitions.works.presenters import maker_words, size_words
from events.exhibitions.works.queries import picture_is_public

LABEL_SIZES = ("small", "large")


def labels_pdf(*, event: Event, works: list[Work], size: str) -> bytes:
    """Render labels of `LABEL_SIZES` in three languages; missing translations are skipped."""
    codes = codes_for(CODE_KIND, [one.uuid for one in works])
    labels = [
        {
            "number": str(work.number),
            "code": codes[work.uuid],
            "languages": [_label(work, language) for language in Language if work.title.get(language.value)]
            or [_label(work, Language.KK)],
            "beside": _support_on_label(work),
        }
        for work in works
    ]
    data = {"title": text_in(event).title, "size": size, "labels": labels}
    pictures = {f"{code}.svg": code_svg(code) for code in codes.values()}
    return typeset("labels.typ", data, pictures, event=event)


def catalogue_pdf(*, event: Event, exhibition: Exhibition, works: list[Work], language: str) -> bytes:
    """Render the catalogue in one language. Pictures only with a valid reproduction right today,
    and never of difficult works, because paper cannot hide a picture behind its content note."""
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
            "beside": support_texts(exhibition, language),
            "works": rows,
        }
        return typeset("catalogue.typ", data, pictures, event=event)


def support_texts(exhibition: Exhibition, language: str) -> list[tuple[str, str]]:
    """Return quiet corner and way to get help as (label, text), in the language or a fallback."""
    help_words = ", ".join(
        filter(None, [text_for_language(exhibition.help_words, language), exhibition.help_phone])
    )
    rows = [
        (_("Quiet corner"), text_for_language(exhibition.quiet_corner, language)),
        (_("Way to help"), help_words),
    ]
    return [row for row in rows if row[1]]


def facts_line(work: Work, language: str) -> str:
    """Join technique, year and size."""
    return ", ".join(filter(None, [text_for_language(work.technique, language), work.year, size_words(work)]))


def _entry(work: Work, language: str) -> dict[str, str]:
    return {
        "title": work.title_in(language),
        "maker": maker_words(work),
        "facts": facts_line(work, language),
        "label": text_for_language(work.label, language),
        "note": text_for_language(work.content_note, language),
        "picture": "",
        "alt": text_for_language(work.alt, language) or (work.picture.alt if work.picture else ""),
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


def _support_on_label(work: Work) -> str:
    """Return the quiet corner and the way to get help in each language, for a difficult work."""
    if not work.difficult:
        return ""
    lines = []
    for language in Language.values:
        with override(language):
            said = [words for _what, words in support_texts(work.exhibition, language)]
        lines.extend(said)
    return " · ".join(dict.fromkeys(lines))
