"""Uses of items: asked for by who made the item, put to the survivor by her caseworker, read by a lawyer."""

from collections.abc import Collection, Iterable, Mapping

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Language, Organisation, User
from coalition.accounts.permissions import belongs_to
from coalition.consent.actions.records import (
    details_together,
    locked_record,
    notify_items,
    record_consent_audit,
    refresh_identifies,
    rules_of,
    schedule_boundaries,
)
from coalition.consent.actions.withdraw import start_withdrawal
from coalition.consent.enums import Answer, DetailKind, Form, Place
from coalition.consent.gate import day_of
from coalition.consent.items import (
    ItemDescription,
    describe_items,
    details_in,
    item_kind,
    may_point_to_somebody,
    notify_changes,
)
from coalition.consent.models import WAITING_TIME, ConsentItem, ConsentRecord, ConsentUse, LegalReading
from coalition.consent.notifications import mail_caseworker
from coalition.consent.permissions import is_lawyer, require_that
from coalition.core.clock import now
from coalition.core.errors import Refused

_UNKNOWN_CODE = _("There is no consent with this code. Ask the crisis centre for it.")


def request_uses(
    *,
    by: User,
    organisation: Organisation | None,
    code: str,
    kind: str,
    key: str,
    forms: Collection[Form],
    places: Collection[Place],
    languages: Collection[Language],
    details: Collection[DetailKind] = (),
    needs_lawyer: bool = False,
) -> ConsentItem:
    """Say that an item shows the person with this code, and ask for uses of it.

    From now on it is shown only where she has agreed. The caseworker finds the question on their list.
    Raises NotAllowed without the right to the item or the organisation; Refused for an unknown code, an ended
    consent, an item that is gone, a form that the kind cannot contain, and without a use.
    """
    require_that(organisation is None or belongs_to(by, organisation))
    require_that(item_kind(kind).may_attach(by, key))
    described = describe_items([(kind, key)]).get((kind, key))
    if described is None:
        raise Refused(_("This item is gone."))
    if not forms or not set(forms) <= set(item_kind(kind).forms):
        raise Refused(_("Choose what it contains of her."))
    if not places or not languages:
        raise Refused(_("Choose where it should be shown, and in which languages."))
    with transaction.atomic():
        consent = _lock_by_code(code)
        item = _item_row(consent, described, forms, by=by, organisation=organisation)
        item.details = sorted({*item.details, *details, *_found_details(item, described)})
        item.needs_lawyer = item.needs_lawyer or needs_lawyer or may_point_to_somebody(described.item)
        item.save()
        _refuse_ended(item, places, languages)
        there = set(item.uses.filter(ended_at=None).values_list("place", "language"))
        wanted = [(place, code) for place in places for code in languages if (place, code) not in there]
        ConsentUse.objects.bulk_create(
            ConsentUse(item=item, place=place, language=code, requested_at=now()) for place, code in wanted
        )
        item_kind(kind).changed(key)
        notify_items(consent)
        refresh_identifies(consent)
        if wanted:
            mail_caseworker(consent, key=f"{consent.uuid}:question:{day_of(now())}", what="question")
        record_consent_audit(
            "consent.use_requested",
            by,
            consent,
            kind=kind,
            key=key,
            uses=len(wanted),
            asked_by=str(organisation.uuid) if organisation is not None else "",
        )
    return item


def record_question(*, by: User, consent: ConsentRecord, uses: Iterable[ConsentUse]) -> None:
    """Record that she was asked about these uses now, for the items as they stand. Their 48 hours begin; a
    former answer is void.

    Raises Refused for an item that is gone, and for a use that she agreed to and that has not changed.
    """
    with locked_record(by, consent) as locked:
        _require_open(locked)
        found = _own_open_uses(locked, uses)
        described = describe_items((one.item.kind, one.item.key) for one in found)
        moment = now()
        for use in found:
            digest = _digest_now(use, described)
            if use.answer == Answer.AGREED and use.agreed_digest == digest:
                raise Refused(_("She has agreed to this already, and it has not changed."))
            use.asked_at, use.asked_digest, use.usable_from = moment, digest, None
            use.answer, use.answered_at, use.agreed_digest = Answer.WAITING, None, ""
        ConsentUse.objects.bulk_update(found, _ASKED)
        _follow_bytes(found, described)
        refresh_identifies(locked)
        record_consent_audit("consent.use_asked", by, locked, uses=_keys(found))


def _follow_bytes(uses: Iterable[ConsentUse], described: Mapping[tuple[str, str], ItemDescription]) -> None:
    """Store the hashes of the items as they are now."""
    for item in {use.item_id: use.item for use in uses}.values():
        item.set_bytes(described[item.kind, item.key].item.sha256)
        item.save(update_fields=["sha256", "earlier_hashes"])


_ASKED = ("asked_at", "asked_digest", "usable_from", "answer", "answered_at", "agreed_digest")


def record_answer(*, by: User, consent: ConsentRecord, uses: Iterable[ConsentUse], agrees: bool) -> None:
    """Record her answer about uses she was asked about. A use may begin 48 hours after the question.

    Raises Refused if she was not asked, has answered already, the item has changed since or is gone, she has
    not allowed such a use, or details that must not stand together would.
    """
    with locked_record(by, consent) as locked:
        _require_open(locked)
        found = _own_open_uses(locked, uses)
        if any(one.asked_at is None or one.answer != Answer.WAITING for one in found):
            raise Refused(_("Ask her first: note the question, then the answer."))
        if agrees:
            _agree(locked, found)
            fields = ["answer", "answered_at", "usable_from", "agreed_digest", "first_agreed_at"]
            ConsentUse.objects.bulk_update(found, fields)
            schedule_boundaries(locked, *{one.usable_from for one in found if one.usable_from is not None})
        else:
            _decline(locked, by, found)
        refresh_identifies(locked)
        record_consent_audit("consent.use_answered", by, locked, uses=_keys(found), agrees=agrees)


def describe_details(
    *,
    by: User,
    consent: ConsentRecord,
    item: ConsentItem,
    details: Collection[DetailKind],
    needs_lawyer: bool = False,
) -> None:
    """Set which details of her stand in the item as it is now; her face and voice stay. A lawyer who is
    needed stays needed. Raises Refused if the item is gone."""
    with locked_record(by, consent) as locked:
        row = locked.items.get(pk=item.pk)
        described = describe_items([(row.kind, row.key)]).get((row.kind, row.key))
        if described is None:
            raise Refused(_("This item is gone."))
        row.details = sorted({*details, *_details_of_forms(row.forms)})
        row.details_digest = described.item.digest
        row.needs_lawyer = row.needs_lawyer or needs_lawyer
        row.save(update_fields=["details", "details_digest", "needs_lawyer"])
        refresh_identifies(locked)
        record_consent_audit("consent.details_set", by, locked, kind=row.kind, details=row.details)


def detach_item(*, by: User, consent: ConsentRecord, item: ConsentItem) -> None:
    """Record that the item does not show her after all: only her caseworker may say so. Raises Refused once
    the consent has ended: what was taken back stays hidden."""
    with locked_record(by, consent) as locked:
        _require_open(locked)
        moment = now()
        locked.items.filter(pk=item.pk, detached_at=None).update(detached_at=moment)
        ConsentUse.objects.filter(item=item, ended_at=None).update(ended_at=moment)
        refresh_identifies(locked)
        record_consent_audit("consent.detached", by, locked, kind=item.kind, key=item.key)


def record_legal_reading(
    *,
    by: User,
    organisation: Organisation,
    kind: str,
    key: str,
    digest: str,
    cleared: bool,
    note: str = "",
) -> LegalReading:
    """Record a lawyer's verdict on the item as it stands. Raises NotAllowed for anybody but a lawyer; Refused
    if the item has changed since, is gone, or is not cleared without a note."""
    require_that(is_lawyer(by, organisation))
    described = describe_items([(kind, key)]).get((kind, key))
    if described is None or described.item.digest != digest:
        raise Refused(_("The item has changed meanwhile. Read it again."))
    if not cleared and not note.strip():
        raise Refused(_("Say what has to change."))
    with transaction.atomic():
        row = LegalReading.objects.create(
            kind=kind,
            key=key,
            digest=digest,
            cleared=cleared,
            note=note,
            reader=by,
            organisation=organisation,
            at=now(),
        )
        notify_changes([(kind, key, described.item.sha256)])
        items = ConsentItem.objects.filter(kind=kind, key=key, detached_at=None)
        for item in items.select_related("consent__organisation", "consent__caseworker"):
            mail_caseworker(item.consent, key=f"reading:{row.pk}:{item.uuid}", what="reading")
            record_consent_audit("consent.item_read", by, item.consent, kind=kind, key=key, cleared=cleared)
    return row


def _agree(consent: ConsentRecord, uses: list[ConsentUse]) -> None:
    """Set the answer on the rows. Raises Refused as `record_answer`."""
    described = describe_items((one.item.kind, one.item.key) for one in uses)
    allowed = set(consent.scopes.filter(ended_at=None).values_list("form", "place", "language"))
    moment = now()
    together: set[str] = set()
    for use in uses:
        digest = _digest_now(use, described)
        if use.asked_at is None or digest != use.asked_digest:
            raise Refused(_("The item has changed since she was asked. Ask her again."))
        if any((form, use.place, use.language) not in allowed for form in use.item.forms):
            raise Refused(
                _("She has not allowed this: %(place)s, %(language)s. Ask her to widen her consent first."),
                place=Place(use.place).label,
                language=Language(use.language).label,
            )
        found = described[use.item.kind, use.item.key]
        use.item.details = sorted({*use.item.details, *_found_details(use.item, found)})
        use.item.needs_lawyer = use.item.needs_lawyer or may_point_to_somebody(found.item)
        use.item.save(update_fields=["details", "needs_lawyer"])
        together |= set(use.item.details)
        use.answer, use.answered_at, use.first_agreed_at = (
            Answer.AGREED,
            moment,
            use.first_agreed_at or moment,
        )
        use.usable_from, use.agreed_digest = use.asked_at + WAITING_TIME, digest
    union = details_together(consent, *together)
    for rule in rules_of(consent):
        if union.issuperset(rule):
            names = ", ".join(str(DetailKind(kind).label) for kind in sorted(rule))
            raise Refused(_("With her other items this would put together: %(details)s."), details=names)


def _decline(consent: ConsentRecord, by: User, uses: list[ConsentUse]) -> None:
    """End the uses; whoever took an item that she had agreed to before is written to."""
    moment = now()
    rows = ConsentUse.objects.filter(pk__in=[one.pk for one in uses])
    rows.update(answer=Answer.DECLINED, answered_at=moment, ended_at=moment)
    if taken := [one for one in uses if one.first_agreed_at is not None]:
        start_withdrawal(consent, by, taken, whole=False, at=moment)


def _digest_now(use: ConsentUse, described: Mapping[tuple[str, str], ItemDescription]) -> str:
    """Return the digest of the use's item as it stands. Raises Refused if it is gone."""
    found = described.get((use.item.kind, use.item.key))
    if found is None:
        raise Refused(_("This item is gone."))
    return found.item.digest


def _found_details(item: ConsentItem, described: ItemDescription) -> set[str]:
    """Return details of the forms, and those found in words that her caseworker has not looked at yet."""
    found: Iterable[DetailKind] = ()
    if item.details_digest != described.item.digest:
        found = details_in(described.item)
    return {*(str(kind) for kind in found), *_details_of_forms(item.forms)}


def _details_of_forms(forms: Iterable[Form]) -> set[str]:
    kinds = {Form.VOICE: DetailKind.VOICE, Form.FACE: DetailKind.FACE}
    return {str(kinds[form]) for form in forms if form in kinds}


def _refuse_ended(item: ConsentItem, places: Collection[Place], languages: Collection[Language]) -> None:
    """Raise Refused for uses that she declined or took back: a no is not asked about again."""
    ended = item.uses.exclude(ended_at=None).filter(place__in=places, language__in=languages)
    if ended.exists():
        raise Refused(_("She has said no to one of these uses. Leave it out, or speak with her centre."))


def _lock_by_code(code: str) -> ConsentRecord:
    """Return the locked record. Raises Refused for an unknown code and an ended consent, with the same words
    for both: a code does not tell an outsider what became of it."""
    rows = ConsentRecord.objects.select_for_update(of=("self",)).select_related("organisation", "caseworker")
    found = rows.filter(code=normal_code(code), withdrawn_at=None, until__gte=day_of(now())).first()
    if found is None:
        raise Refused(_UNKNOWN_CODE)
    return found


def normal_code(words: str) -> str:
    """Return a code as it is stored, however it was typed."""
    letters = "".join(letter for letter in words.upper() if letter.isalnum())
    return f"{letters[:4]}-{letters[4:]}"


def _item_row(
    consent: ConsentRecord,
    described: ItemDescription,
    forms: Collection[Form],
    *,
    by: User,
    organisation: Organisation | None,
) -> ConsentItem:
    item = described.item
    row = ConsentItem.objects.filter(
        consent=consent, kind=item.kind, key=item.key, detached_at=None
    ).first() or ConsentItem(
        consent=consent,
        kind=item.kind,
        key=item.key,
        added_at=now(),
        added_by=by,
        organisation=organisation,
    )
    row.set_bytes(item.sha256)
    for form in forms:
        setattr(row, f"shows_{form}", True)
    row.save()
    return row


def _require_open(consent: ConsentRecord) -> None:
    if consent.withdrawn_at is not None or consent.until < day_of(now()):
        raise Refused(_("This consent has ended. If she wants to speak again, make a new record."))


def _own_open_uses(consent: ConsentRecord, uses: Iterable[ConsentUse]) -> list[ConsentUse]:
    pks = [one.pk for one in uses]
    rows = ConsentUse.objects.filter(pk__in=pks, item__consent=consent, item__detached_at=None, ended_at=None)
    return list(rows.select_related("item"))


def _keys(uses: Iterable[ConsentUse]) -> list[str]:
    return [str(one.uuid) for one in uses]
