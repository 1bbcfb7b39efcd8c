"""Records of consent, and items that show their person."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.utils.timezone import localdate

from coalition.accounts.models import Language, Organisation, User
from coalition.consent.actions.records import Scope, ask_consent
from coalition.consent.actions.roles import give_consent_role
from coalition.consent.actions.uses import record_answer, record_question
from coalition.consent.enums import ConsentRoleKind, DetailKind, Form, Place
from coalition.consent.items import describe_items
from coalition.consent.models import ConsentItem, ConsentRecord, ConsentUse
from coalition.core.clock import freeze_clock_at, now
from tests.factories import MembershipFactory, OrganisationFactory
from tests.recording import recorded

EVERYTHING = [Scope(form, place, language) for form in Form for place in Place for language in Language]


@recorded
def crisis_centre() -> Organisation:
    """A centre with one representative, who is its caseworker too."""
    centre = OrganisationFactory()
    member = MembershipFactory(organisation=centre, role="representative")
    give_consent_role(
        by=member.person, organisation=centre, person=member.person, kind=ConsentRoleKind.CASEWORKER
    )
    return centre


def caseworker_of(centre: Organisation) -> User:
    from coalition.consent.queries import caseworkers_of

    return caseworkers_of(centre).get().person


def consent_asked(
    centre: Organisation | None = None,
    *,
    days_ago: float = 3,
    scopes: Iterable[Scope] = EVERYTHING,
    apart: Iterable[Iterable[DetailKind]] = (),
    until: datetime.date | None = None,
) -> ConsentRecord:
    """A consent asked for `days_ago` days ago, to everything unless `scopes` say otherwise."""
    centre = centre or crisis_centre()
    with freeze_clock_at(now() - datetime.timedelta(days=days_ago)):
        return ask_consent(
            by=caseworker_of(centre),
            organisation=centre,
            contact="+7 727 000 00 00",
            is_adult=True,
            until=until or localdate(now()) + datetime.timedelta(days=700),
            scopes=list(scopes),
            apart=[list(kinds) for kinds in apart],
        )


def put_under_consent(
    consent: ConsentRecord,
    kind: str,
    key: str,
    *,
    forms: Iterable[Form] = (Form.FACE,),
    places: Iterable[Place] = (Place.SITE, Place.PACKAGE, Place.EXHIBITION, Place.SCREENING),
    languages: Iterable[Language] = tuple(Language),
    details: Iterable[DetailKind] = (),
) -> ConsentItem:
    """An item that shows the person of the record. She was not asked about its uses yet."""
    row = ConsentItem(consent=consent, kind=kind, key=key, added_at=now(), organisation=consent.organisation)
    described = describe_items([(kind, key)])[kind, key]
    row.sha256, row.details = described.item.sha256, list(details)
    for form in forms:
        setattr(row, f"shows_{form}", True)
    row.save()
    ConsentUse.objects.bulk_create(
        ConsentUse(item=row, place=place, language=language, requested_at=now())
        for place in places
        for language in languages
    )
    return row


def agree_to(item: ConsentItem, *, days_ago: float = 3) -> None:
    """She was asked about all uses of the item `days_ago` days ago, and agreed."""
    consent, by = item.consent, item.consent.caseworker
    assert by is not None
    with freeze_clock_at(now() - datetime.timedelta(days=days_ago)):
        record_question(by=by, consent=consent, uses=item.uses.filter(ended_at=None))
        record_answer(by=by, consent=consent, uses=item.uses.filter(ended_at=None), agrees=True)


def shown_under_consent(consent: ConsentRecord, kind: str, key: str, **given: Any) -> ConsentItem:
    """An item that may be shown now. Keywords as in `put_under_consent`."""
    item = put_under_consent(consent, kind, key, **given)
    agree_to(item)
    return item
