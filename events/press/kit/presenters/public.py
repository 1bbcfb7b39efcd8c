"""The kit as journalists read it: what is open, file names that tell nothing of ours, when the rest opens."""

import datetime
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from uuid import UUID

from anyascii import anyascii
from django.template.defaultfilters import filesizeformat
from django.utils.text import slugify
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from coalition.accounts.enums import Language
from coalition.jobs.moments import with_place
from coalition.mail.links import absolute
from documents.canonical.text import render_text
from documents.files.public_copy import CopyMissing, public_size
from documents.models import Publication, PublicationText, StoredFile
from documents.publication.certificate import awaiting_words, correction_words
from documents.publication.queries.publications import sheet_address
from events.core.enums import EventState
from events.core.opening_hours_text import moment_in_words
from events.exhibitions.works.enums import Spoken
from events.press.kit.enums import KitKind, KitPhase, KitWay, Standing
from events.press.kit.models import EventKit, KitItem
from events.press.kit.queries.kit import Judged
from events.press.registration.enums import PressState
from events.press.registration.models import PressGuest

LONGEST = 60  # letters of a file's name
ICONS = {
    KitKind.TEXT: "book",
    KitKind.FILE: "file",
    KitKind.LINK: "link",
    KitKind.RECORDING: "talk",
    KitKind.TRANSCRIPT: "book",
    KitKind.PHOTOGRAPH: "picture",
    KitKind.QUOTATION: "quote",
}

type AddressOf = Callable[[UUID], str]


@dataclass(frozen=True)
class Taken:
    """One file that can be taken: where, in which language (its name; "" if it has none), how large."""

    address: str
    language: str
    code: str
    size: str


@dataclass(frozen=True)
class Shown:
    """One thing as it is read. `gone`: why there is nothing to read, in a sentence; then all else is empty,
    but the title of a file that is being prepared.
    `lang`: the language of the title; `about`: language and length of a recording, in words."""

    uuid: UUID
    kind: str
    icon: str
    gone: str = ""
    title: str = ""
    lang: str = ""
    notes: tuple[dict[str, str], ...] = ()
    takes: tuple[Taken, ...] = ()
    read: str = ""
    link: str = ""
    about: str = ""
    caption: str = ""
    credit: str = ""
    alt: str = ""
    words: str = ""
    speaker: str = ""


def shown(judged: Judged, address_of: AddressOf) -> Shown:
    """A thing in the active language."""
    item, publication = judged.item, judged.publication
    kind = KitKind(item.kind)
    bare = Shown(item.uuid, str(kind.label), ICONS[kind])
    if not judged.is_given:
        return _gone(bare, judged)
    told = replace(bare, title=title_of_item(judged), lang=_lang(judged, get_language() or Language.KK))
    if publication is not None:
        return _of_text(replace(told, read=sheet_address(publication)), judged, publication, address_of)
    if item.file is not None:
        return _of_file(told, item.file, address_of(item.uuid))
    return replace(told, link=item.link, about=_about_recording(item))


def _of_text(told: Shown, judged: Judged, publication: Publication, address_of: AddressOf) -> Shown:
    """The words of a quotation, or the files of a text with what the public reads above it."""
    said = judged.said
    if said is not None:
        who = ", ".join(part for part in (said.speaker, said.role) if part)
        return replace(told, words=said.words, speaker=who, lang=said.language)
    notes = tuple(one for one in (correction_words(publication), awaiting_words(publication)) if one)
    takes = tuple(_text_taken(judged, text, address_of) for text in _own_first(publication))
    return replace(told, notes=notes, takes=takes)


def _own_first(publication: Publication) -> list[PublicationText]:
    """The reader's language, then Kazakh, Russian, English."""
    order = [get_language(), *Language.values]
    return sorted(publication.texts.all(), key=lambda text: order.index(text.language))


def _of_file(told: Shown, file: StoredFile, address: str) -> Shown:
    told = replace(told, takes=(Taken(address, "", "", filesizeformat(public_size(file))),))
    if not file.is_picture:
        return told
    return replace(told, caption=file.caption, credit=file.credit, alt=file.alt)


def title_of_item(judged: Judged) -> str:
    """What a thing is called in the active language: never by a working title or an own file name."""
    item = judged.item
    if judged.publication is not None:
        return judged.publication.title
    said = item.title_in(get_language() or Language.KK)
    return said or (item.file.caption if item.file is not None else "")


def file_name(judged: Judged, number: int = 0, language: str = "") -> str:
    """A name that any phone can write. `number`: its place in the whole kit; 0: it goes alone."""
    stem = slugify(anyascii(title_of_item(judged)))[:LONGEST].strip("-") or judged.item.kind
    front = f"{number:02d}-" if number else ""
    if judged.publication is not None:
        return f"{front}{stem}-{language}.txt"
    file = judged.item.file
    ending = file.name.rpartition(".")[2].lower() if file is not None else "txt"
    return f"{front}{stem}.{ending}"


def text_bytes(text: PublicationText, judged: Judged) -> bytes:
    """The words of one language as they are public now, with what was corrected, and where they stand."""
    parts = [render_text(text.document, width=None)]
    if judged.publication is not None:
        corrected = correction_words(judged.publication)
        if corrected:
            parts.append(f"{corrected['title']}. {corrected['words']}\n")
        parts.append(f"{absolute(sheet_address(judged.publication, text.language))}\n")
    return "\n".join(parts).encode()


def opening_words(kit: EventKit, guest: PressGuest | None, phases: Collection[KitPhase]) -> list[str]:
    """When what is not open opens, in sentences that tell nothing of what is in it."""
    event = kit.event
    if event.state == EventState.CANCELLED:
        return [_("This event is cancelled: nothing of its kit is given out.")]
    if not event.is_public:
        return [_("Nothing of this kit is given out now.")]
    if guest is not None and guest.state != PressState.CONFIRMED:
        return [_("The kit is for journalists who are confirmed for this event.")]
    found = []
    if KitPhase.AT_EVENT not in phases:
        found.append(_at_event_words(kit, guest))
    if KitPhase.AFTERWARDS not in phases:
        found.append(_afterwards_words(kit, guest))
    return [words for words in found if words]


def _at_event_words(kit: EventKit, guest: PressGuest | None) -> str:
    if kit.way == KitWay.CHECK_IN:
        if guest is None:
            return _("The kit opens for journalists at the door: by the link in their own mail.")
        return _("The kit opens for you as soon as you are noted as here at the door.")
    if kit.opens_at is None:
        return ""
    return _("The kit opens on %(moment)s.") % {"moment": _moment(kit, kit.opens_at)}


def _afterwards_words(kit: EventKit, guest: PressGuest | None) -> str:
    if guest is None and kit.way == KitWay.CHECK_IN:
        return ""
    if kit.afterwards_at is None:
        return _("More may follow after the event.")
    return _("What comes of the event follows on %(moment)s.") % {"moment": _moment(kit, kit.afterwards_at)}


def _moment(kit: EventKit, moment: datetime.datetime) -> str:
    return moment_in_words(moment.astimezone(kit.event.zone_info))


def _gone(bare: Shown, judged: Judged) -> Shown:
    publication = judged.publication
    if judged.standing == Standing.NOT_PUBLIC:
        return replace(bare, gone=_("It is not public yet."))
    if judged.standing == Standing.PREPARED:
        title = title_of_item(judged)
        lang = _lang(judged, get_language() or Language.KK)
        return replace(bare, title=title, lang=lang, gone=CopyMissing().message)
    if judged.standing == Standing.WITHDRAWN and publication is not None and publication.withdrawn_at:
        told = {"moment": with_place(publication.withdrawn_at), "note": publication.withdrawal_note}
        words = _("The text that was here was withdrawn on %(moment)s: %(note)s") % told
        return replace(bare, gone=words, read=sheet_address(publication))
    return replace(bare, gone=_("What was here is not given out any more."))


def _lang(judged: Judged, language: str) -> str:
    if judged.publication is not None:
        codes = [text.language for text in judged.publication.texts.all()]
        return language if language in codes else next(iter(codes), "")
    return judged.item.language_for(language)


def _text_taken(judged: Judged, text: PublicationText, address_of: AddressOf) -> Taken:
    size = filesizeformat(len(text_bytes(text, judged)))
    label = str(Language(text.language).label)
    return Taken(f"{address_of(judged.item.uuid)}?in={text.language}", label, text.language, size)


def _about_recording(item: KitItem) -> str:
    language = str(Spoken(item.language).label) if item.language in Spoken.values else ""
    minutes = _("%(count)s min") % {"count": item.minutes} if item.minutes else ""
    return ", ".join(part for part in (language, minutes) if part)
