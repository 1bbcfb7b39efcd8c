"""Records, items and answers as pages show them."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.translation import gettext as _

from coalition.accounts.models import Language
from coalition.consent.enums import Answer, DetailKind, Form, Place, RecordState
from coalition.consent.gate import day_of
from coalition.consent.items import ItemDescription, describe_items, item_kind, takers_of
from coalition.consent.models import (
    ConsentItem,
    ConsentRecord,
    ConsentScope,
    ConsentUse,
    ConsentWithdrawal,
    LegalReading,
    RemovalRequest,
)
from coalition.consent.queries import items_of_record
from coalition.core.clock import now
from coalition.mail.outbox import absolute_url


@dataclass(frozen=True)
class UseRow:
    """One use. `state`: words; `kind`: of the badge; `waits_for`: what the caseworker does next."""

    use: ConsentUse
    place: str
    language: str
    state: str
    kind: str = ""
    waits_for: str = ""  # "question" or "answer"


@dataclass(frozen=True)
class ItemRow:
    """One item of a record. `described`: None if it is gone."""

    item: ConsentItem
    described: ItemDescription | None
    kind_label: str
    forms: list[str]
    details: list[str]
    uses: list[UseRow]
    needs_reading: bool
    changes: str = ""  # what a lawyer wants changed in the item as it stands

    @property
    def reading_url(self) -> str:
        """Return the absolute address to send to a lawyer."""
        return absolute_url(reading_url(self.item.kind, self.item.key))

    @property
    def waits(self) -> bool:
        """Whether the caseworker has something to ask or to note."""
        return any(use.waits_for for use in self.uses)


def reading_url(kind: str, key: str) -> str:
    """Return the address at which a lawyer reads an item: whoever sends it chose the lawyer."""
    return f"{reverse('consent:reading', args=[kind, key])}?link={_reading_mark(kind, key)}"


def is_reading_link(kind: str, key: str, mark: str) -> bool:
    return constant_time_compare(mark, _reading_mark(kind, key))


def _reading_mark(kind: str, key: str) -> str:
    return salted_hmac("coalition.consent.reading", f"{kind}:{key}", algorithm="sha256").hexdigest()


def record_row(consent: ConsentRecord) -> dict[str, Any]:
    """Return a record with its state in words, for lists and its page."""
    moment = now()
    state = consent.state_on(day_of(moment), moment)
    kinds = {RecordState.IN_FORCE: "yes", RecordState.WAITING: "wait", RecordState.WITHDRAWN: ""}
    return {
        "consent": consent,
        "state": state,
        "label": state.label,
        "kind": kinds.get(state, "no"),
        "is_running": state not in {RecordState.WITHDRAWN, RecordState.EXPIRED},
        "is_shown": state == RecordState.IN_FORCE,
    }


def scope_groups(scopes: Iterable[ConsentScope], moment: datetime.datetime) -> list[dict[str, Any]]:
    """Return scopes in force by place and form, with languages and the latest moment they may be used from,
    if it is still to come."""
    found: dict[tuple[str, str], list[ConsentScope]] = defaultdict(list)
    for scope in scopes:
        found[scope.place, scope.form].append(scope)
    return [
        {
            "place": Place(place).label,
            "form": Form(form).label,
            "languages": [Language(one.language).label for one in rows],
            "from": max((one.usable_from for one in rows if one.usable_from > moment), default=None),
        }
        for (place, form), rows in sorted(found.items(), key=_order_of_scope)
    ]


def item_rows(consent: ConsentRecord) -> list[ItemRow]:
    """Return the record's items with their uses: four queries, and those of the kinds of items."""
    return describe_rows(items_of_record(consent))


def describe_rows(items: list[ConsentItem]) -> list[ItemRow]:
    described = describe_items((one.kind, one.key) for one in items)
    read = _latest_readings(items)
    moment = now()
    rows = []
    for item in items:
        found = described.get((item.kind, item.key))
        digest = found.item.digest if found is not None else ""
        reading = read.get((item.kind, item.key))
        if reading is not None and reading.digest != digest:
            reading = None
        needs_reading = item.needs_lawyer and not (reading is not None and reading.cleared)
        changes = reading.note if reading is not None and not reading.cleared else ""
        uses = [
            _use_row(use, digest, moment, needs_reading=needs_reading) for use in _in_order(item.uses.all())
        ]
        details = [str(DetailKind(kind).label) for kind in item.details]
        forms = [str(form.label) for form in item.forms]
        label = str(item_kind(item.kind).label)
        rows.append(ItemRow(item, found, label, forms, details, uses, needs_reading, changes))
    return rows


def use_choices(rows: Iterable[ItemRow]) -> list[tuple[str, str]]:
    """Return open uses as choices: UUID and words."""
    return [
        (str(use.use.uuid), f"{_title(row)} · {use.place} · {use.language}")
        for row in rows
        for use in row.uses
    ]


def agreed_use_choices(rows: Iterable[ItemRow]) -> list[tuple[str, str]]:
    """Return open uses that she answered, as choices: UUID and words."""
    waiting = {str(use.use.uuid) for row in rows for use in row.uses if use.use.answer == Answer.WAITING}
    return [choice for choice in use_choices(rows) if choice[0] not in waiting]


def taker_names(rows: Iterable[ItemRow]) -> list[tuple[str, str]]:
    """Return title and taker of each item that somebody took. As many queries as the items have sources of
    takers."""
    return [(_title(row), one.name) for row in rows for one in takers_of(row.item.kind, row.item.key)]


def removal_rows(requests: Iterable[RemovalRequest]) -> list[dict[str, Any]]:
    """Return requests with the title of their item: queries of the kinds of items only."""
    rows = list(requests)
    described = describe_items((one.item.kind, one.item.key) for one in rows)
    return [{"request": one, "title": one.title or _described_title(described, one.item)} for one in rows]


def taken_back_words(withdrawal: ConsentWithdrawal) -> list[str]:
    """Return the scopes and uses of one withdrawal in words: they ended at its moment."""
    consent = withdrawal.consent
    scopes = [str(one) for one in consent.scopes.filter(ended_at=withdrawal.at)]
    uses = ConsentUse.objects.filter(item__consent=consent, ended_at=withdrawal.at).select_related("item")
    described = describe_items((use.item.kind, use.item.key) for use in uses)
    ended = [
        (_described_title(described, use.item), use.get_place_display(), use.get_language_display())
        for use in _in_order(uses)
    ]
    return [*scopes, *(" · ".join(parts) for parts in ended)]


def separate_words(consent: ConsentRecord) -> list[str]:
    """Return each set of details that must not stand together, in words."""
    rules = consent.separate_details.all()
    return [" + ".join(str(DetailKind(kind).label) for kind in rule.kinds) for rule in rules]


def _use_row(use: ConsentUse, digest: str, moment: datetime.datetime, *, needs_reading: bool) -> UseRow:
    place, language = str(Place(use.place).label), str(Language(use.language).label)
    if use.answer == Answer.WAITING:
        if use.asked_at is None:
            return UseRow(use, place, language, _("She was not asked yet"), "wait", "question")
        return UseRow(use, place, language, _("Asked; her answer is not noted"), "wait", "answer")
    if use.agreed_digest != digest:
        return UseRow(use, place, language, _("Changed since she agreed: ask her again"), "no", "question")
    if use.usable_from is not None and use.usable_from > moment:
        return UseRow(use, place, language, _("Agreed; 48 hours to think it over"), "wait")
    if needs_reading:
        return UseRow(use, place, language, _("Waits for a lawyer"), "wait")
    return UseRow(use, place, language, _("Agreed"), "yes")


def _in_order(uses: Iterable[ConsentUse]) -> list[ConsentUse]:
    """Return uses by place and language, in the order of forms."""
    return sorted(
        uses, key=lambda one: (Place.values.index(one.place), Language.values.index(one.language), one.pk)
    )


def _latest_readings(items: Iterable[ConsentItem]) -> dict[tuple[str, str], LegalReading]:
    """Return the last reading of each item, by (kind, key). One query."""
    keys = {(one.kind, one.key) for one in items}
    rows = LegalReading.objects.filter(key__in={key for _kind, key in keys}).order_by("pk")
    return {(row.kind, row.key): row for row in rows}


def _title(row: ItemRow) -> str:
    return row.described.title if row.described is not None else _("An item that is gone")


def _described_title(described: dict[tuple[str, str], ItemDescription], item: ConsentItem) -> str:
    found = described.get((item.kind, item.key))
    return found.title if found is not None else _("An item that is gone")


def _order_of_scope(entry: tuple[tuple[str, str], list[ConsentScope]]) -> tuple[int, int]:
    place, form = entry[0]
    return Place.values.index(place), Form.values.index(form)
