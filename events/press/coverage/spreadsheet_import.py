"""What every row of a spreadsheet would become as coverage: something new, something that is noted already,
or nothing, with the reason."""

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
from documents.drafts.permissions import may_keep_contacts, require_that
from events.press.contacts.import_rows import Kind
from events.press.coverage.actions import Known, Seen, check_seen, note_coverage
from events.press.coverage.enums import CoverageKind, Proof
from events.press.coverage.models import Coverage
from events.press.models import SheetTaken
from events.press.pending_imports import keep_sheet
from events.spreadsheets import columns as spreadsheets_columns
from events.spreadsheets.reader import FORMULA, NotTaken, Rows

HEADS: Final[Mapping[str, str]] = {
    "outlet": spreadsheets_columns.HEADS["outlet"],
    "on": "date, day, published, aired, дата, день, дата выхода, күні, күн, шыққан күні",
    "aired_at": "time, время, время выхода, уақыты, уақыт, сағаты",
    "title": "title, headline, заголовок, тақырыбы, тақырып, материал",
    "kind": "kind, type, channel, media type, тип, вид, канал, тип сми, түрі, бақ түрі, арна",
    "programme": "programme, program, show, передача, программа, эфир, бағдарлама, бағдарламасы, хабар",
    "link": "link, url, address, web address, ссылка, адрес, сілтеме, сілтемесі, мекенжайы",
    "language": spreadsheets_columns.HEADS["language"],
    "region": spreadsheets_columns.HEADS["regions"],
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
    """One row. `number`: as the spreadsheet counts rows that hold something, heads being 1; `fault`: a
    sentence; `left_out`: what is not understood of language and region."""

    number: int
    kind: Kind
    cells: tuple[str, ...]
    seen: Seen | None = None
    fault: str = ""
    left_out: tuple[str, ...] = ()


class _Fault(Exception):
    """What keeps a row out: a key of `words.FAULTS`, or a sentence."""


def heads_of(rows: Rows) -> dict[str, int]:
    """Which column is what. Raises NotTaken with what is missing."""
    found = spreadsheets_columns.recognise(rows[0], HEADS)
    if "outlet" not in found:
        raise NotTaken("no_outlet" if found else "no_coverage_columns")
    if "on" not in found:
        raise NotTaken("no_day")
    if len(rows) < 2:
        raise NotTaken("only_heads")
    return found


def verdicts(rows: Rows, known: Collection[str]) -> list[CoverageVerdict]:
    """The verdict on each row below the heads; `known`: keys of what is noted. Raises NotTaken."""
    heads = heads_of(rows)
    taken: set[str] = set()
    return [_verdict(number, row, heads, known, taken) for number, row in enumerate(rows[1:], 2)]


def _verdict(
    number: int, row: Sequence[str], heads: Mapping[str, int], known: Collection[str], taken: set[str]
) -> CoverageVerdict:
    cells = tuple("=…" if cell == FORMULA else cell for cell in row)
    said = {name: row[at] if at < len(row) else "" for name, at in heads.items()}
    try:
        seen, left_out = _seen(said)
        check_seen(seen)
    except (_Fault, Refused) as fault:
        return CoverageVerdict(number, Kind.FAULTY, cells, fault=str(fault))
    if seen.key in taken:
        return CoverageVerdict(number, Kind.FAULTY, cells, fault="coverage_twice")
    taken.add(seen.key)
    kind = Kind.KNOWN if seen.key in known else Kind.NEW
    return CoverageVerdict(number, kind, cells, seen=seen, left_out=tuple(left_out))


def _seen(said: Mapping[str, str]) -> tuple[Seen, list[str]]:
    if FORMULA in said.values():
        raise _Fault("formula")
    if any(len(said.get(name, "")) > most for name, most in _LONGEST.items()):
        raise _Fault("too_long")
    languages, no_language = spreadsheets_columns.language_codes(said.get("language", ""))
    regions, no_region = spreadsheets_columns.region_codes(said.get("region", ""))
    reach = _reach(said.get("reach", ""))
    seen = Seen(
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
    code = spreadsheets_columns.code_of(words, CoverageKind, _KINDS)
    if code is None:
        raise _Fault("kind")
    return CoverageKind(code)


def _day(words: str) -> datetime.date:
    begins = words.partition("T")[0].partition(" ")[0]
    for form in _DAYS:
        try:
            return datetime.datetime.strptime(begins, form).replace(tzinfo=datetime.UTC).date()
        except ValueError:
            continue
    raise _Fault("day")


def _time(words: str) -> datetime.time | None:
    if not words:
        return None
    found = re.fullmatch(r"(?:.*[T ])?([0-2]?\d):([0-5]\d)(?::\d\d)?", words)
    if found is None or int(found[1]) > 23:
        raise _Fault("time")
    return datetime.time(int(found[1]), int(found[2]))


def _reach(words: str) -> int | None:
    figures = re.sub(r"[\s\u00a0\u202f.,']", "", words)
    if not figures:
        return None
    if not re.fullmatch(r"[0-9]{1,10}", figures):
        raise _Fault("reach")
    return int(figures)


def _proof(words: str, reach: int | None) -> Proof:
    """An unknown proof of a number is an estimate; without a number there is none."""
    if reach is None:
        return Proof.NOT_KNOWN
    code = spreadsheets_columns.code_of(words, Proof, {}) if words else None
    return Proof(code) if code not in {None, Proof.NOT_KNOWN.value} else Proof.ESTIMATE


# --- import coverage ---
# Coverage from a spreadsheet: read, looked at row by row, taken in by choice.


AT_ONCE = 200  # rows taken in within one transaction


def read_coverage_sheet(*, access: Access, name: str, content: bytes) -> SheetTaken:
    """Read and keep it. Raises NotAllowed, and Refused with the reason in words."""
    about = SheetTaken.About.COVERAGE
    return keep_sheet(access=access, name=name, content=content, about=about, check=heads_of)


def look_at_coverage(sheet: SheetTaken) -> list[CoverageVerdict]:
    """What every row would become now."""
    known = Coverage.objects.filter(workspace=sheet.workspace_id, removed_at=None)
    return verdicts(json.loads(sheet.content)["rows"], set(known.values_list("key", flat=True)))


def take_in_coverage(
    *, access: Access, sheet: SheetTaken, numbers: Collection[int] = (), all_new: bool = False
) -> int:
    """Take in the chosen rows that are new, or all of them; returns how many. The spreadsheet stays. Raises
    NotAllowed, and Refused if none is chosen, or there is no room for them."""
    require_that(may_keep_contacts(access) and sheet.organisation_id == access.organisation.pk)
    rows = [one for one in look_at_coverage(sheet) if one.kind == Kind.NEW and one.seen is not None]
    wanted = [one.seen for one in rows if all_new or one.number in numbers]
    if not wanted:
        raise Refused(_("Choose at least one row."))
    count = 0
    for begin in range(0, len(wanted), AT_ONCE):
        with transaction.atomic():
            for seen in wanted[begin : begin + AT_ONCE]:
                try:
                    if seen is not None:
                        note_coverage(access=access, seen=seen)
                        count += 1
                except Known:
                    continue  # somebody noted it while this page was open
    return count
