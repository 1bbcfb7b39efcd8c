"""What stands in a hand-over, as a PDF and as a CSV. It never holds an address."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from django.utils.formats import date_format
from django.utils.translation import gettext as _, override

from coalition.accounts.models import REGIONS
from coalition.campaigns.appeals.models import AppealVersion
from coalition.campaigns.core.typesetting import draw_template
from coalition.campaigns.counters.columns import ColumnCount
from coalition.core.localized_text import content_languages
from coalition.mail.outbox import absolute_url
from documents.publication.queries import sheet_address
from events.spreadsheets.columns import csv_bytes

TEMPLATE: Final = Path(__file__).with_name("hand_over.typ")


@dataclass(frozen=True)
class NamedSupport:
    """One person who ticked that their name is handed over. `region`: its code."""

    name: str
    region: str


@dataclass(frozen=True)
class HandOverContent:
    """Everything that both files hold. `regions`: (code, count) in full tens. `reference`: random, so that
    nobody can find the names by trying which ones give the public SHA-256. `in_person`: how many supported on
    paper and at tables, None where nothing is settled; it is never added to `count`, which is online."""

    version: AppealVersion
    day: datetime.date
    count: int
    regions: Sequence[tuple[str, int]]
    names: Sequence[NamedSupport]
    reference: str
    in_person: ColumnCount | None = None


def region_name(code: str) -> str:
    """Return the region in the active language."""
    return str(REGIONS.get(code, code))


def tens(count: int) -> str:
    """Return a number that was rounded down, as it is read: “310+”."""
    return f"{count}+"


def tens_explained() -> str:
    """Return in words why regions are told in tens."""
    return _("Regions are told in full tens, rounded down, so that nobody can be found among them.")


def counting_method() -> str:
    """Return in words how support is counted online."""
    return _(
        "Each person gave an e-mail address and pressed a button on a page that a mail to it led to; one "
        "mailbox counts once. Rows that looked automatic were held, and counted or set aside by two people "
        "of two organisations. Whoever withdrew is not counted."
    )


def hand_over_pdf(content: HandOverContent, language: str) -> bytes:
    """Set the PDF in this language."""
    with override(language):
        return draw_template(TEMPLATE, _pdf_data(content, language), format="pdf")


def hand_over_csv(content: HandOverContent, language: str) -> bytes:
    """Return the same as one table: what a row is, region, number, name."""
    with override(language):
        heads = [_("What"), _("Region"), _("Number"), _("Name")]
        rows = [[_("Supporters in all"), "", str(content.count), ""]]
        if content.in_person is not None:
            method = content.in_person.method
            rows.append([_("Supporters in person"), "", str(content.in_person.count.value), method])
        rows += [[_("Supporters by region"), region_name(code), tens(n), ""] for code, n in content.regions]
        rows += [[_("Name"), region_name(one.region), "", one.name] for one in content.names]
        rows += [[what, "", "", digest] for what, digest in _hashes(content.version)]
        rows.append([_("How it was counted"), "", "", counting_method()])
        rows.append([_("By region"), "", "", tens_explained()])
        rows.append([_("Reference of this table"), "", "", content.reference])
        return csv_bytes(heads, rows)


def _pdf_data(content: HandOverContent, language: str) -> dict[str, object]:
    day = date_format(content.day, "DATE_FORMAT")
    return {
        "language": language,
        "heading": _("Support for an appeal"),
        "title": content.version.publication.title,
        "below": _("As of %(day)s, version %(number)s of the text")
        % {"day": day, "number": content.version.number},
        "foot": _("Support for an appeal, as of %(day)s") % {"day": day},
        "no_petition": _("This is not an official petition under the law."),
        "count": _with_spaces(content.count),
        "count_words": _("people support this text online"),
        "method_head": _("How it was counted"),
        "method": counting_method(),
        "in_person": _in_person_data(content),
        "regions_head": _("By region"),
        "region_columns": [_("Region"), _("Number")],
        "regions": [[region_name(code), tens(number)] for code, number in content.regions],
        "no_regions": _("There are too few to be told by region."),
        "suppression": tens_explained(),
        "names_head": _("Names that were given for this hand-over"),
        "name_columns": [_("No."), _("Name"), _("Region")],
        "names": [[one.name, region_name(one.region)] for one in content.names],
        "no_names": _("Nobody gave a name for the hand-over."),
        "words_head": _("The text that they support"),
        "reference": _("Reference of this file: %(reference)s") % {"reference": content.reference},
        "hashes": [list(row) for row in _hashes(content.version)],
        "check": _("The approval sheet of this text, with the same hashes: %(address)s")
        % {"address": absolute_url(sheet_address(content.version.publication, language))},
    }


def _in_person_data(content: HandOverContent) -> dict[str, str] | None:
    if content.in_person is None:
        return None
    return {
        "count": _with_spaces(content.in_person.count.value or 0),
        "count_words": _("people support this text in person, on paper and at tables"),
        "method": content.in_person.method,
    }


def _with_spaces(count: int) -> str:
    return f"{count:,}".replace(",", "\u00a0")


def _hashes(version: AppealVersion) -> list[tuple[str, str]]:
    names = dict(content_languages())
    words = [(_("SHA-256 of the appeal, %(language)s"), version.hashes)]
    words.append((_("SHA-256 of the comparative table, %(language)s"), version.table_hashes))
    return [
        (text % {"language": names.get(code, code)}, digest)
        for text, hashes in words
        for code, digest in sorted(hashes.items())
    ]
