"""Import of coverage from a spreadsheet."""

import datetime
import json
import re
from collections.abc import Collection, Mapping
from functools import partial
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import may_manage_contacts, require_that
from events.press.contact_import import (
    IMPORT_BATCH_SIZE,
    RowFault,
    RowVerdict,
    VerdictKind,
    judge_rows,
    store_sheet,
)
from events.press.coverage.actions import MOST_REACHED, DuplicateCoverage, add_coverage, fill_coverage
from events.press.coverage.models import Coverage, CoverageKind, Proof
from events.press.coverage.subjects import attach_subjects, subject_heads, subject_names
from events.press.models import SheetTaken
from events.spreadsheets import columns
from events.spreadsheets.reader import Rows, SpreadsheetRejected

HEADS: Final[Mapping[str, str]] = {
    "outlet": columns.HEADS["outlet"],
    "on": "date, day, published, aired, дата, день, дата выхода, күні, күн, шыққан күні",
    "aired_at": "time, время, время выхода, уақыты, уақыт, сағаты",
    "title": "title, headline, заголовок, тақырыбы, тақырып, материал",
    "kind": "kind, type, channel, media type, тип, вид, канал, тип сми, түрі, бақ түрі, арна",
    "programme": "programme, program, show, передача, программа, эфир, бағдарлама, бағдарламасы, хабар",
    "link": "link, url, address, web address, ссылка, адрес, сілтеме, сілтемесі, мекенжайы",
    "language": columns.HEADS["language"],
    "region": columns.HEADS["regions"],
    "reach": "reach, audience, views, охват, просмотры, аудитория, қамту, қаралым, аудиториясы",
    "proof": "proof, source of reach, how known, подтверждение, источник охвата, дәлелі, дәлел, дереккөзі",
}
_KINDS: Final[Mapping[str, str]] = {
    "online": "site, website, web, internet, сайт, интернет, онлайн, news site, сайты, новостной сайт",
    "tv": "tv, тв, телевидение, телеканал, телеарна, television, теледидар",
    "radio": "radio, радио",
    "print": "newspaper, magazine, press, газета, журнал, печать, баспа",
    "agency": "agency, информагентство, агентство, агенттік",
    "social": "social media, instagram, facebook, telegram, соцсети, әлеуметтік желі",
}
_DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y", "%d.%m.%y")
_LONGEST = {"outlet": 120, "title": 200, "programme": 120, "link": 500}


def coverage_columns(rows: Rows) -> dict[str, int]:
    """Return the column index of each field. Raises SpreadsheetRejected if one is missing."""
    found = columns.recognise_columns(rows[0], {**HEADS, **subject_heads()})
    if "outlet" not in found:
        raise SpreadsheetRejected("no_outlet" if found else "no_coverage_columns")
    if "on" not in found:
        raise SpreadsheetRejected("no_day")
    if len(rows) < 2:
        raise SpreadsheetRejected("only_heads")
    return found


def _read_coverage(
    values: dict[str, str], subjects: Mapping[str, Collection[str]]
) -> tuple[str, Coverage, list[str]]:
    if any(len(values.get(name, "")) > most for name, most in _LONGEST.items()):
        raise RowFault("too_long")
    languages, no_language = columns.language_codes(values.get("language", ""))
    regions, no_region = columns.region_codes(values.get("region", ""))
    reach = _reach(values.get("reach", ""))
    proof = columns.code_of(values.get("proof", ""), Proof, {})
    if reach is None or proof in {None, Proof.NOT_KNOWN.value}:
        proof = Proof.NOT_KNOWN if reach is None else Proof.ESTIMATE
    row = Coverage()
    fields = {
        "kind": _kind(values),
        "on": _day(values["on"]),
        "aired_at": _time(values.get("aired_at", "")),
        "language": languages[0] if languages else "",
        "region": regions[0] if regions else "",
        "reach": reach,
        "proof": proof,
    }
    fill_coverage(row, fields | {name: values.get(name, "") for name in _LONGEST})
    no_subject = [
        words
        for name, known in subjects.items()
        if (words := values.get(name, "")) and words.casefold() not in known
    ]
    return row.key, row, [*no_language, *no_region, *no_subject]


def _kind(values: Mapping[str, str]) -> CoverageKind:
    words = values.get("kind", "")
    if not words:
        return CoverageKind.ONLINE if values.get("link") else CoverageKind.TELEVISION
    code = columns.code_of(words, CoverageKind, _KINDS)
    if code is None:
        raise RowFault("kind")
    return CoverageKind(code)


def _day(words: str) -> datetime.date:
    begins = words.partition("T")[0].partition(" ")[0]
    for form in _DAYS:
        try:
            return datetime.datetime.strptime(begins, form).replace(tzinfo=datetime.UTC).date()
        except ValueError:
            continue
    raise RowFault("day")


def _time(words: str) -> datetime.time | None:
    if not words:
        return None
    found = re.fullmatch(r"(?:.*[T ])?([0-2]?\d):([0-5]\d)(?::\d\d)?", words)
    if found is None or int(found[1]) > 23:
        raise RowFault("time")
    return datetime.time(int(found[1]), int(found[2]))


def _reach(words: str) -> int | None:
    figures = re.sub(r"[\s\u00a0\u202f.,']", "", words)
    if not figures:
        return None
    if not re.fullmatch(r"[0-9]{1,10}", figures) or int(figures) > MOST_REACHED:
        raise RowFault("reach")
    return int(figures)


def read_coverage_sheet(**fields: Any) -> SheetTaken:
    """Read and store a spreadsheet; `fields`: as `store_sheet`. Raises NotAllowed, Refused."""
    return store_sheet(about=SheetTaken.About.COVERAGE, check=coverage_columns, **fields)


def judge_coverage_sheet(sheet: SheetTaken) -> list[RowVerdict[Coverage]]:
    """Return the current verdict on every row, with an unsaved entry."""
    rows = json.loads(sheet.content)["rows"]
    entries = Coverage.objects.filter(workspace=sheet.workspace_id, removed_at=None)
    known = set(entries.values_list("key", flat=True))
    found = coverage_columns(rows)
    read = partial(_read_coverage, subjects=subject_names(sheet.workspace, found))
    return judge_rows(rows, found, read, known=known, repeated="coverage_twice")


def import_coverage(
    *, access: Access, sheet: SheetTaken, numbers: Collection[int] = (), all_new: bool = False
) -> int:
    """Import the chosen new rows, or all of them; return their number. The spreadsheet stays.
    Raises NotAllowed, and Refused if no row is chosen, or the limit is exceeded."""
    require_that(may_manage_contacts(access) and sheet.organisation_id == access.organisation.pk)
    rows = [row for row in judge_coverage_sheet(sheet) if row.kind == VerdictKind.NEW]
    chosen = [(row.entry, row.cells) for row in rows if row.entry and (all_new or row.number in numbers)]
    if not chosen:
        raise Refused(_("Choose at least one row."))
    at = coverage_columns(json.loads(sheet.content)["rows"])
    count = 0
    for begin in range(0, len(chosen), IMPORT_BATCH_SIZE):
        with transaction.atomic():
            for entry, cells in chosen[begin : begin + IMPORT_BATCH_SIZE]:
                try:
                    row = add_coverage(access=access, **{name: getattr(entry, name) for name in HEADS})
                except DuplicateCoverage:
                    continue  # added by somebody else while this page was open
                named = {
                    name: cells[at[name]] for name in subject_heads() if at.get(name, len(cells)) < len(cells)
                }
                attach_subjects(access, row, named)
                count += 1
    return count
