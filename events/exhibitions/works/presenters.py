"""Formatting of works: sizes and sums in the reader's format, film languages, states."""

import datetime
import sys
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext, override
from django.utils.translation import gettext as _

from coalition.accounts.enums import Language
from coalition.workspaces.permissions import Access
from events.core.actions.times import times_of
from events.core.enums import EventKind, SpokenLanguage
from events.core.models import Event, best_language, text_for_language
from events.core.occurrences import DAY, occurrences
from events.core.pages import Area, PublicAction
from events.core.permissions import may_change
from events.core.printed_codes import CodeDestination
from events.core.queries import public_events
from events.core.schema_org import json_ld_script
from events.exhibitions.works.enums import ConditionMoment, Currency
from events.exhibitions.works.loans.models import Loan
from events.exhibitions.works.models import Exhibition, Work
from events.exhibitions.works.queries import (
    picture_is_public,
    public_exhibition,
    public_exhibitions,
    public_works,
    screening_of,
    work_counts,
    works_of,
)

MINOR_UNITS = 100


def size_words(work: Work) -> str:
    """Return height × width × depth: “50 × 70,5 cm”; "" without measurements."""
    sizes = [one for one in (work.height, work.width, work.depth) if one is not None]
    if not sizes:
        return ""
    return _("%(size)s cm") % {"size": " × ".join(map(_number, sizes))}


def sum_words(value: int | None, currency: str) -> str:
    """Format a sum of minor units: “1 500 000 tenge”; "" for none."""
    if value is None:
        return ""
    whole, rest = divmod(value, MINOR_UNITS)
    places = 2 if rest else 0
    amount = Decimal(value) / MINOR_UNITS if rest else whole
    number = formats.number_format(amount, decimal_pos=places, use_l10n=True, force_grouping=True)
    return f"{number} {Currency(currency).label}"


def maker_words(work: Work) -> str:
    """Return the maker as named in public; "" if not recorded."""
    if work.maker_in_public:
        return work.maker_in_public
    return _("The maker does not want to be named") if work.naming == "unnamed" else ""


def languages_words(codes: Iterable[str]) -> str:
    """Join the names of sound or subtitle languages."""
    return ", ".join(str(SpokenLanguage(code).label) for code in codes if code in SpokenLanguage.values)


def _number(size: Decimal) -> str:
    places = 0 if size == size.to_integral_value() else 1
    return formats.number_format(size, decimal_pos=places, use_l10n=True)


# --- presenters ---
# Presenters of works for members who prepare the exhibition: rows, gaps, the event's line.


@dataclass(frozen=True)
class WorkRow:
    """Work row. `other_language`: language of the title if the reader's is missing; `lacks`:
    missing items as phrases; `back`: the return date; `late`: whether the return is overdue."""

    work: Work
    title: str
    other_language: str
    about: str
    lacks: list[str]
    back: str
    late: bool


def work_rows(event: Event, works: list[Work]) -> list[WorkRow]:
    """Return the rows of the list, in hanging order."""
    today = timezone.localdate(timezone=event.zone_info)
    return [_work_row(event, one, today) for one in works]


def last_day_of(event: Event) -> datetime.date:
    """Return the last day on which the works are on display."""
    return event.run_until or event.ends_on


def loan_of(work: Work) -> Loan | None:
    """Return the work's loan, or None."""
    return getattr(work, "loan", None)


def show_ends_early(work: Work, event: Event) -> bool:
    """Whether the right to show the work is missing or ends before the exhibition."""
    return not work.show_agreed or (work.show_until is not None and work.show_until < last_day_of(event))


def has_report(work: Work, moment: ConditionMoment) -> bool:
    return any(one.moment == moment for one in work.conditions.all())


def unlabelled_in(work: Work) -> list[Language]:
    """Return the languages without a title or, if the work has a label at all, without a label."""
    return [
        one
        for one in Language
        if not work.title.get(one.value) or (work.label and not work.label.get(one.value))
    ]


def exhibition_facts(event: Event) -> dict[str, Any]:
    """Return an exhibition's arguments of `Prepared` for the readiness check: two queries."""
    if event.kind != EventKind.EXHIBITION:
        return {}
    works = works_of(event)
    loans = [(one, loan) for one in works if (loan := loan_of(one)) is not None]
    lacking = Counter(str(language.label) for one in works for language in unlabelled_in(one))
    return {
        "works": len(works),
        "works_unallowed": sum(show_ends_early(one, event) for one in works),
        "works_without_return": sum(loan.return_on is None for _work, loan in loans),
        "works_unseen": sum(not has_report(one, ConditionMoment.ARRIVAL) for one, _loan in loans),
        "unlabelled": tuple(f"{label} ({count})" for label, count in lacking.items()),
        "careless": _lacks_support_info(works),
    }


def film_facts(event: Event) -> dict[str, Any]:
    """Return a screening's arguments of `Prepared` for the readiness check: one query."""
    if event.kind != EventKind.SCREENING:
        return {}
    film = screening_of(event)
    if film is None:
        return {"film": False}
    day = last_day_of(event)
    early = film.rights_from is not None and film.rights_from > event.starts_on
    uncovered = film.rights_until is None or film.rights_until < day or early
    return {
        "film_rights": not uncovered,
        "film_too_often": film.showings is not None and showings_of(event) > film.showings,
        "film_certificate": bool(film.certificate),
        "film_age": bool(film.age),
        "film_support": bool(film.support),
    }


def showings_of(event: Event) -> int:
    """Return the number of showings over all dates; for a series without an end a number above any
    right."""
    if event.lasts_until is None:
        return sys.maxsize
    ends = event.lasts_until + DAY
    return sum(one.part == "event" for one in occurrences(times_of(event), event.starts_at - DAY, ends))


def works_area(event: Event, access: Access) -> Area | None:
    """Return an exhibition's line: number of works, and whether a return is overdue."""
    if event.kind != EventKind.EXHIBITION or not may_change(access, event):
        return None
    address = reverse("events:works", args=[event.uuid])
    counts = work_counts(event, timezone.localdate(timezone=event.zone_info))
    if late := counts["late"]:
        words = ngettext("%(count)s should have gone back", "%(count)s should have gone back", late)
        return Area(_("Works"), words % {"count": late}, address, "picture", warns=True)
    if not counts["all"]:
        return Area(_("Works"), _("none yet"), address, "picture")
    words = ngettext("%(count)s work", "%(count)s works", counts["all"]) % {"count": counts["all"]}
    return Area(_("Works"), words, address, "picture")


def film_area(event: Event, access: Access) -> Area | None:
    """Return a screening's line: the film."""
    if event.kind != EventKind.SCREENING or not may_change(access, event):
        return None
    film = screening_of(event)
    words = film.title_in(get_language() or "") if film is not None else _("none yet")
    return Area(_("Film"), words, reverse("events:film", args=[event.uuid]), "eye", warns=film is None)


def _lacks_support_info(works: list[Work]) -> bool:
    """Whether there are difficult works without a quiet corner or a way to get help."""
    if not any(one.difficult for one in works):
        return False
    around = works[0].exhibition
    return not around.quiet_corner or not (around.help_words or around.help_phone)


def _work_row(event: Event, work: Work, today: datetime.date) -> WorkRow:
    language = get_language() or Language.EN
    shown, loan = work.language_for(language), loan_of(work)
    back = loan.return_on if loan is not None and loan.returned_on is None else None
    late = back is not None and back < today
    return WorkRow(
        work=work,
        title=work.title_in(language),
        other_language=shown if shown != language else "",
        about=" · ".join(filter(None, [maker_words(work), work.year, size_words(work)])),
        lacks=_missing_parts(event, work),
        back=_("goes back on %(day)s") % {"day": formats.date_format(back, "j E")} if back else "",
        late=late,
    )


def _missing_parts(event: Event, work: Work) -> list[str]:
    found, loan = [], loan_of(work)
    if not work.show_agreed:
        found.append(_("nobody noted that it may be shown"))
    elif show_ends_early(work, event):
        found.append(_("the right to show it ends before the exhibition"))
    if unlabelled := unlabelled_in(work):
        languages = ", ".join(str(one.label) for one in unlabelled)
        found.append(_("no label in: %(languages)s") % {"languages": languages})
    if loan is not None and loan.return_on is None:
        found.append(_("no return date"))
    if loan is not None and not has_report(work, ConditionMoment.ARRIVAL):
        found.append(_("no condition report at arrival"))
    return found


# --- public ---
# Presenters of the public catalogue, and targets of printed codes.


@dataclass(frozen=True)
class TextWithLanguage:
    """Text with its language code, "" if that is the reader's."""

    words: str
    language: str = ""


@dataclass(frozen=True)
class WorkPicture:
    url: str
    width: int
    height: int
    alt: str
    credit: str


@dataclass(frozen=True)
class PublicWork:
    """Work for one reader. `shared`: its picture may also be used in link previews."""

    number: int
    url: str
    title: TextWithLanguage
    maker: str
    technique: TextWithLanguage
    year: str
    size: str
    label: TextWithLanguage
    note: TextWithLanguage
    difficult: bool
    picture: WorkPicture | None
    shared: bool


def build_public_works(exhibition: Exhibition, language: str) -> list[PublicWork]:
    """Return the public works in hanging order."""
    return [build_public_work(one, language) for one in public_works(exhibition)]


def build_public_work(work: Work, language: str) -> PublicWork:
    """Return a public work for a reader of this language."""
    event = work.exhibition.event
    today = timezone.localdate(timezone=event.zone_info)
    return PublicWork(
        number=work.number,
        url=reverse("public_work", args=[event.slug, work.number]),
        title=localize_text(work.title, language),
        maker=maker_words(work),
        technique=localize_text(work.technique, language),
        year=work.year,
        size=size_words(work),
        label=localize_text(work.label, language),
        note=localize_text(work.content_note, language),
        difficult=work.difficult,
        picture=_picture(work, event, language) if picture_is_public(work, today) else None,
        shared=picture_is_public(work, today, everywhere=True) and not work.difficult,
    )


def localize_text(words: dict[str, str], language: str) -> TextWithLanguage:
    """Return the text in the reader's language or a fallback."""
    found = best_language(words, language)
    return TextWithLanguage(text_for_language(words, language), found if found != language else "")


def exhibition_support(exhibition: Exhibition, language: str) -> dict[str, object]:
    """Return the quiet corner and the way to get help."""
    phone = exhibition.help_phone
    return {
        "quiet_corner": localize_text(exhibition.quiet_corner, language),
        "help": localize_text(exhibition.help_words, language),
        "phone": phone,
        "dial": "".join(sign for sign in phone if sign.isdigit() or sign == "+"),
    }


def work_data(work: Work, one: PublicWork) -> SafeString:
    """Return structured data of a work: schema.org's VisualArtwork."""
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
    return json_ld_script(data)


def work_destination(target: UUID, language: str) -> CodeDestination:
    """Return the target of a work's printed code: its page; otherwise the page of the event if that
    is public."""
    work = Work.objects.filter(uuid=target).select_related("exhibition").first()
    if work is None:
        return CodeDestination()
    with override(language):
        is_open = public_exhibitions().filter(pk=work.exhibition_id).first()
        if is_open is not None:
            slug = is_open.event.slug
            if work.removed_at is None and work.show_agreed:
                return CodeDestination(address=reverse("public_work", args=[slug, work.number]))
            return CodeDestination(way_on=reverse("public_works", args=[slug]))
        slug = public_events().filter(pk=work.exhibition.event_id).values_list("slug", flat=True).first()
        return CodeDestination(way_on=reverse("public_event", args=[slug])) if slug else CodeDestination()


def public_film_context(event: Event, language: str) -> dict[str, object] | None:
    """Return a screening's film for the public page; None if it is not set."""
    film = getattr(event, "screening", None)
    if film is None:
        return None
    return {
        "title": localize_text(film.title, language),
        "made": ", ".join(filter(None, [film.maker, str(film.year or "")])),
        "minutes": film.minutes,
        "sound": languages_words(film.sound),
        "subtitles": languages_words(film.subtitles),
        "age": film.age,
        "certificate": film.certificate,
        "note": localize_text(film.content_note, language),
    }


def _picture(work: Work, event: Event, language: str) -> WorkPicture:
    file = work.picture
    alt = text_for_language(work.alt, language) or (file.alt if file is not None else "")
    with override(Language.KK):  # one URL for every language: cached once
        url = reverse("public_work_picture", args=[event.slug, work.number])
    credit = file.credit if file is not None else ""
    return WorkPicture(url, work.drawn_width, work.drawn_height, alt, credit)


def catalogue_action(event: Event) -> PublicAction | None:
    """The way to the works of an exhibition, if they are on the site."""
    if event.kind != EventKind.EXHIBITION or public_exhibition(event.slug or "") is None:
        return None
    return PublicAction(_("The works"), reverse("public_works", args=[event.slug]), "picture")


def film_in_public(event: Event, language: str) -> dict[str, object] | None:
    """The film on the public page of a screening."""
    return public_film_context(event, language) if event.kind == EventKind.SCREENING else None
