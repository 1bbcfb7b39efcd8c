"""Recognition of spreadsheet columns by their headers, in three languages, and codes for values."""

import csv
import io
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from django.db.models import TextChoices
from django.http import HttpResponse
from django.utils.translation import override

from coalition.accounts.models import REGIONS, Language
from documents.contacts.models import Beat, Channel

HEADS: Final[Mapping[str, str]] = {
    "outlet": "outlet, media, media outlet, organisation, organization, newsroom, редакция, издание, сми,"
    " организация, название сми, название, басылым, бақ, бақ атауы, ұйым, атауы",
    "surname": "surname, last name, family name, фамилия, тегі",
    "name": "name, full name, first name, person, contact, journalist, имя, фио, ф и о, имя и фамилия,"
    " контакт, контактное лицо, журналист, аты, аты жөні, есімі, байланыс, байланыс тұлғасы",
    "address": "email, mail, e mail, email address, почта, эл почта, электронная почта, емейл, имейл,"
    " адрес почты, пошта, эл пошта, электрондық пошта, поштасы",
    "phone": "phone, phone number, tel, telephone, mobile, cell, телефон, тел, номер, номер телефона,"
    " мобильный, моб, сотовый, контактный телефон, телефоны, телефон нөмірі, ұялы, ұялы телефон, нөмірі",
    "messenger": "messenger, telegram, whatsapp, мессенджер, телеграм, телеграмм, ватсап, вотсап, тг",
    "language": "language, languages, lang, язык, языки, тіл, тілі, тілдері, тілдер",
    "beats": "topic, topics, beat, beats, subject, тема, темы, тематика, рубрика, тақырып, тақырыбы,"
    " тақырыптар, тақырыптары",
    "regions": "region, regions, city, area, область, регион, регионы, город, облыс, облысы, өңір, өңірі,"
    " аймақ, қала, қаласы",
    "channels": "channel, channels, type, kind, media type, тип, вид, канал, тип сми, вид сми, түрі,"
    " бақ түрі, арна",
}
_LANGUAGES: Final[Mapping[str, str]] = {
    "kk": "kk, kz, kaz, kazakh, қазақ, қазақша, қаз, каз, казахский, казах, на казахском",
    "ru": "ru, rus, russian, русский, рус, орыс, орысша, на русском",
    "en": "en, eng, english, английский, англ, ағылшын, ағылшынша, на английском",
}
_MORE_CHANNELS: Final[Mapping[str, str]] = {
    "site": "site, website, web, online, internet, сайт, интернет, онлайн, интернет сми, сайты",
    "print": "newspaper, magazine, print, газета, журнал, печать, печатное",
    "tv": "tv, тв, телевидение, телеканал, телеарна, television",
    "radio": "radio, радио",
    "agency": "agency, news agency, агентство, информагентство, агенттік, ақпарат агенттігі",
    "social": "social media, instagram, facebook, соцсети, әлеуметтік желі, инстаграм",
    "messenger": "telegram, whatsapp, телеграм, тг канал",
    "podcast": "podcast, подкаст",
}
_MORE_BEATS: Final[Mapping[str, str]] = {
    "society": "social, социальное, социальные вопросы, әлеуметтік",
    "women": "women, gender, женщины, гендер, гендерное равенство, әйелдер, гендерлік теңдік",
    "law": "law, courts, justice, право, закон, законы, суд, суды, юстиция, құқық, заң, сот",
    "health": "medicine, медицина, здоровье, денсаулық, медицинасы",
    "education": "school, schools, школа, школы, білім, мектеп",
    "culture": "art, arts, искусство, өнер",
    "economy": "business, бизнес, экономика и бизнес",
    "regional": "region, regional, local news, регион, регионы, местные новости, өңір, аймақ",
    "photo": "photo, photos, video, фото, видео, фото видео, бейне",
}
_REGION_WORDS = {"область", "облысы", "region", "oblast", "город", "қаласы", "city", "г", "обл", "the"}


def normalise_cell(words: str) -> str:
    """Return letters and digits in lower case with single spaces, to compare headers and values."""
    folded = unicodedata.normalize("NFKC", words).casefold().replace("ё", "е")
    return " ".join("".join(sign if sign.isalnum() else " " for sign in folded).split())


def recognise_columns(heads: Sequence[str], names: Mapping[str, str] = HEADS) -> dict[str, int]:
    """Map columns by header: the first of each. A header that begins with a known one counts, too."""
    known = _spelled(names)
    found: dict[str, int] = {}
    for at, head in enumerate(heads):
        name = known.get(normalise_cell(head))
        if name is not None:
            found.setdefault(name, at)
    for at, head in enumerate(heads):
        name = known.get(normalise_cell(head).partition(" ")[0])
        if name is not None and at not in found.values():
            found.setdefault(name, at)
    return found


def language_codes(words: str) -> tuple[list[str], list[str]]:
    """Return codes of the languages mentioned, and the parts not understood."""
    return _codes(words, _spelled(_LANGUAGES))


def region_codes(words: str) -> tuple[list[str], list[str]]:
    return _codes(words, _regions())


def beat_codes(words: str) -> tuple[list[str], list[str]]:
    return _codes(words, {**_labels(Beat), **_spelled(_MORE_BEATS)})


def channel_codes(words: str) -> tuple[list[str], list[str]]:
    return _codes(words, {**_labels(Channel), **_spelled(_MORE_CHANNELS)})


def code_of(words: str, enum: type[TextChoices], more: Mapping[str, str]) -> str | None:
    """Return the enum value meant: by its label in any language, or by common spellings."""
    codes, strange = _codes(words, {**_labels(enum), **_spelled(more)})
    return codes[0] if len(codes) == 1 and not strange else None


def _codes(words: str, known: Mapping[str, str]) -> tuple[list[str], list[str]]:
    codes: dict[str, None] = {}
    strange: list[str] = []
    for sign in ";/|\n+&":
        words = words.replace(sign, ",")
    for part in (part.strip() for part in words.split(",") if normalise_cell(part)):
        code = known.get(normalise_cell(part)) or known.get(_bare(part))
        if code is None:
            strange.append(part)
        else:
            codes[code] = None
    return list(codes), strange


def _bare(words: str) -> str:
    """Strip the generic part of a region's name: “Abai” for “Abai Region”."""
    return " ".join(word for word in normalise_cell(words).split() if word not in _REGION_WORDS)


def _spelled(table: Mapping[str, str]) -> dict[str, str]:
    return {normalise_cell(one): name for name, spellings in table.items() for one in spellings.split(",")}


@lru_cache(maxsize=8)
def _labels(enum: type[TextChoices]) -> dict[str, str]:
    found: dict[str, str] = {one.value: one.value for one in enum}
    for language in Language:
        with override(language.value):
            found |= {normalise_cell(str(one.label)): one.value for one in enum}
    return found


@lru_cache(maxsize=1)
def _regions() -> dict[str, str]:
    """Return regions by ISO code and by name in each language, also without the generic part where it
    is unique: Almaty is the city, so Almaty Region needs its full name."""
    found = {normalise_cell(code): code for code in REGIONS}
    bare: dict[str, list[str]] = {}
    for language in Language:
        with override(language.value):
            for code, name in REGIONS.items():
                found[normalise_cell(str(name))] = code
                bare.setdefault(_bare(str(name)), []).append(code)
    short = {name: codes[0] for name, codes in bare.items() if len(set(codes)) == 1}
    return {**short, **found}


_RISKY = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet program takes such a cell for a formula


def csv_response(heads: Sequence[str], rows: Iterable[Sequence[str]], name: str) -> HttpResponse:
    """Return the file with this name as a response."""
    answer = HttpResponse(csv_bytes(heads, rows), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def csv_bytes(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """Return the file: UTF-8 with a byte order mark, all fields quoted."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(heads)
    writer.writerows([escape_formula(cell) for cell in row] for row in rows)
    return ("\ufeff" + out.getvalue()).encode()


def escape_formula(cell: str) -> str:
    """Escape the cell so that it begins no formula."""
    return f"'{cell}" if cell.startswith(_RISKY) else cell
