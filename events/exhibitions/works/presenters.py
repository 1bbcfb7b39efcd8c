"""Works of an exhibition for those who prepare it: rows, what is missing, the line on the event's page."""

import datetime
import sys
from collections import Counter
from dataclasses import dataclass
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
from events.core.area import Area
from events.core.enums import EventKind
from events.core.models import Event, language_of, said_in
from events.core.occurrences import DAY, occurrences
from events.core.permissions import may_change
from events.core.printed_codes import Leads
from events.core.queries import public_events
from events.core.schema_org import script_of
from events.exhibitions.works.enums import ConditionMoment
from events.exhibitions.works.formatting import languages_words, maker_words, size_words
from events.exhibitions.works.loans.models import Loan
from events.exhibitions.works.models import Exhibition, Work
from events.exhibitions.works.queries import (
    picture_is_public,
    public_exhibitions,
    public_works,
    screening_of,
    work_counts,
    works_of,
)


@dataclass(frozen=True)
class WorkRow:
    """One work. `other_language`: the title is in this language, the reader's is missing; `lacks`: what is
    missing, in half sentences; `back`: when it goes back, `late` if it should have."""

    work: Work
    title: str
    other_language: str
    about: str
    lacks: list[str]
    back: str
    late: bool


def work_rows(event: Event, works: list[Work]) -> list[WorkRow]:
    """The rows of the list, in the order of hanging."""
    today = timezone.localdate(timezone=event.zone_info)
    return [_row(event, one, today) for one in works]


def last_day_of(event: Event) -> datetime.date:
    """The last day on which the works hang."""
    return event.run_until or event.ends_on


def loan_of(work: Work) -> Loan | None:
    """The work's loan, if it is lent."""
    return getattr(work, "loan", None)


def show_ends_early(work: Work, event: Event) -> bool:
    """Whether nobody agreed that it is shown, or only for a part of the days."""
    return not work.show_agreed or (work.show_until is not None and work.show_until < last_day_of(event))


def has_report(work: Work, moment: ConditionMoment) -> bool:
    return any(one.moment == moment for one in work.conditions.all())


def unlabelled_in(work: Work) -> list[Language]:
    """The languages in which its title or, if it has a text on the wall at all, that text is missing."""
    return [
        one
        for one in Language
        if not work.title.get(one.value) or (work.label and not work.label.get(one.value))
    ]


def exhibition_facts(event: Event) -> dict[str, Any]:
    """What the table of readiness asks of an exhibition, as arguments of `Prepared`: two queries."""
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
        "careless": _is_careless(works),
    }


def film_facts(event: Event) -> dict[str, Any]:
    """What the table of readiness asks of a screening, as arguments of `Prepared`: one query."""
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
    """How often a screening shows its film, on all its dates; of one without an end, more than any right
    names."""
    if event.lasts_until is None:
        return sys.maxsize
    ends = event.lasts_until + DAY
    return sum(one.part == "event" for one in occurrences(times_of(event), event.starts_at - DAY, ends))


def works_area(event: Event, access: Access) -> Area | None:
    """The line of an exhibition: how many works, and whether one should have gone back."""
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
    """The line of a screening: which film."""
    if event.kind != EventKind.SCREENING or not may_change(access, event):
        return None
    film = screening_of(event)
    words = film.title_in(get_language() or "") if film is not None else _("none yet")
    return Area(_("Film"), words, reverse("events:film", args=[event.uuid]), "eye", warns=film is None)


def _is_careless(works: list[Work]) -> bool:
    """Whether there are difficult works and no word on where to rest or who helps."""
    if not any(one.difficult for one in works):
        return False
    around = works[0].exhibition
    return not around.quiet_corner or not (around.help_words or around.help_phone)


def _row(event: Event, work: Work, today: datetime.date) -> WorkRow:
    language = get_language() or Language.EN
    shown, loan = work.language_for(language), loan_of(work)
    back = loan.return_on if loan is not None and loan.returned_on is None else None
    late = back is not None and back < today
    return WorkRow(
        work=work,
        title=work.title_in(language),
        other_language=shown if shown != language else "",
        about=" · ".join(filter(None, [maker_words(work), work.year, size_words(work)])),
        lacks=_lacks(event, work),
        back=_("goes back on %(day)s") % {"day": formats.date_format(back, "j E")} if back else "",
        late=late,
    )


def _lacks(event: Event, work: Work) -> list[str]:
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
# Works of an exhibition as everyone reads them, and where their printed codes lead.


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
