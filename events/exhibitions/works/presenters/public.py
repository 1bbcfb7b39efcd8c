"""Works of an exhibition as everyone reads them, and where their printed codes lead."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import override

from coalition.accounts.enums import Language
from events.core.models import Event, language_of, said_in
from events.core.printed_codes import Leads
from events.core.queries import public_events
from events.exhibitions.works.formatting import languages_words, maker_words, size_words
from events.exhibitions.works.models import Exhibition, Work
from events.exhibitions.works.queries import picture_is_public, public_exhibitions, public_works
from events.public.schema_org import script_of


@dataclass(frozen=True)
class Told:
    """Words and the language that they are in, "" where that is the reader's."""

    words: str
    language: str = ""


@dataclass(frozen=True)
class Picture:
    url: str
    width: int
    height: int
    alt: str
    credit: str


@dataclass(frozen=True)
class ShownWork:
    """One work for one reader. `shared`: its picture may also stand where the page is shared."""

    number: int
    url: str
    title: Told
    maker: str
    technique: Told
    year: str
    size: str
    label: Told
    note: Told
    difficult: bool
    picture: Picture | None
    shared: bool


def shown_works(exhibition: Exhibition, language: str) -> list[ShownWork]:
    """The works that everyone may see, in the order of hanging."""
    return [shown(one, language) for one in public_works(exhibition)]


def shown(work: Work, language: str) -> ShownWork:
    """A work of a public exhibition as a reader of this language is told of it."""
    event = work.exhibition.event
    today = timezone.localdate(timezone=event.zone_info)
    return ShownWork(
        number=work.number,
        url=reverse("public_work", args=[event.slug, work.number]),
        title=told(work.title, language),
        maker=maker_words(work),
        technique=told(work.technique, language),
        year=work.year,
        size=size_words(work),
        label=told(work.label, language),
        note=told(work.content_note, language),
        difficult=work.difficult,
        picture=_picture(work, event, language) if picture_is_public(work, today) else None,
        shared=picture_is_public(work, today, everywhere=True) and not work.difficult,
    )


def told(words: dict[str, str], language: str) -> Told:
    """Words in the reader's language or the next best."""
    found = language_of(words, language)
    return Told(said_in(words, language), found if found != language else "")


def beside(exhibition: Exhibition, language: str) -> dict[str, object]:
    """The quiet corner and the way to help."""
    phone = exhibition.help_phone
    return {
        "quiet_corner": told(exhibition.quiet_corner, language),
        "help": told(exhibition.help_words, language),
        "phone": phone,
        "dial": "".join(sign for sign in phone if sign.isdigit() or sign == "+"),
    }


def work_data(work: Work, one: ShownWork) -> SafeString:
    """What search engines read of a work, as schema.org's VisualArtwork."""
    root = settings.SITE_URL.rstrip("/")
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "VisualArtwork",
        "name": one.title.words,
        "url": f"{root}{one.url}",
        "artMedium": one.technique.words,
        "description": one.label.words[:500],
        "dateCreated": one.year,
    }
    if work.maker_in_public:
        data["creator"] = {"@type": "Person", "name": work.maker_in_public}
    if one.shared and one.picture is not None:
        data["image"] = f"{root}{one.picture.url}"
    return script_of(data)


def leads_to(target: UUID, language: str) -> Leads:
    """Where the printed code of a work leads: its page; else, if everyone knows of the event, that one's."""
    work = Work.objects.filter(uuid=target).select_related("exhibition").first()
    if work is None:
        return Leads()
    with override(language):
        is_open = public_exhibitions().filter(pk=work.exhibition_id).first()
        if is_open is not None:
            slug = is_open.event.slug
            if work.removed_at is None and work.show_agreed:
                return Leads(address=reverse("public_work", args=[slug, work.number]))
            return Leads(way_on=reverse("public_works", args=[slug]))
        slug = public_events().filter(pk=work.exhibition.event_id).values_list("slug", flat=True).first()
        return Leads(way_on=reverse("public_event", args=[slug])) if slug else Leads()


def film_of(event: Event, language: str) -> dict[str, object] | None:
    """The film of a screening as everyone reads of it; None before anybody said which."""
    film = getattr(event, "screening", None)
    if film is None:
        return None
    return {
        "title": told(film.title, language),
        "made": ", ".join(filter(None, [film.maker, str(film.year or "")])),
        "minutes": film.minutes,
        "sound": languages_words(film.sound),
        "subtitles": languages_words(film.subtitles),
        "age": film.age,
        "certificate": film.certificate,
        "note": told(film.content_note, language),
    }


def _picture(work: Work, event: Event, language: str) -> Picture:
    file = work.picture
    alt = said_in(work.alt, language) or (file.alt if file is not None else "")
    with override(Language.KK):  # one address in every language: kept once
        url = reverse("public_work_picture", args=[event.slug, work.number])
    credit = file.credit if file is not None else ""
    return Picture(url, work.drawn_width, work.drawn_height, alt, credit)
