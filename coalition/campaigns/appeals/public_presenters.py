"""What the public pages of an appeal show."""

import datetime
from dataclasses import dataclass
from typing import Any, Final

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _, override

from coalition.accounts.models import REGIONS
from coalition.campaigns.appeals.counting import count_of, counts_by_region
from coalition.campaigns.appeals.desk_queries import public_hand_overs, regions_in_tens
from coalition.campaigns.appeals.models import Appeal, AppealVersion, HandOver
from coalition.campaigns.appeals.public_queries import PublicAppeal, earlier_versions, listed_supporters
from coalition.campaigns.appeals.refusals import CLOSED_WORDS
from coalition.campaigns.core.share_links import telegram_link, whatsapp_link
from coalition.campaigns.counters.share import share_picture_path
from coalition.core.localized_text import content_languages, fallback_order
from coalition.mail.outbox import absolute_url
from documents.canonical.html import render_html
from documents.drafts.models import PublicationState
from documents.files.models import StoredFile
from documents.files.public_copy import may_be_public
from documents.publication.models import Publication, PublicationText
from documents.publication.queries import public_and_other_names, signatory_marks

MOST_NAMES: Final = 30  # on the page of the appeal; the rest stand on pages of their own
LARGEST_TABLE: Final = 24_000  # letters of HTML; a larger one is read on its approval sheet
STEPS: Final = (100, 250, 500, 1_000, 2_500, 5_000, 10_000, 25_000, 50_000, 100_000, 250_000, 500_000)


def number_words(number: int) -> str:
    """Return the number as the language writes it: 1 240."""
    return number_format(number, use_l10n=True, force_grouping=True)


@dataclass(frozen=True)
class ShownText:
    """One language of a published text."""

    language: str
    title: str
    lead: str
    html: SafeString


def shown_text(publication: Publication, language: str, *, id_prefix: str) -> ShownText:
    """Return the text in the reader's language, or the next best one."""
    texts: dict[str, PublicationText] = {text.language: text for text in publication.texts.all()}
    code = next(one for one in [*fallback_order(language), *texts] if one in texts)
    document = texts[code].document
    html = render_html(document, heading_shift=1, id_prefix=id_prefix)
    return ShownText(code, str(document["title"]), str(document["lead"]), html)


def next_step(count: int, goal: int | None) -> int | None:
    """Return the number that is to be reached next: a round one below the goal, then the goal; None if the
    goal is reached, or there is none and no round number is left."""
    steps = [step for step in STEPS if goal is None or step < goal]
    if goal is not None:
        steps.append(goal)
    return next((step for step in steps if step > count), None)


def appeal_context(public: PublicAppeal, language: str, *, code: str = "") -> dict[str, Any]:
    """Everything that the page shows but the form. `code`: the referral code in the address."""
    appeal, version, publication = public.appeal, public.version, public.publication
    is_public = public.closed != "withdrawn"
    context: dict[str, Any] = {
        "appeal": appeal,
        "version": version,
        "code": code,
        "canonical": absolute_url(reverse("support_appeal", args=[appeal.slug])),
        "languages": language_switch(appeal.slug, language, code=code),
        "closed": public.closed,
        "closed_words": CLOSED_WORDS.get(public.closed, ""),
        "is_public": is_public,
        **_counter(appeal, version),
        **_official(appeal),
        "closes_on": appeal.closes_on if not public.closed else None,
        "hand_overs": [hand_over_view(one, appeal.slug) for one in public_hand_overs(appeal)],
    }
    if not is_public:
        return context | {"withdrawal_note": publication.withdrawal_note}
    named, others = signatory_marks(publication), public_and_other_names(publication)[1]
    names = listed_supporters(version)
    return context | {
        "share_picture": absolute_url(share_picture_path(appeal.slug)),
        "text": shown_text(publication, language, id_prefix="text-"),
        "table": _table(public, language),
        "sheet_url": reverse("documents_public:sheet", args=[publication.uuid]),
        "named": [mark.name for mark in named],
        "withheld": len(others),
        "regions": [
            (REGIONS[region], number_words(count))
            for region, count in regions_in_tens(counts_by_region(version))
        ],
        "names": [row.name for row in names[:MOST_NAMES]],
        "names_count": names.count(),
        "earlier": [
            {"number": one.number, "made_at": one.made_at, "count": number_words(count_of(one))}
            for one in earlier_versions(version)
        ],
    }


@dataclass(frozen=True)
class HandOverView:
    """A published hand-over. `count`: in words; `receipt_url`, `answer_url`: of the scanned file, "" if there
    is none."""

    delivered_on: datetime.date | None
    recipient: str
    count: int
    count_words: str
    pdf_sha256: str
    csv_sha256: str
    receipt: str
    receipt_url: str
    answer: str
    answered_on: datetime.date | None
    answer_url: str


def hand_over_view(row: HandOver, slug: str) -> HandOverView:
    """Return what everybody reads of it, in the active language. Never a name."""
    return HandOverView(
        delivered_on=row.delivered_on,
        recipient=str(row.recipient),
        count=row.count,
        count_words=number_words(row.count),
        pdf_sha256=row.pdf_sha256,
        csv_sha256=row.csv_sha256,
        receipt=str(row.receipt),
        receipt_url=_file_url(row, row.receipt_file, slug, "receipt"),
        answer=str(row.answer),
        answered_on=row.answered_on,
        answer_url=_file_url(row, row.answer_file, slug, "answer"),
    )


def _file_url(row: HandOver, file: StoredFile | None, slug: str, part: str) -> str:
    if not may_be_public(file):
        return ""
    return reverse(f"support_hand_over_{part}", args=[slug, row.uuid])


def _counter(appeal: Appeal, version: AppealVersion) -> dict[str, Any]:
    count = count_of(version)
    step = next_step(count, appeal.goal)
    return {
        "count": count,
        "count_words": number_words(count),
        "step": step,
        "step_words": number_words(step) if step is not None else "",
    }


def _official(appeal: Appeal) -> dict[str, Any]:
    has_count = appeal.official_count is not None and appeal.official_as_of is not None
    return {
        "has_official": bool(appeal.official_number or appeal.official_url),
        "official_count": number_words(appeal.official_count or 0) if has_count else "",
    }


def _table(public: PublicAppeal, language: str) -> dict[str, Any] | None:
    """The comparative table: its words if they are small enough for a light page, and its approval sheet."""
    if public.table is None or public.table.state != PublicationState.PUBLIC:
        return None
    text = shown_text(public.table, language, id_prefix="table-")
    return {
        "text": text,
        "is_shown": len(text.html) <= LARGEST_TABLE,
        "sheet_url": reverse("documents_public:sheet", args=[public.table.uuid]),
    }


def language_switch(slug: str, language: str, *, code: str = "") -> list[dict[str, object]]:
    """The same page in each language, with the referral code."""
    found: list[dict[str, object]] = []
    for one, name in content_languages():
        with override(one):
            url = appeal_path(slug, code)
        found.append({"code": one, "name": name, "url": url, "current": one == language})
    return found


def appeal_path(slug: str, code: str = "") -> str:
    """Return the path of the page in the active language."""
    if code:
        return reverse("support_appeal_from", args=[slug, code])
    return reverse("support_appeal", args=[slug])


@dataclass(frozen=True)
class ShareLinks:
    """Plain links that open a messenger with words that are ready."""

    whatsapp: str
    telegram: str
    url: str


def share_links(slug: str, title: str, *, code: str = "") -> ShareLinks:
    """Return them for an appeal, in the active language. Nothing of the supporter is in them."""
    url = absolute_url(appeal_path(slug, code))
    words = _("I support the appeal “%(title)s”. Read it, and support it if you agree.") % {"title": title}
    return ShareLinks(whatsapp=whatsapp_link(f"{words}\n{url}"), telegram=telegram_link(words, url), url=url)
