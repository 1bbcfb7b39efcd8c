"""Kit presenters for journalists: open items, neutral file names, opening times of the rest."""

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
from documents.files.metadata.worker import not_cleaned_reason
from documents.files.public_copy import CopyMissing, public_size
from documents.models import Publication, PublicationText, StoredFile
from documents.publication.certificate import awaiting_decision_notice, correction_notice
from documents.publication.queries import sheet_address
from events.core.enums import EventKind, EventState, PressState, SpokenLanguage
from events.core.formatting import moment_words
from events.core.journalists import why_registration_closed
from events.core.models import Event, PressGuest
from events.core.opening_hours_text import moment_in_words
from events.core.pages import Area, PublicAction
from events.core.queries import registration_of
from events.press.kit.actions import is_on_public_page, kit_link_token
from events.press.kit.enums import KitKind, KitPhase, KitWay, ReleaseStatus
from events.press.kit.models import EventKit, KitItem
from events.press.kit.queries import (
    JudgedItem,
    judge_kit_items,
    kit_items_of,
    kit_of,
    may_release_file,
    may_show_people,
    upcoming_publications,
)

MAX_FILE_NAME_LENGTH = 60  # characters of a file name
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
class KitDownload:
    """Downloadable file: URL, language name ("" without one), size."""

    address: str
    language: str
    code: str
    size: str


@dataclass(frozen=True)
class PublicKitItem:
    """Item as displayed. `gone`: a sentence on why it is unavailable; then all other fields are
    empty, except the title of a file that is being prepared. `lang`: the language of the title;
    `about`: language and length of a recording."""

    uuid: UUID
    kind: str
    icon: str
    gone: str = ""
    title: str = ""
    lang: str = ""
    notes: tuple[dict[str, str], ...] = ()
    takes: tuple[KitDownload, ...] = ()
    read: str = ""
    link: str = ""
    about: str = ""
    caption: str = ""
    credit: str = ""
    alt: str = ""
    words: str = ""
    speaker: str = ""


def build_public_kit_item(judged: JudgedItem, address_of: AddressOf) -> PublicKitItem:
    """Return an item in the active language."""
    item, publication = judged.item, judged.publication
    kind = KitKind(item.kind)
    bare = PublicKitItem(item.uuid, str(kind.label), ICONS[kind])
    if not judged.is_given:
        return _unavailable_item(bare, judged)
    told = replace(bare, title=kit_item_title(judged), lang=_lang(judged, get_language() or Language.KK))
    if publication is not None:
        return _text_item(replace(told, read=sheet_address(publication)), judged, publication, address_of)
    if item.file is not None:
        return _file_item(told, item.file, address_of(item.uuid))
    return replace(told, link=item.link, about=_about_recording(item))


def _text_item(
    told: PublicKitItem, judged: JudgedItem, publication: Publication, address_of: AddressOf
) -> PublicKitItem:
    """Return the words of a quotation, or the files of a text with its public notices."""
    said = judged.said
    if said is not None:
        who = ", ".join(part for part in (said.speaker, said.role) if part)
        return replace(told, words=said.words, speaker=who, lang=said.language)
    notes = tuple(
        one for one in (correction_notice(publication), awaiting_decision_notice(publication)) if one
    )
    takes = tuple(_text_download(judged, text, address_of) for text in _sort_texts_by_language(publication))
    return replace(told, notes=notes, takes=takes)


def _sort_texts_by_language(publication: Publication) -> list[PublicationText]:
    """Return the reader's language, then Kazakh, Russian, English."""
    order = [get_language(), *Language.values]
    return sorted(publication.texts.all(), key=lambda text: order.index(text.language))


def _file_item(told: PublicKitItem, file: StoredFile, address: str) -> PublicKitItem:
    told = replace(told, takes=(KitDownload(address, "", "", filesizeformat(public_size(file))),))
    if not file.is_picture:
        return told
    return replace(told, caption=file.caption, credit=file.credit, alt=file.alt)


def kit_item_title(judged: JudgedItem) -> str:
    """Return an item's title in the active language, never a working title or an original file
    name."""
    item = judged.item
    if judged.publication is not None:
        return judged.publication.title
    said = item.title_in(get_language() or Language.KK)
    return said or (item.file.caption if item.file is not None else "")


def file_name(judged: JudgedItem, number: int = 0, language: str = "") -> str:
    """Return an ASCII file name. `number`: its place in the whole kit; 0: downloaded alone."""
    stem = slugify(anyascii(kit_item_title(judged)))[:MAX_FILE_NAME_LENGTH].strip("-") or judged.item.kind
    front = f"{number:02d}-" if number else ""
    if judged.publication is not None:
        return f"{front}{stem}-{language}.txt"
    file = judged.item.file
    ending = file.name.rpartition(".")[2].lower() if file is not None else "txt"
    return f"{front}{stem}.{ending}"


def text_bytes(text: PublicationText, judged: JudgedItem) -> bytes:
    """Return the current public text in one language, with corrections and the URL of its approval
    sheet."""
    parts = [render_text(text.document, width=None)]
    if judged.publication is not None:
        corrected = correction_notice(judged.publication)
        if corrected:
            parts.append(f"{corrected['title']}. {corrected['words']}\n")
        parts.append(f"{absolute_url(sheet_address(judged.publication, text.language))}\n")
    return "\n".join(parts).encode()


def opening_words(kit: EventKit, guest: PressGuest | None, phases: Collection[KitPhase]) -> list[str]:
    """Return sentences on when the closed parts open, without revealing their items."""
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


def _unavailable_item(bare: PublicKitItem, judged: JudgedItem) -> PublicKitItem:
    publication = judged.publication
    if judged.standing == ReleaseStatus.NOT_PUBLIC:
        return replace(bare, gone=_("It is not public yet."))
    if judged.standing == ReleaseStatus.PREPARED:
        title = kit_item_title(judged)
        lang = _lang(judged, get_language() or Language.KK)
        return replace(bare, title=title, lang=lang, gone=CopyMissing().message)
    if judged.standing == ReleaseStatus.WITHDRAWN and publication is not None and publication.withdrawn_at:
        told = {
            "moment": moment_with_time_zone(publication.withdrawn_at),
            "note": publication.withdrawal_note,
        }
        words = _("The text that was here was withdrawn on %(moment)s: %(note)s") % told
        return replace(bare, gone=words, read=sheet_address(publication))
    return replace(bare, gone=_("What was here is not given out any more."))


def _lang(judged: JudgedItem, language: str) -> str:
    if judged.publication is not None:
        codes = [text.language for text in judged.publication.texts.all()]
        return language if language in codes else next(iter(codes), "")
    return judged.item.language_for(language)


def _text_download(judged: JudgedItem, text: PublicationText, address_of: AddressOf) -> KitDownload:
    size = filesizeformat(len(text_bytes(text, judged)))
    label = str(Language(text.language).label)
    return KitDownload(f"{address_of(judged.item.uuid)}?in={text.language}", label, text.language, size)


def _about_recording(item: KitItem) -> str:
    language = str(SpokenLanguage(item.language).label) if item.language in SpokenLanguage.values else ""
    minutes = _("%(count)s min") % {"count": item.minutes} if item.minutes else ""
    return ", ".join(part for part in (language, minutes) if part)


# --- desk ---
# Kit presenters for the member area: items, reasons for withholding, readiness.


SHAPES = {
    ReleaseStatus.GIVEN: ("yes", "check"),
    ReleaseStatus.NOT_PUBLIC: ("wait", "clock"),
    ReleaseStatus.PREPARED: ("wait", "clock"),
    ReleaseStatus.WITHDRAWN: ("no", "x"),
    ReleaseStatus.REMOVED: ("no", "x"),
}


@dataclass(frozen=True)
class KitRow:
    """Item row. `held`: a sentence on why it is withheld; `kind` and `icon` of the badge repeat it
    visually."""

    judged: JudgedItem
    title: str
    about: str
    icon: str
    badge: tuple[str, str]
    word: str
    held: str


@dataclass(frozen=True)
class KitPart:
    """Phase of the kit; `adds`: kinds that can be added to it."""

    phase: KitPhase
    label: str
    opens: str
    rows: list[KitRow]
    adds: list[tuple[str, str, str]]


def build_kit_parts(access: Access, kit: EventKit) -> list[KitPart]:
    """Return both phases with their items, in a constant number of queries."""
    things = judge_kit_items(kit)
    waiting = [one.item.draft_id for one in things if one.standing == ReleaseStatus.NOT_PUBLIC]
    ahead = upcoming_publications(access, [draft for draft in waiting if draft is not None])
    rows = [_kit_row(kit, one, ahead) for one in things]
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
    """Return a sentence on when a phase opens, or since when it is open."""
    moment = kit.moment_of(phase)
    if moment is not None:
        words = {"moment": moment_words(kit.event, moment)}
        return (_("Open since %(moment)s") if moment <= now() else _("Opens on %(moment)s")) % words
    if phase == KitPhase.AT_EVENT and kit.way == KitWay.CHECK_IN:
        return _("Opens for each one who is ticked off at the door")
    return _("Opens when you press the button")


def kit_link_url(kit: EventKit) -> str:
    """Return the kit's URL for sharing; "" if it opens only by journalists' own links."""
    return absolute_url(reverse("event_kit", args=[kit_link_token(kit)])) if kit.way == KitWay.MOMENT else ""


def kit_is_ready(event: Event) -> bool:
    """Whether the kit has an item for the event, once press registration is open."""
    registration = registration_of(event)
    if registration is None or why_registration_closed(registration):
        return True
    kit = kit_of(event)
    if kit is None:
        return False
    lost = {ReleaseStatus.REMOVED, ReleaseStatus.WITHDRAWN}
    return any(one.standing not in lost for one in judge_kit_items(kit, [KitPhase.AT_EVENT]))


def kit_area(event: Event, access: Access) -> Area | None:
    """Return the kit's line on the event's page, for members who prepare it."""
    if event.kind == EventKind.DEADLINE or not access.may(Right.SEE_DRAFTS):
        return None
    address = reverse("events:kit", args=[event.uuid])
    kit = kit_of(event)
    if kit is None:
        if event.state == EventState.CANCELLED:
            return None
        return Area(_("Kit"), _("not begun yet"), address, "download")
    count = kit_items_of(kit).count()
    words = ngettext("%(count)d thing", "%(count)d things", count) % {"count": count}
    return Area(_("Kit"), words if count else _("nothing in it yet"), address, "download")


def _kit_row(kit: EventKit, one: JudgedItem, ahead: dict[int, tuple[str, datetime.datetime]]) -> KitRow:
    kind, standing = KitKind(one.item.kind), ReleaseStatus(one.standing)
    title, held = _title(one), _withheld_reason(one)
    if standing == ReleaseStatus.NOT_PUBLIC and one.item.draft_id in ahead:
        title, moment = ahead[one.item.draft_id]
        held = _("Becomes public on %(moment)s.") % {"moment": moment_words(kit.event, moment)}
    return KitRow(one, title, _about(one), ICONS[kind], SHAPES[standing], str(standing.label), held)


def _title(one: JudgedItem) -> str:
    if one.said is not None:
        return one.said.words
    return kit_item_title(one) or _("A text that is not public yet")


def _about(one: JudgedItem) -> str:
    item, parts = one.item, [str(KitKind(one.item.kind).label)]
    if one.said is not None:
        parts.append(one.said.speaker)
    if item.file is not None:
        parts += [filesizeformat(item.file.size), item.file.credit]
    parts.append(item.link)
    return " · ".join(part for part in parts if part)


def _withheld_reason(one: JudgedItem) -> str:
    """Return why an item is withheld; "" if it is not."""
    if one.is_given:
        return ""
    if not may_show_people(one.item):
        return _("Somebody who is seen or heard in it does not agree to that any more.")
    if one.item.file is not None and one.item.file.not_cleaned:
        return str(not_cleaned_reason(one.item.file.not_cleaned))
    if one.item.file is not None and not may_release_file(one.item.file):
        return _("The file was deleted, or its mark is not Public any more.")
    return {
        ReleaseStatus.NOT_PUBLIC: _("The text is not public and no moment is set."),
        ReleaseStatus.PREPARED: _("The metadata of the file is being removed. It is given out after that."),
        ReleaseStatus.WITHDRAWN: _("The text was withdrawn: the kit says so, and why."),
        ReleaseStatus.REMOVED: _("Its speaker took the approval back, or the text was corrected."),
        ReleaseStatus.GIVEN: "",
    }[ReleaseStatus(one.standing)]


def withheld_item_count(parts: Sequence[KitPart]) -> int:
    """Count the withheld items."""
    return sum(not row.judged.is_given for part in parts for row in part.rows)


def kit_action(event: Event) -> PublicAction | None:
    """The way to the kit, if everyone finds it there, open or still to open."""
    kit = kit_of(event)
    if kit is None or not is_on_public_page(kit) or event.cancelled_at is not None:
        return None
    return PublicAction(_("Kit for the press"), reverse("public_kit", args=[event.slug]), "download")


def kit_url_of_journalist(guest: PressGuest, token: str) -> str:
    """Return the URL of their page of the kit; "" if there is none."""
    event = guest.registration.event
    if guest.state != PressState.CONFIRMED or not event.is_public or kit_of(event) is None:
        return ""
    return reverse("press_kit", args=[token])
