"""Works and loans for pages and paper."""

import datetime
import sys
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext as _, ngettext, override

from coalition.accounts.models import Language, User
from coalition.accounts.naming import Viewer, display_name_for
from coalition.consent.gate import may_work_with
from coalition.core.clock import now
from coalition.workspaces.dashboard import WaitingItem, only_if
from coalition.workspaces.permissions import Access
from documents.files.models import private_storage
from events.core.actions.times import times_of
from events.core.enums import EventKind
from events.core.models import Event
from events.core.occurrences import DAY, occurrences
from events.core.pdf.typeset import code_svg, typeset
from events.core.permissions import may_change
from events.core.presenters import when_of
from events.core.printed_codes import CodeDestination, codes_for
from events.core.public_pages import Area, PublicAction, json_ld_script
from events.core.queries import public_events, text_in
from events.exhibitions.works.actions import CODE_KIND
from events.exhibitions.works.consent import ExhibitionGate, work_item
from events.exhibitions.works.models import (
    ConditionMoment,
    ConditionReport,
    Currency,
    Exhibition,
    Loan,
    Screening,
    Work,
)
from events.exhibitions.works.queries import (
    public_exhibitions,
    returns_of,
    returns_where,
    work_counts,
    works_of,
)

MINOR_UNITS = 100


def sum_words(value: int | None, currency: str) -> str:
    """Format a sum of minor units: “1 500 000 tenge”; "" for none."""
    if value is None:
        return ""
    whole, rest = divmod(value, MINOR_UNITS)
    places = 2 if rest else 0
    amount = Decimal(value) / MINOR_UNITS if rest else whole
    number = formats.number_format(amount, decimal_pos=places, use_l10n=True, force_grouping=True)
    return f"{number} {Currency(currency).label}"


def last_day_of(event: Event) -> datetime.date:
    """Return the last day on which the works are on display."""
    return event.run_until or event.ends_on


def loan_of(work: Work) -> Loan | None:
    """Return the work's loan, or None."""
    return getattr(work, "loan", None)


def show_ends_early(work: Work, event: Event) -> bool:
    """Whether the right to show the work is missing or ends before the exhibition."""
    return not work.show_agreed or (work.show_until is not None and work.show_until < last_day_of(event))


def lacks_arrival_report(work: Work) -> bool:
    """Whether the work is lent and nobody noted its condition at arrival."""
    reports = work.conditions.all()
    return loan_of(work) is not None and all(one.moment != ConditionMoment.ARRIVAL for one in reports)


def unlabelled_in(work: Work) -> list[Language]:
    """Return the languages without a title or, if the work has a label at all, without a label."""
    missing = {*work.title.missing(), *(work.label.missing() if work.label else ())}
    return [one for one in Language if one.value in missing]


def gaps_of_exhibition(event: Event) -> dict[str, Any]:
    """Return what an exhibition lacks, by the codes of the readiness rules: two queries."""
    if event.kind != EventKind.EXHIBITION:
        return {}
    works = works_of(event)
    loans = [loan for one in works if (loan := loan_of(one)) is not None]
    lacking = Counter(str(language.label) for one in works for language in unlabelled_in(one))
    return {
        "no-works": not works,
        "works-unallowed": sum(show_ends_early(one, event) for one in works),
        "works-return": sum(loan.return_on is None for loan in loans),
        "works-unseen": sum(lacks_arrival_report(one) for one in works),
        "labels": [f"{label} ({count})" for label, count in lacking.items()],
        "careless": any(one.difficult for one in works) and not works[0].exhibition.supports_visitors,
    }


def gaps_of_film(event: Event) -> dict[str, Any]:
    """Return what a screening lacks, by the codes of the readiness rules: one query."""
    if event.kind != EventKind.SCREENING:
        return {}
    film: Screening | None = getattr(event, "screening", None)
    if film is None:
        return {"film": True}
    day = last_day_of(event)
    early = film.rights_from is not None and film.rights_from > event.starts_on
    uncovered = film.rights_until is None or film.rights_until < day or early
    return {
        "film-rights": uncovered,
        "film-too-often": film.showings is not None and showings_of(event) > film.showings,
        "film-certificate": not film.certificate,
        "film-age": not film.age,
        "film-support": not film.support,
    }


def showings_of(event: Event) -> int:
    """Return the number of showings over all dates; for a series without an end a number above any right."""
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
    film = getattr(event, "screening", None)
    words = str(film.title) if film is not None else _("none yet")
    return Area(_("Film"), words, reverse("events:film", args=[event.uuid]), "eye", warns=film is None)


def consent_note(work: Work) -> str:
    """Return a sentence without a reason if visitors do not see the work in the active language, or only not
    on the site; or ""."""
    if not ExhibitionGate().may_show(work):
        words = _("Not available for visitors (%(language)s) now. Take it out or ask who added it.")
    elif not ExhibitionGate(on_site=True).may_show(work):
        words = _("Not available on the site (%(language)s) now. Ask who added it.")
    else:
        return ""
    return words % {"language": Language(get_language() or Language.KK).label}


def missing_parts(event: Event, work: Work) -> list[str]:
    """Return what is not noted about a work, as phrases, and that visitors do not see it."""
    found, loan = [note for note in (consent_note(work),) if note], loan_of(work)
    if not work.show_agreed:
        found.append(_("nobody noted that it may be shown"))
    elif show_ends_early(work, event):
        found.append(_("the right to show it ends before the exhibition"))
    if unlabelled := unlabelled_in(work):
        languages = ", ".join(str(one.label) for one in unlabelled)
        found.append(_("no label in: %(languages)s") % {"languages": languages})
    if loan is not None and loan.return_on is None:
        found.append(_("no return date"))
    if lacks_arrival_report(work):
        found.append(_("no condition report at arrival"))
    return found


def work_data(work: Work) -> SafeString:
    """Return structured data of a work: schema.org's VisualArtwork."""
    root = settings.SITE_URL.rstrip("/")
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "VisualArtwork",
        "name": str(work.title),
        "url": f"{root}{work.public_url}",
        "artMedium": str(work.technique),
        "description": str(work.label)[:500],
        "dateCreated": work.year,
    }
    if work.maker_in_public:
        data["creator"] = {"@type": "Person", "name": work.maker_in_public}
    if work.is_shared and work.public_picture_url:
        data["image"] = f"{root}{work.public_picture_url}"
    return json_ld_script(data)


def work_destination(target: UUID, language: str) -> CodeDestination:
    """Return the target of a work's printed code: its page; otherwise the page of the event if that
    is public. A code of a work behind the gate of consent leads there as if it were the exhibition's own."""
    work = Work.objects.filter(uuid=target).select_related("exhibition", "picture").first()
    if work is None:
        return CodeDestination()
    with override(language):
        if not ExhibitionGate(language, on_site=True).may_show(work):
            slug = public_events().filter(pk=work.exhibition.event_id).values_list("slug", flat=True).first()
            return (
                CodeDestination(address=reverse("public_event", args=[slug])) if slug else CodeDestination()
            )
        is_open = public_exhibitions().filter(pk=work.exhibition_id).first()
        if is_open is not None:
            slug = is_open.event.slug
            if work.removed_at is None and work.show_agreed:
                return CodeDestination(address=reverse("public_work", args=[slug, work.number]))
            return CodeDestination(way_on=reverse("public_works", args=[slug]))
        slug = public_events().filter(pk=work.exhibition.event_id).values_list("slug", flat=True).first()
        return CodeDestination(way_on=reverse("public_event", args=[slug])) if slug else CodeDestination()


def catalogue_action(event: Event) -> PublicAction | None:
    """The way to the works of an exhibition, if they are on the site."""
    if event.kind != EventKind.EXHIBITION or not public_exhibitions().filter(event=event).exists():
        return None
    return PublicAction(_("The works"), reverse("public_works", args=[event.slug]), "picture")


def film_in_public(event: Event, _language: str) -> Screening | None:
    """Return the film for the public page of a screening."""
    return getattr(event, "screening", None) if event.kind == EventKind.SCREENING else None


LABEL_SIZES = ("small", "large")


def labels_pdf(*, event: Event, works: list[Work], size: str) -> bytes:
    """Render labels of `LABEL_SIZES` in three languages; missing translations are skipped, and languages in
    which the gate of consent is closed. Raises Http404 without a label."""
    gates = {code: ExhibitionGate(code) for code in Language.values}
    codes = codes_for(CODE_KIND, [one.uuid for one in works])
    labels = []
    for work in works:
        languages, beside = [], []
        for code in Language.values:
            with override(code):
                if not gates[code].may_show(work):
                    continue
                if work.difficult:
                    beside += [text for _label, text in support_texts(work.exhibition)]
                if code in (work.title or [Language.KK]):
                    languages.append(
                        {
                            "language": code,
                            "title": str(work.title),
                            "maker": work.maker_credit,
                            "facts": work.facts,
                            "label": work.label.get(code, ""),
                            "note": work.content_note.get(code, ""),
                        }
                    )
        if not languages:
            continue
        label = {"number": str(work.number), "code": codes[work.uuid], "languages": languages}
        labels.append({**label, "beside": " · ".join(dict.fromkeys(beside))})
    if not labels:
        raise Http404
    data = {"title": text_in(event).title, "size": size, "labels": labels}
    pictures = {f"{code}.svg": code_svg(code) for code in codes.values()}
    return typeset("labels.typ", data, pictures, event=event)


def catalogue_pdf(*, event: Event, works: list[Work], language: str) -> bytes:
    """Render the catalogue of `printable_works` in one language. Pictures only with a valid reproduction
    right today, and never of difficult works: paper cannot hide a picture behind its content note."""
    codes = codes_for(CODE_KIND, [one.uuid for one in works])
    pictures = {f"{code}.svg": code_svg(code) for code in codes.values()}
    with override(language):
        text, when = text_in(event, language), when_of(event)
        rows = []
        for work in works:
            row = {
                "number": str(work.number),
                "code": codes[work.uuid],
                "title": str(work.title),
                "maker": work.maker_credit,
                "facts": work.facts,
                "label": str(work.label),
                "note": str(work.content_note),
                "picture": "",
                "alt": "",
                "credit": "",
            }
            if work.picture_is_public() and not work.difficult:
                row["alt"] = work.picture_alt
                row["credit"] = work.picture.credit if work.picture else ""
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
            "beside": support_texts(works[0].exhibition),
            "works": rows,
        }
        return typeset("catalogue.typ", data, pictures, event=event)


def support_texts(exhibition: Exhibition) -> list[tuple[str, str]]:
    """Return quiet corner and way to get help as (label, text)."""
    rows = [
        (_("Quiet corner"), str(exhibition.quiet_corner)),
        (_("Way to help"), ", ".join(filter(None, [str(exhibition.help_words), exhibition.help_phone]))),
    ]
    return [row for row in rows if row[1]]


AHEAD = datetime.timedelta(days=14)


@only_if(lambda user: returns_where(user, until=timezone.localdate(now()) + AHEAD))
def returns_due(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """Works that go back within a fortnight, or should have: two queries."""
    language, today = get_language() or "", timezone.localdate(now())
    for loan in returns_of(user, until=today + AHEAD):
        event, back = loan.work.exhibition.event, loan.return_on
        if back is None:
            continue
        yield WaitingItem(
            icon="picture",
            title=_("Goes back: %(work)s") % {"work": loan.work.title},
            detail=text_in(event, language).title,
            url=reverse("events:work_loan", args=[event.uuid, loan.work.uuid]),
            action=_("Open") if back >= today else _("Overdue"),
            due=datetime.datetime.combine(back, datetime.time(23, 59), tzinfo=event.zone_info),
            urgent=back <= today,
        )


type LabelledRow = tuple[str, str]


def loan_agreement_pdf(*, event: Event, work: Work, loan: Loan, viewer: Viewer, language: str) -> bytes:
    """Render the agreement in the reader's language, which is the active one."""
    text = text_in(event, language)
    borrower = display_name_for(viewer, event.organisation)
    lender = display_name_for(viewer, loan.organisation) if loan.organisation is not None else loan.lender
    loan_rows = [
        (_("Lent from"), _day(loan.from_on)),
        (_("Goes back on"), _day(loan.return_on)),
        (_("Insured for"), sum_words(loan.value, loan.currency)),
        (_("Its picture may stand"), work.get_reproduction_display()),
    ]
    lender_rows = [(_("Name"), lender), (_("Address"), loan.address), (_("Phone"), loan.phone)]
    return typeset(
        "loan_agreement.typ",
        {
            "language": language,
            "heading": _("Loan agreement"),
            "exhibition": text.title,
            "parts": [
                {"heading": _("Who lends"), "rows": _non_empty_rows(lender_rows)},
                {"heading": _("Who borrows"), "rows": _non_empty_rows([(_("Organisation"), borrower)])},
                {"heading": _("The work"), "rows": _non_empty_rows(_work_rows(work))},
                {"heading": _("The loan"), "rows": _non_empty_rows(loan_rows)},
            ],
            "terms": [
                _("The work is shown at this exhibition only, in the place that is named for it."),
                _("Both look at the work when it comes and when it goes, and write down what they see."),
                _("The borrower insures the work for the sum above, from taking it over until it is back."),
                _("The work goes back on the day above. Another day is agreed in writing."),
                _("Without the lender's word in writing nobody changes, repairs, lends or sells the work."),
            ],
            "hands": [
                (_("For the lender: name, date"), lender),
                (_("For the borrower: name, date"), borrower),
            ],
            "foot": settings.SITE_URL.removeprefix("https://"),
        },
        event=event,
    )


def condition_pdf(*, event: Event, work: Work, report: ConditionReport, language: str) -> bytes:
    """Render the report in the reader's language, with its photographs while members may open the work."""
    pictures = {}
    for photo in report.photos.all() if may_work_with(work_item(work)) else ():
        with private_storage().open(str(photo.file.name)) as file:
            pictures[f"{photo.uuid.hex}.jpg"] = file.read()
    return typeset(
        "condition.typ",
        {
            "language": language,
            "heading": _("Condition report"),
            "exhibition": text_in(event, language).title,
            "rows": _non_empty_rows(
                [
                    *_work_rows(work),
                    (_("When"), f"{report.get_moment_display()}, {condition_moment_words(event, report)}"),
                    (_("Looked at by"), report.seen_by),
                ]
            ),
            "condition": _("How it looks"),
            "words": report.words,
            "hands": [(_("Handed over by"), report.handed_by), (_("Taken over by"), report.taken_by)],
            "photos": list(pictures),
            "foot": _("For people who prepare the event. Do not leave it lying about."),
        },
        pictures,
        event=event,
    )


def condition_moment_words(event: Event, report: ConditionReport) -> str:
    """Return the time of the condition check, local to the event."""
    return formats.date_format(report.seen_at.astimezone(event.zone_info), "j E Y, H:i")


def _work_rows(work: Work) -> list[LabelledRow]:
    has_facts = work.technique or work.year
    return [
        (_("Title"), str(work.title)),
        (_("Who made it"), work.maker_credit),
        (_("Technique, year, size"), work.facts) if has_facts else (_("Size"), work.size),
    ]


def _day(day: datetime.date | None) -> str:
    return formats.date_format(day, "j E Y") if day else ""


def _non_empty_rows(rows: list[LabelledRow]) -> list[LabelledRow]:
    return [row for row in rows if row[1]]
