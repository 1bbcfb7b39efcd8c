"""The kit as journalists read it: what is open, file names that tell nothing of ours, when the rest opens."""

import datetime
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from anyascii import anyascii
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from coalition.accounts.enums import Language
from coalition.core.clock import now
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.mail.links import absolute_url
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.canonical.text import render_text
from documents.files.metadata.reasons import reason
from documents.files.public_copy import CopyMissing, public_size
from documents.models import Publication, PublicationText, StoredFile
from documents.publication.certificate import awaiting_words, correction_words
from documents.publication.queries import sheet_address
from events.core.area import Area
from events.core.enums import EventKind, EventState, SpokenLanguage
from events.core.formatting import moment_words
from events.core.models import Event
from events.core.opening_hours_text import moment_in_words
from events.press.kit.actions import link_token
from events.press.kit.enums import KitKind, KitPhase, KitWay, Standing
from events.press.kit.models import EventKit, KitItem
from events.press.kit.queries import (
    Judged,
    ahead_of,
    items_of,
    judged_items,
    kit_of,
    may_go_out,
    may_show_people,
)
from events.press.registration.actions import why_closed
from events.press.registration.enums import PressState
from events.press.registration.models import PressGuest
from events.press.registration.queries import registration_of

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
        parts.append(f"{absolute_url(sheet_address(judged.publication, text.language))}\n")
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
        told = {
            "moment": moment_with_time_zone(publication.withdrawn_at),
            "note": publication.withdrawal_note,
        }
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
    language = str(SpokenLanguage(item.language).label) if item.language in SpokenLanguage.values else ""
    minutes = _("%(count)s min") % {"count": item.minutes} if item.minutes else ""
    return ", ".join(part for part in (language, minutes) if part)


# --- desk ---
# The kit as the desk reads it: what stands in it, what of it is held back and why, and its readiness.


SHAPES = {
    Standing.GIVEN: ("yes", "check"),
    Standing.NOT_PUBLIC: ("wait", "clock"),
    Standing.PREPARED: ("wait", "clock"),
    Standing.WITHDRAWN: ("no", "x"),
    Standing.REMOVED: ("no", "x"),
}


@dataclass(frozen=True)
class KitRow:
    """One thing. `held`: why it is not given out, in a sentence; `kind` and `icon` of the badge say the same
    without reading."""

    judged: Judged
    title: str
    about: str
    icon: str
    badge: tuple[str, str]
    word: str
    held: str


@dataclass(frozen=True)
class KitPart:
    """What is given out at one time; `adds`: kinds that can be put into it."""

    phase: KitPhase
    label: str
    opens: str
    rows: list[KitRow]
    adds: list[tuple[str, str, str]]


def parts_of(access: Access, kit: EventKit) -> list[KitPart]:
    """Both parts with their things, whatever their number in the same number of queries."""
    things = judged_items(kit)
    waiting = [one.item.draft_id for one in things if one.standing == Standing.NOT_PUBLIC]
    ahead = ahead_of(access, [draft for draft in waiting if draft is not None])
    rows = [_row(kit, one, ahead) for one in things]
    return [
        KitPart(
            phase,
            str(phase.label),
            opens_words(kit, phase),
            [row for row in rows if row.judged.item.phase == phase],
            [(kind.value, str(kind.label), ICONS[kind]) for kind in KitKind if phase in kind.phases],
        )
        for phase in KitPhase
    ]


def opens_words(kit: EventKit, phase: KitPhase) -> str:
    """When a part opens, or since when it is open."""
    moment = kit.moment_of(phase)
    if moment is not None:
        words = {"moment": moment_words(kit.event, moment)}
        return (_("Open since %(moment)s") if moment <= now() else _("Opens on %(moment)s")) % words
    if phase == KitPhase.AT_EVENT and kit.way == KitWay.CHECK_IN:
        return _("Opens for each one who is ticked off at the door")
    return _("Opens when you press the button")


def link_of(kit: EventKit) -> str:
    """The address for whoever is to have it; "" where only journalists' own links open."""
    return absolute_url(reverse("event_kit", args=[link_token(kit)])) if kit.way == KitWay.MOMENT else ""


def kit_is_ready(event: Event) -> bool:
    """Whether something is in it that can be given out at the event, once journalists can register."""
    registration = registration_of(event)
    if registration is None or why_closed(registration):
        return True
    kit = kit_of(event)
    if kit is None:
        return False
    lost = {Standing.REMOVED, Standing.WITHDRAWN}
    return any(one.standing not in lost for one in judged_items(kit, [KitPhase.AT_EVENT]))


def kit_area(event: Event, access: Access) -> Area | None:
    """The line on the event's page, for those who prepare it."""
    if event.kind == EventKind.DEADLINE or not access.may(Right.SEE_DRAFTS):
        return None
    address = reverse("events:kit", args=[event.uuid])
    kit = kit_of(event)
    if kit is None:
        if event.state == EventState.CANCELLED:
            return None
        return Area(_("Kit"), _("not begun yet"), address, "download")
    count = items_of(kit).count()
    words = ngettext("%(count)d thing", "%(count)d things", count) % {"count": count}
    return Area(_("Kit"), words if count else _("nothing in it yet"), address, "download")


def _row(kit: EventKit, one: Judged, ahead: dict[int, tuple[str, datetime.datetime]]) -> KitRow:
    kind, standing = KitKind(one.item.kind), Standing(one.standing)
    title, held = _title(one), _held(one)
    if standing == Standing.NOT_PUBLIC and one.item.draft_id in ahead:
        title, moment = ahead[one.item.draft_id]
        held = _("Becomes public on %(moment)s.") % {"moment": moment_words(kit.event, moment)}
    return KitRow(one, title, _about(one), ICONS[kind], SHAPES[standing], str(standing.label), held)


def _title(one: Judged) -> str:
    if one.said is not None:
        return one.said.words
    return title_of_item(one) or _("A text that is not public yet")


def _about(one: Judged) -> str:
    item, parts = one.item, [str(KitKind(one.item.kind).label)]
    if one.said is not None:
        parts.append(one.said.speaker)
    if item.file is not None:
        parts += [filesizeformat(item.file.size), item.file.credit]
    parts.append(item.link)
    return " · ".join(part for part in parts if part)


def _held(one: Judged) -> str:
    """Why a thing is held back; "" if it is not."""
    if one.is_given:
        return ""
    if not may_show_people(one.item):
        return _("Somebody who is seen or heard in it does not agree to that any more.")
    if one.item.file is not None and one.item.file.not_cleaned:
        return str(reason(one.item.file.not_cleaned))
    if one.item.file is not None and not may_go_out(one.item.file):
        return _("The file was deleted, or its mark is not Public any more.")
    return {
        Standing.NOT_PUBLIC: _("The text is not public and no moment is set."),
        Standing.PREPARED: _("The metadata of the file is being removed. It is given out after that."),
        Standing.WITHDRAWN: _("The text was withdrawn: the kit says so, and why."),
        Standing.REMOVED: _("Its speaker took the approval back, or the text was corrected."),
        Standing.GIVEN: "",
    }[Standing(one.standing)]


def held_count(parts: Sequence[KitPart]) -> int:
    """How many things are held back."""
    return sum(not row.judged.is_given for part in parts for row in part.rows)
