"""Verdict on every row of a spreadsheet of coverage: new, known, or rejected with a reason."""

import datetime
import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import may_manage_contacts, require_that
from events.press.coverage.actions import CoverageInput, DuplicateCoverage, add_coverage, check_coverage
from events.press.coverage.enums import CoverageKind, Proof
from events.press.coverage.models import Coverage
from events.press.forms import store_sheet
from events.press.import_rows import ContactVerdictKind
from events.press.models import SheetTaken
from events.spreadsheets import columns
from events.spreadsheets.reader import FORMULA, Rows, SpreadsheetRejected

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


@dataclass(frozen=True)
class CoverageVerdict:
    """Verdict on a row. `number`: counts non-empty rows of the spreadsheet, the heading being 1;
    `fault`: a sentence; `left_out`: unrecognised language and region."""

    number: int
    kind: ContactVerdictKind
    cells: tuple[str, ...]
    seen: CoverageInput | None = None
    fault: str = ""
    left_out: tuple[str, ...] = ()


class _RowFault(Exception):
    """Reason for rejecting a row: a key of `words.ROW_FAULT_MESSAGES`, or a sentence."""


def coverage_columns(rows: Rows) -> dict[str, int]:
    """Return the column index of each field. Raises NotTaken with the missing columns."""
    found = columns.recognise_columns(rows[0], HEADS)
    if "outlet" not in found:
        raise SpreadsheetRejected("no_outlet" if found else "no_coverage_columns")
    if "on" not in found:
        raise SpreadsheetRejected("no_day")
    if len(rows) < 2:
        raise SpreadsheetRejected("only_heads")
    return found


def judge_coverage_rows(rows: Rows, known: Collection[str]) -> list[CoverageVerdict]:
    """Return the verdict on each row below the heading; `known`: keys of existing entries. Raises
    NotTaken."""
    heads = coverage_columns(rows)
    taken: set[str] = set()
    return [_judge_coverage_row(number, row, heads, known, taken) for number, row in enumerate(rows[1:], 2)]


def _judge_coverage_row(
    number: int, row: Sequence[str], heads: Mapping[str, int], known: Collection[str], taken: set[str]
) -> CoverageVerdict:
    cells = tuple("=…" if cell == FORMULA else cell for cell in row)
    said = {name: row[at] if at < len(row) else "" for name, at in heads.items()}
    try:
        seen, left_out = _read_coverage(said)
        check_coverage(seen)
    except (_RowFault, Refused) as fault:
        return CoverageVerdict(number, ContactVerdictKind.FAULTY, cells, fault=str(fault))
    if seen.key in taken:
        return CoverageVerdict(number, ContactVerdictKind.FAULTY, cells, fault="coverage_twice")
    taken.add(seen.key)
    kind = ContactVerdictKind.KNOWN if seen.key in known else ContactVerdictKind.NEW
    return CoverageVerdict(number, kind, cells, seen=seen, left_out=tuple(left_out))


def _read_coverage(said: Mapping[str, str]) -> tuple[CoverageInput, list[str]]:
    if FORMULA in said.values():
        raise _RowFault("formula")
    if any(len(said.get(name, "")) > most for name, most in _LONGEST.items()):
        raise _RowFault("too_long")
    languages, no_language = columns.language_codes(said.get("language", ""))
    regions, no_region = columns.region_codes(said.get("region", ""))
    reach = _reach(said.get("reach", ""))
    seen = CoverageInput(
        outlet=said["outlet"],
        kind=_kind(said),
        on=_day(said["on"]),
        aired_at=_time(said.get("aired_at", "")),
        title=said.get("title", ""),
        programme=said.get("programme", ""),
        link=said.get("link", ""),
        language=languages[0] if languages else "",
        region=regions[0] if regions else "",
        reach=reach,
        proof=_proof(said.get("proof", ""), reach),
    )
    return seen, [*no_language, *no_region]


def _kind(said: Mapping[str, str]) -> CoverageKind:
    words = said.get("kind", "")
    if not words:
        return CoverageKind.ONLINE if said.get("link") else CoverageKind.TELEVISION
    code = columns.code_of(words, CoverageKind, _KINDS)
    if code is None:
        raise _RowFault("kind")
    return CoverageKind(code)


def _day(words: str) -> datetime.date:
    begins = words.partition("T")[0].partition(" ")[0]
    for form in _DAYS:
        try:
            return datetime.datetime.strptime(begins, form).replace(tzinfo=datetime.UTC).date()
        except ValueError:
            continue
    raise _RowFault("day")


def _time(words: str) -> datetime.time | None:
    if not words:
        return None
    found = re.fullmatch(r"(?:.*[T ])?([0-2]?\d):([0-5]\d)(?::\d\d)?", words)
    if found is None or int(found[1]) > 23:
        raise _RowFault("time")
    return datetime.time(int(found[1]), int(found[2]))


def _reach(words: str) -> int | None:
    figures = re.sub(r"[\s\u00a0\u202f.,']", "", words)
    if not figures:
        return None
    if not re.fullmatch(r"[0-9]{1,10}", figures):
        raise _RowFault("reach")
    return int(figures)


def _proof(words: str, reach: int | None) -> Proof:
    """Return the reliability: by default an estimate, or not known without a number."""
    if reach is None:
        return Proof.NOT_KNOWN
    code = columns.code_of(words, Proof, {}) if words else None
    return Proof(code) if code not in {None, Proof.NOT_KNOWN.value} else Proof.ESTIMATE


# --- import coverage ---
# Import of coverage from a spreadsheet: read, reviewed row by row, imported by choice.


IMPORT_BATCH_SIZE = 200  # rows imported in one transaction


def read_coverage_sheet(*, access: Access, name: str, content: bytes) -> SheetTaken:
    """Read and store a spreadsheet. Raises NotAllowed, and Refused with the reason."""
    about = SheetTaken.About.COVERAGE
    return store_sheet(access=access, name=name, content=content, about=about, check=coverage_columns)


def judge_coverage_sheet(sheet: SheetTaken) -> list[CoverageVerdict]:
    """Return the current verdict on every row."""
    known = Coverage.objects.filter(workspace=sheet.workspace_id, removed_at=None)
    return judge_coverage_rows(json.loads(sheet.content)["rows"], set(known.values_list("key", flat=True)))


def import_coverage(
    *, access: Access, sheet: SheetTaken, numbers: Collection[int] = (), all_new: bool = False
) -> int:
    """Import the chosen new rows, or all of them; return their number. The spreadsheet stays.
    Raises NotAllowed, and Refused if no row is chosen, or the limit is exceeded."""
    require_that(may_manage_contacts(access) and sheet.organisation_id == access.organisation.pk)
    rows = [
        one
        for one in judge_coverage_sheet(sheet)
        if one.kind == ContactVerdictKind.NEW and one.seen is not None
    ]
    wanted = [one.seen for one in rows if all_new or one.number in numbers]
    if not wanted:
        raise Refused(_("Choose at least one row."))
    count = 0
    for begin in range(0, len(wanted), IMPORT_BATCH_SIZE):
        with transaction.atomic():
            for seen in wanted[begin : begin + IMPORT_BATCH_SIZE]:
                try:
                    if seen is not None:
                        add_coverage(access=access, seen=seen)
                        count += 1
                except DuplicateCoverage:
                    continue  # added by somebody else while this page was open
    return count
