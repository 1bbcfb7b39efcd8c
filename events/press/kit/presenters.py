"""Kit presenters for journalists: open items, neutral file names, opening times of the rest."""

import datetime
from collections.abc import Callable, Collection
from typing import Any
from uuid import UUID

from anyascii import anyascii
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language, gettext as _, ngettext

from coalition.accounts.models import Language
from coalition.core.clock import now
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.mail.outbox import absolute_url
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents.canonical.characters import render_text
from documents.files.metadata.worker import not_cleaned_reason
from documents.files.public_copy import CopyMissing, public_size
from documents.models import PublicationText
from documents.publication.certificate import awaiting_decision_notice, correction_notice
from documents.publication.queries import sheet_address
from events.core.enums import EventKind, EventState, PressState, SpokenLanguage
from events.core.formatting import moment_in_words, moment_words
from events.core.journalists import why_registration_closed
from events.core.models import Event, PressGuest
from events.core.permissions import may_change
from events.core.public_pages import Area, PublicAction
from events.core.queries import registration_of
from events.press.kit import queries
from events.press.kit.actions import is_on_public_page, kit_link_token
from events.press.kit.models import EventKit, KitKind, KitPhase, KitWay, ReleaseStatus

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


def build_public_kit_item(judged: queries.JudgedItem, address_of: AddressOf) -> dict[str, Any]:
    """Return an item as displayed in the active language.

    `gone`: a sentence on why it is unavailable; then there is nothing else, except the title of a file that
    is being prepared. `lang`: the language of the title; `about`: language and length of a recording.
    """
    item, publication, quotation = judged.item, judged.publication, judged.quotation
    kind, language = KitKind(item.kind), get_language() or Language.KK
    row: dict[str, Any] = {"kind": str(kind.label), "icon": ICONS[kind]}
    if not judged.is_given:
        return row | _unavailable_item(judged)
    row |= {"title": kit_item_title(judged) or row["kind"], "lang": _title_language(judged, language)}
    if publication is not None and quotation is not None:
        return row | {
            "read": sheet_address(publication),
            "words": quotation.words,
            "speaker": ", ".join(part for part in (quotation.speaker, quotation.role) if part),
            "lang": quotation.language,
        }
    if publication is not None:
        order = [language, *Language.values]
        notices = (correction_notice(publication), awaiting_decision_notice(publication))
        return row | {
            "read": sheet_address(publication),
            "notes": [one for one in notices if one],
            "downloads": [
                {
                    "address": f"{address_of(item.uuid)}?in={text.language}",
                    "language": str(Language(text.language).label),
                    "code": text.language,
                    "size": filesizeformat(len(text_bytes(text, judged))),
                }
                for text in sorted(publication.texts.all(), key=lambda text: order.index(text.language))
            ],
        }
    file = item.file
    if file is None:
        spoken = SpokenLanguage(item.language).label if item.language in SpokenLanguage.values else ""
        minutes = _("%(count)s min") % {"count": item.minutes} if item.minutes else ""
        return row | {"link": item.link, "about": ", ".join(str(part) for part in (spoken, minutes) if part)}
    row["downloads"] = [{"address": address_of(item.uuid), "size": filesizeformat(public_size(file))}]
    return row | (
        {"caption": file.caption, "credit": file.credit, "alt": file.alt} if file.is_picture else {}
    )


def kit_item_title(judged: queries.JudgedItem) -> str:
    """Return the title in the active language, never a working title or an original file name.

    A file of somebody under consent goes out with the file's own words only: she agreed to no others.
    """
    item = judged.item
    if judged.publication is not None:
        return judged.publication.title
    if judged.is_under_consent and item.file is not None:
        return item.file.caption or item.file.alt
    title = item.title_in(get_language() or Language.KK)
    return title or (item.file.caption if item.file is not None else "")


def file_name(judged: queries.JudgedItem, number: int = 0, language: str = "") -> str:
    """Return an ASCII file name. `number`: its place in the whole kit; 0: downloaded alone."""
    stem = slugify(anyascii(kit_item_title(judged)))[:MAX_FILE_NAME_LENGTH].strip("-") or judged.item.kind
    front = f"{number:02d}-" if number else ""
    if judged.publication is not None:
        return f"{front}{stem}-{language}.txt"
    file = judged.item.file
    ending = file.name.rpartition(".")[2].lower() if file is not None else "txt"
    return f"{front}{stem}.{ending}"


def text_bytes(text: PublicationText, judged: queries.JudgedItem) -> bytes:
    """Return the public text in one language, with corrections and the URL of its approval sheet."""
    parts = [render_text(text.document, width=None)]
    if judged.publication is not None:
        corrected = correction_notice(judged.publication)
        if corrected:
            parts.append(f"{corrected['title']}. {corrected['words']}\n")
        parts.append(f"{absolute_url(sheet_address(judged.publication, text.language))}\n")
    return "\n".join(parts).encode()


def opening_words(kit: EventKit, guest: PressGuest | None, phases: Collection[KitPhase]) -> list[str]:
    """Return sentences on when the closed parts open, without revealing their items."""
    event, by_check_in = kit.event, kit.way == KitWay.CHECK_IN
    if event.state == EventState.CANCELLED:
        return [_("This event is cancelled: nothing of its kit is given out.")]
    if not event.is_public:
        return [_("Nothing of this kit is given out now.")]
    if guest is not None and guest.state != PressState.CONFIRMED:
        return [_("The kit is for journalists who are confirmed for this event.")]
    found = []
    if KitPhase.AT_EVENT not in phases:
        if by_check_in and guest is None:
            found.append(_("The kit opens for journalists at the door: by the link in their own mail."))
        elif by_check_in:
            found.append(_("The kit opens for you as soon as you are noted as here at the door."))
        elif kit.opens_at is not None:
            found.append(_("The kit opens on %(moment)s.") % {"moment": _moment(kit, kit.opens_at)})
    if KitPhase.AFTERWARDS not in phases and (guest is not None or not by_check_in):
        if kit.afterwards_at is None:
            found.append(_("More may follow after the event."))
        else:
            moment = _moment(kit, kit.afterwards_at)
            found.append(_("What comes of the event follows on %(moment)s.") % {"moment": moment})
    return found


def _moment(kit: EventKit, moment: datetime.datetime) -> str:
    return moment_in_words(moment.astimezone(kit.event.zone_info))


def _unavailable_item(judged: queries.JudgedItem) -> dict[str, str]:
    publication = judged.publication
    if judged.status == ReleaseStatus.NOT_PUBLIC:
        return {"gone": _("It is not public yet.")}
    if judged.status == ReleaseStatus.PREPARED:
        lang = _title_language(judged, get_language() or Language.KK)
        return {"title": kit_item_title(judged), "lang": lang, "gone": CopyMissing().message}
    if judged.status == ReleaseStatus.WITHDRAWN and publication is not None and publication.withdrawn_at:
        values = {
            "moment": moment_with_time_zone(publication.withdrawn_at),
            "note": publication.withdrawal_note,
        }
        words = _("The text that was here was withdrawn on %(moment)s: %(note)s") % values
        return {"gone": words, "read": sheet_address(publication)}
    return {"gone": _("What was here is not given out any more.")}


def _title_language(judged: queries.JudgedItem, language: str) -> str:
    if judged.publication is not None:
        codes = [text.language for text in judged.publication.texts.all()]
        return language if language in codes else next(iter(codes), "")
    if judged.is_under_consent:
        return ""
    return judged.item.language_for(language)


BADGES = {  # kind and icon
    ReleaseStatus.GIVEN: ("yes", "check"),
    ReleaseStatus.NOT_PUBLIC: ("wait", "clock"),
    ReleaseStatus.PREPARED: ("wait", "clock"),
    ReleaseStatus.WITHDRAWN: ("no", "x"),
    ReleaseStatus.REMOVED: ("no", "x"),
    ReleaseStatus.NO_CONSENT: ("no", "x"),
}


def build_kit_parts(access: Access, kit: EventKit) -> list[dict[str, Any]]:
    """Return both phases with their items and the kinds that can be added: a constant number of queries.
    Items that the gate of consent withholds are for planners only."""
    planner = may_change(access, kit.event)
    items = queries.judge_all_kit_items(kit) if planner else queries.judge_kit_items(kit)
    waiting = [one.item.draft_id for one in items if one.status == ReleaseStatus.NOT_PUBLIC]
    ahead = queries.upcoming_publications(access, [draft for draft in waiting if draft is not None])
    return [
        {
            "phase": phase,
            "opens": opens_words(kit, phase),
            "rows": [_kit_row(kit, one, ahead) for one in items if one.item.phase == phase],
            "adds": [kind for kind in KitKind if phase in kind.phases],
        }
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
    kit = queries.kit_of(event)
    if kit is None:
        return False
    lost = {ReleaseStatus.REMOVED, ReleaseStatus.WITHDRAWN}
    return any(one.status not in lost for one in queries.judge_kit_items(kit, [KitPhase.AT_EVENT]))


def kit_area(event: Event, access: Access) -> Area | None:
    """Return the kit's line on the event's page, for members who prepare it."""
    if event.kind == EventKind.DEADLINE or not access.may(Right.SEE_DRAFTS):
        return None
    address = reverse("events:kit", args=[event.uuid])
    kit = queries.kit_of(event)
    if kit is None:
        if event.state == EventState.CANCELLED:
            return None
        return Area(_("Kit"), _("not begun yet"), address, "download")
    count = queries.kit_items_of(kit).count()
    words = ngettext("%(count)d thing", "%(count)d things", count) % {"count": count}
    return Area(_("Kit"), words if count else _("nothing in it yet"), address, "download")


def _kit_row(
    kit: EventKit, one: queries.JudgedItem, ahead: dict[int, tuple[str, datetime.datetime]]
) -> dict[str, Any]:
    item, kind, status = one.item, KitKind(one.item.kind), ReleaseStatus(one.status)
    title = one.quotation.words if one.quotation is not None else kit_item_title(one)
    if item.file is not None and (status == ReleaseStatus.NO_CONSENT or not title):
        title = item.title_in(get_language() or Language.KK) or str(kind.label)
    title, reason = title or _("A text that is not public yet"), _withheld_reason(one)
    if status == ReleaseStatus.NOT_PUBLIC and item.draft_id in ahead:
        title, moment = ahead[item.draft_id]
        reason = _("Becomes public on %(moment)s.") % {"moment": moment_words(kit.event, moment)}
    parts = [str(kind.label), one.quotation.speaker if one.quotation is not None else ""]
    if item.file is not None and status != ReleaseStatus.NO_CONSENT:
        parts += [filesizeformat(item.file.size), item.file.credit]
    return {
        "judged": one,
        "title": title,
        "about": " · ".join(part for part in (*parts, item.link) if part),
        "icon": ICONS[kind],
        "badge": BADGES[status],
        "reason": reason,
    }


def _withheld_reason(one: queries.JudgedItem) -> str:
    """Return why an item is withheld; "" if it is not."""
    if one.is_given:
        return ""
    if one.status == ReleaseStatus.NO_CONSENT:
        language = Language(get_language() or Language.KK).label
        words = _("Not available for the media (%(language)s) now. Take it out or ask who added it.")
        return words % {"language": language}
    if not queries.may_show_people(one.item):
        return _("Somebody who is seen or heard in it does not agree to that any more.")
    if one.item.file is not None and one.item.file.not_cleaned:
        return str(not_cleaned_reason(one.item.file.not_cleaned))
    if one.item.file is not None and not queries.may_release_file(one.item.file):
        return _("The file was deleted, or its mark is not Public any more.")
    return {
        ReleaseStatus.NOT_PUBLIC: _("The text is not public and no moment is set."),
        ReleaseStatus.PREPARED: _("The metadata of the file is being removed. It is given out after that."),
        ReleaseStatus.WITHDRAWN: _("The text was withdrawn: the kit says so, and why."),
        ReleaseStatus.REMOVED: _("Its speaker took the approval back, or the text was corrected."),
        ReleaseStatus.GIVEN: "",
        ReleaseStatus.NO_CONSENT: "",
    }[ReleaseStatus(one.status)]


def kit_action(event: Event) -> PublicAction | None:
    """The way to the kit, if everyone finds it there, open or still to open."""
    kit = queries.kit_of(event)
    if kit is None or not is_on_public_page(kit) or event.cancelled_at is not None:
        return None
    return PublicAction(_("Kit for the press"), reverse("public_kit", args=[event.slug]), "download")


def kit_url_of_journalist(guest: PressGuest, token: str) -> str:
    """Return the URL of their page of the kit; "" if there is none."""
    event = guest.registration.event
    if guest.state != PressState.CONFIRMED or not event.is_public or queries.kit_of(event) is None:
        return ""
    return reverse("press_kit", args=[token])
