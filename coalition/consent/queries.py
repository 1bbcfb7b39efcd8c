"""Lists of records, uses and work that follows a withdrawal."""

import datetime

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from coalition.accounts.models import Organisation, User
from coalition.accounts.queries import active_memberships, organisations_represented_by
from coalition.consent.enums import Answer, ConsentRoleKind
from coalition.consent.models import (
    ConsentItem,
    ConsentRecord,
    ConsentRecordQuerySet,
    ConsentRole,
    ConsentUse,
    ConsentWithdrawal,
    LegalReading,
    RemovalRequest,
    active_roles,
)


def records_of(person: User) -> QuerySet[ConsentRecord]:
    """Return the records that the person keeps as a caseworker, newest first."""
    held = active_roles(ConsentRoleKind.CASEWORKER).filter(
        person=person, organisation=OuterRef("organisation")
    )
    rows = ConsentRecord.objects.filter(Exists(held), caseworker=person)
    return rows.with_caseworker().select_related("organisation")


def records_to_hand_over(organisation: Organisation) -> QuerySet[ConsentRecord]:
    """Return records of the centre, for its representative: codes, states and caseworkers only. Those taken
    back too, while takers have not answered."""
    rows = _to_hand_over().filter(organisation=organisation)
    return rows.with_caseworker().select_related("caseworker").defer("contact")


def _to_hand_over() -> ConsentRecordQuerySet:
    waits = Exists(open_requests().filter(withdrawal__consent=OuterRef("pk")))
    return ConsentRecord.objects.filter(waits | Q(withdrawn_at=None))


def caseworkers_of(organisation: Organisation) -> QuerySet[ConsentRole]:
    rows = active_roles(ConsentRoleKind.CASEWORKER).filter(organisation=organisation)
    return rows.select_related("person")


def records_of_role(role: ConsentRole) -> QuerySet[ConsentRecord]:
    """Return the records of which nothing is shown once the role has ended."""
    if role.kind != ConsentRoleKind.CASEWORKER:
        return ConsentRecord.objects.none()
    return ConsentRecord.objects.filter(
        organisation=role.organisation_id, caseworker=role.person_id, withdrawn_at=None
    )


def successors_of(consent: ConsentRecord) -> QuerySet[User]:
    """Return the centre's caseworkers without the record's own."""
    held = caseworkers_of(consent.organisation).exclude(person=consent.caseworker_id)
    return User.objects.filter(pk__in=held.values("person"))


def records_without_caseworker(user: User) -> QuerySet[ConsentRecord]:
    """Return records of organisations that the person represents, with which nobody can work: those in force,
    and those with takers who have not answered."""
    held = active_roles(ConsentRoleKind.CASEWORKER).filter(
        person=OuterRef("caseworker"), organisation=OuterRef("organisation")
    )
    own = organisations_represented_by(user).order_by().values("pk")
    return _to_hand_over().filter(~Exists(held), organisation__in=own)


def lawyer_organisations(person: User) -> list[Organisation]:
    """Return the organisations for which the person reads as a lawyer."""
    rows = active_roles(ConsentRoleKind.LAWYER).filter(person=person).select_related("organisation")
    return [role.organisation for role in rows]


def items_to_read(kind: str, key: str, today: datetime.date) -> bool:
    """Whether the item, under a consent that runs, waits for a lawyer or was read by one."""
    rows = ConsentItem.objects.filter(kind=kind, key=key, detached_at=None, needs_lawyer=True)
    return rows.filter(consent__withdrawn_at=None, consent__until__gte=today).exists()


def roles_of(organisation: Organisation) -> QuerySet[ConsentRole]:
    """Return consent roles in force in the organisation, caseworkers first."""
    rows = ConsentRole.objects.filter(organisation=organisation, ended_at=None)
    return rows.select_related("person").order_by("kind", "id")


def items_of_record(consent: ConsentRecord) -> list[ConsentItem]:
    """Return the record's items; `uses.all()` are those that have not ended. Two queries."""
    uses = ConsentUse.objects.filter(ended_at=None).order_by("place", "language")
    rows = consent.items.filter(detached_at=None)
    return list(rows.prefetch_related(Prefetch("uses", queryset=uses)))


def items_asked_for_by(person: User, kind: str, key: str, today: datetime.date) -> list[ConsentItem]:
    """Return rows of one item that the person, or one of their organisations, asked for, under consents that
    run; `uses.all()` as in `items_of_record`. Others' questions and what was taken back are not told."""
    uses = ConsentUse.objects.filter(ended_at=None).order_by("place", "language")
    own = active_memberships(person).values("organisation")
    rows = ConsentItem.objects.filter(
        Q(added_by=person) | Q(organisation__in=own),
        kind=kind,
        key=key,
        detached_at=None,
        consent__withdrawn_at=None,
        consent__until__gte=today,
    ).select_related("consent")
    return list(rows.prefetch_related(Prefetch("uses", queryset=uses)))


def uses_to_ask(person: User) -> QuerySet[ConsentUse]:
    """Return open uses in the person's records that wait for the question or the answer."""
    return ConsentUse.objects.filter(
        item__consent__in=records_of(person),
        item__consent__withdrawn_at=None,
        item__detached_at=None,
        ended_at=None,
        answer=Answer.WAITING,
    )


def reviews_due(person: User, until: datetime.date) -> QuerySet[ConsentRecord]:
    """Return records whose yearly question is due by this day."""
    return records_of(person).filter(withdrawn_at=None, review_on__lte=until)


def withdrawals_of(person: User) -> QuerySet[ConsentWithdrawal]:
    """Return withdrawals in the person's records with `waiting`: takers who have not answered."""
    rows = ConsentWithdrawal.objects.filter(consent__in=records_of(person)).select_related("consent")
    return rows.annotate(waiting=Count("requests", filter=Q(requests__answer="")))


def withdrawals_to_follow(person: User) -> list[ConsentWithdrawal]:
    """Return withdrawals of the person's records that wait for takers, with `waiting`."""
    return list(withdrawals_of(person).filter(Exists(open_requests().filter(withdrawal=OuterRef("pk")))))


def unanswered_withdrawals(person: User) -> QuerySet[ConsentWithdrawal]:
    """Return withdrawals in the person's records that wait for takers. To be counted in a subquery."""
    rows = ConsentWithdrawal.objects.filter(consent__in=records_of(person))
    return rows.filter(Exists(open_requests().filter(withdrawal=OuterRef("pk"))))


def open_requests() -> QuerySet[RemovalRequest]:
    return RemovalRequest.objects.filter(answer="")


def requests_of_token(token_hash: str) -> QuerySet[RemovalRequest]:
    """Return what the taker with this link was asked to remove."""
    rows = RemovalRequest.objects.filter(token_hash=token_hash)
    return rows.select_related("item", "withdrawal__consent")


def readings_of(kind: str, key: str) -> QuerySet[LegalReading]:
    rows = LegalReading.objects.filter(kind=kind, key=key)
    return rows.select_related("reader", "organisation").order_by("-pk")
