"""Queries of drafts, and of people who may decide for an organisation."""

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import Now
from django.utils.functional import Promise
from guardian.shortcuts import get_objects_for_user

from coalition.accounts.models import Freeze, Mandate, Membership, MembershipRole, Organisation, User
from coalition.accounts.queries import active_memberships
from coalition.core.errors import Refused
from coalition.roles import RIGHTS, Right, SeatRole
from coalition.workspaces.models import Activity, Participation, Seat, Workspace
from coalition.workspaces.queries import own_seats, seats_in, workspaces_for
from documents.drafts.models import Draft, DraftText, Handling, Version
from documents.files.models import StoredFile

READER_NAMING_MARKS = [mark for mark in Handling if mark.names_readers]


def admitted_by_mark(user: User, model: type[Draft] | type[StoredFile], seats: QuerySet[Seat]) -> Q:
    """Condition for rows of `model` whose mark admits the person; `seats`: seats that let them read at all.

    *Named people*: the named only. *My organisation*: a seat in that workspace on behalf of the owning
    organisation. The other marks do not narrow what the workspace's roles give.
    """
    through: Any = model.named_people.through
    named = through.objects.filter(**{model.__name__.lower(): OuterRef("pk")}, user=user)
    own = seats.filter(workspace=OuterRef("workspace"), organisation=OuterRef("organisation"))
    return (
        ~Q(handling__in=READER_NAMING_MARKS)
        | Q(Exists(named), handling=Handling.NAMED_PEOPLE)
        | Q(Exists(own), handling=Handling.ORGANISATION)
    )


def admitted_by_list() -> Q:
    """Condition for rows with `round` and `organisation` admitted by the draft's list; an empty
    list admits all."""
    through = Draft.restricted_to.through.objects
    row = through.filter(draft=OuterRef("round__draft"), organisation=OuterRef("organisation"))
    return Q(round__draft__restricted=False) | Q(Exists(row))


def at_least_as_open_as(draft: Draft) -> Q:
    """Condition for drafts readable, by mark and list, for everyone who reads this one."""
    order = list(Handling)
    as_open = [
        mark for mark in order[order.index(Handling(draft.handling)) :] if mark not in READER_NAMING_MARKS
    ]
    marked = Q(handling__in=as_open)
    if draft.handling == Handling.ORGANISATION:
        marked |= Q(handling=Handling.ORGANISATION, organisation=draft.organisation_id)
    if not draft.restricted:
        return marked & Q(restricted=False)
    listed = Draft.restricted_to.through.objects
    lets_in = Q()
    for organisation in draft.restricted_to.values_list("pk", flat=True):
        lets_in &= Q(Exists(listed.filter(draft=OuterRef("pk"), organisation=organisation)))
    return marked & (Q(restricted=False) | lets_in)


READING_ROLES = [role for role in SeatRole if Right.SEE_DRAFTS in RIGHTS[role]]


def reading_seats(user: User) -> QuerySet[Seat]:
    """Return the person's seats that let drafts and files be read."""
    return own_seats(user).filter(role__in=READING_ROLES)


def drafts_for(user: object, workspace: Workspace | None = None) -> QuerySet[Draft]:
    """Return drafts the person may read, archived ones too, in one query. Anonymous: none.

    A restricted draft is for people with a seat on behalf of an organisation in its list. Both guardian's
    rows and the seats are checked, so that freezing or leaving takes effect at once. The handling mark
    narrows further: named people, or the draft's own organisation. Coordinators are no exception.
    """
    if not isinstance(user, User) or not user.is_active:
        return Draft.objects.none()
    listed = Draft.restricted_to.through.objects.filter(
        draft=OuterRef("pk"),
        organisation__in=reading_seats(user)
        .filter(workspace=OuterRef(OuterRef("workspace")))
        .values("organisation"),
    )
    granted = get_objects_for_user(
        user,
        "read_restricted_draft",
        Draft,
        accept_global_perms=False,
        with_superuser=False,
        use_groups=True,
    )
    rows = Draft.objects.filter(
        Q(workspace__in=reading_seats(user).values("workspace")),
        Q(restricted=False) | Q(Exists(listed), pk__in=granted.order_by().values("pk")),
        admitted_by_mark(user, Draft, reading_seats(user)),
        workspace__in=workspaces_for(user, Right.SEE_DRAFTS),
    )
    return rows.filter(workspace=workspace) if workspace is not None else rows


def with_texts(drafts: QuerySet[Draft]) -> QuerySet[Draft]:
    """Return the same drafts with the data of a list, in two queries whatever their number."""
    texts = DraftText.objects.select_related("based_on", "changed_by", "changed_for").defer("body", "marked")
    return drafts.select_related("workspace", "organisation").prefetch_related(
        Prefetch("texts", queryset=texts.order_by("id"))
    )


def texts_of(draft: Draft) -> QuerySet[DraftText]:
    """Return the language versions of a draft the caller may read, with each last author."""
    return draft.texts.select_related("based_on", "changed_by", "changed_for", "draft")


def texts_to_submit(draft: Draft, languages: Collection[str]) -> list[tuple[DraftText, Version | None]]:
    """Return the texts of a readable draft, each with its newest version of the same words."""
    texts = texts_of(draft).filter(language__in=languages).order_by("id")
    return [
        (text, text.versions.filter(hash=text.content_hash).order_by("-number").first()) for text in texts
    ]


def versions_for(user: object, workspace: Workspace | None = None) -> QuerySet[Version]:
    """Return named versions of the drafts that the person may read, newest first."""
    rows = Version.objects.filter(text__draft__in=drafts_for(user, workspace))
    return rows.select_related(
        "text__draft__workspace", "text__draft__organisation", "created_by", "organisation"
    ).order_by("-created_at", "-id")


@dataclass(frozen=True)
class ReaderLimits:
    """Limits of readers among those who may see drafts in the workspace. None: no limit."""

    organisations: list[Organisation] | None = None
    people: list[User] | None = None


def reader_limits(thing: Draft | StoredFile) -> ReaderLimits:
    """Return the combined limits of list and mark."""
    organisations = list(thing.restricted_to.all()) if thing.restricted else None
    if thing.handling == Handling.ORGANISATION:
        organisations = [thing.organisation]
    people = list(thing.named_people.all()) if thing.handling == Handling.NAMED_PEOPLE else None
    return ReaderLimits(organisations, people)


def seats_reading(thing: Draft | StoredFile) -> QuerySet[Seat]:
    """Return seats that read it now, with person and organisation: recipients of notices."""
    limits = reader_limits(thing)
    rows = seats_in(thing.workspace).filter(role__in=READING_ROLES)
    if limits.organisations is not None:
        rows = rows.filter(organisation__in=limits.organisations)
    if limits.people is not None:
        rows = rows.filter(person__in=limits.people)
    return rows


def people_of(seats: Iterable[Seat]) -> list[User]:
    """Return the people who hold these seats, each once."""
    return list({seat.person_id: seat.person for seat in seats}.values())


def seats_to_name(thing: Draft | StoredFile) -> QuerySet[Seat]:
    """Return seats whose people can be named as readers: one per person, of organisations that the
    list admits."""
    rows = seats_in(thing.workspace).filter(role__in=READING_ROLES)
    if thing.pk and thing.restricted:
        admitted: Any = thing.restricted_to.all()
        rows = rows.filter(organisation__in=admitted)
    older = rows.filter(person=OuterRef("person"), pk__lt=OuterRef("pk"))
    return rows.filter(~Exists(older)).order_by("person__name", "pk")


WRITING_ACTIVITIES = ("text_saved", "text_suggested", "text_file_taken_in")  # activities that record writing


def people_involved_in(draft: Draft) -> QuerySet[User]:
    """Return the people who created the draft, wrote in it or named its versions.

    The right to read it is checked when they are notified.
    """
    last = DraftText.objects.filter(draft=draft).values("changed_by")
    named = Version.objects.filter(text__draft=draft).values("created_by")
    wrote = writing_activities(draft).values("actor")
    return User.objects.filter(Q(pk=draft.created_by_id) | Q(pk__in=last) | Q(pk__in=named) | Q(pk__in=wrote))


def coordinators_of(draft: Draft) -> list[User]:
    """Return coordinators of the workspace who may read the draft, each once."""
    return people_of(seats_reading(draft).filter(role=SeatRole.COORDINATOR))


def writing_activities(draft: Draft) -> QuerySet[Activity]:
    """Return the activities of writing and suggesting in the draft since its publication."""
    rows = Activity.objects.filter(workspace=draft.workspace_id, subject=draft.uuid, actor__isnull=False)
    return rows.filter(kind__in=WRITING_ACTIVITIES).order_by()


APPROVING_ROLES = [MembershipRole.REPRESENTATIVE, MembershipRole.ALTERNATE]


def open_mandates(user: User | None = None) -> QuerySet[Mandate]:
    """Return mandates valid now, by the database's clock, of active members."""
    return Mandate.objects.filter(
        membership__in=active_memberships(user),
        revoked_at=None,
        valid_from__lte=Now(),
        valid_until__gt=Now(),
    )


def takes_part(workspace: str) -> Exists:
    """Return the condition that a row's `organisation` takes part now in the workspace of this field."""
    rows = Participation.objects.filter(
        organisation=OuterRef("organisation"), workspace=OuterRef(workspace), ended_at=None
    )
    return Exists(rows)


def frozen_since(moment: str) -> Exists:
    """Return the condition that a row's `organisation` was frozen at or after the moment in this field."""
    rows = Freeze.objects.filter(organisation=OuterRef("organisation"), frozen_at__gte=OuterRef(moment))
    return Exists(rows)


def may_decide(user: User, subject: Q) -> Q:
    """Return the condition that the person may decide for a row's `organisation`: as representative or
    alternate, or by a mandate without a limit or with this one."""
    member = active_memberships(user).filter(organisation=OuterRef("organisation"), role__in=APPROVING_ROLES)
    mandate = open_mandates(user).filter(
        Q(subject="") | subject, membership__organisation=OuterRef("organisation")
    )
    return Q(Exists(member)) | Q(Exists(mandate))


def capacity_of(user: User, organisation: Organisation) -> str:
    """Return the person's capacity for the organisation: representative, alternate or mandate."""
    membership = active_memberships(user).filter(organisation=organisation).first()
    return capacity_by(membership.role if membership is not None else None)


def capacity_by(role: str | None) -> str:
    return role if role is not None and role in APPROVING_ROLES else "mandate"


def approvers_of(organisation: Organisation, *, kind: str) -> list[User]:
    """Return everyone who may approve a text of this kind for the organisation now, each once."""
    return approvers_by_organisation([organisation.pk], kind=kind)[organisation.pk]


def approvers_by_organisation(organisations: Iterable[int], *, kind: str) -> defaultdict[int, list[User]]:
    """Return the approvers of many organisations, by primary key, in one query."""
    mandates = open_mandates().filter(Q(subject="") | Q(subject=kind), membership=OuterRef("pk"))
    members = active_memberships().filter(
        Q(role__in=APPROVING_ROLES) | Exists(mandates), organisation__in=set(organisations)
    )
    found: defaultdict[int, list[User]] = defaultdict(list)
    for membership in members.select_related("person"):
        found[membership.organisation_id].append(membership.person)
    return found


def representatives(organisation: Organisation) -> list[User]:
    """Return those to notify when somebody else approved for their organisation."""
    rows: QuerySet[Membership] = active_memberships().filter(
        organisation=organisation, role=MembershipRole.REPRESENTATIVE
    )
    return [membership.person for membership in rows.select_related("person")]


REMIND_BEFORE = datetime.timedelta(hours=24)


class DeadlinePassed(Refused):
    """Raised when the requested deadline is in the past."""


class LockedSetting(Refused):
    """Something holds what was to be changed, for example an open round; `field` is its name, where the words
    belong."""

    def __init__(self, field: str, message: str | Promise, **params: object) -> None:
        self.field = field
        super().__init__(message, **params)
