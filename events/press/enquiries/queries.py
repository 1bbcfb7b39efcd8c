"""Querysets of press enquiries, message guide lines and briefings."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from coalition.accounts.models import OfficeKind, Organisation, User
from coalition.accounts.queries import active_offices
from coalition.core.clock import now
from coalition.core.throttling import hash_token
from coalition.roles import Right
from coalition.workspaces.models import Seat
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import frozen_in, own_seats, participants
from documents.drafts.models import Handling
from documents.drafts.queries import READING_ROLES
from documents.models import Fact, FactVersion
from events.core.permissions import PLANNING_ROLES
from events.core.queries import seated_events_for
from events.press.enquiries.models import Briefing, Enquiry, EnquiryState, GuideLine, LineKind

CLOSED_STATES = [one for one in EnquiryState if one.is_over]
MOST_OVER = 100  # closed ones, the newest


def enquiries_for(access: Access) -> QuerySet[Enquiry]:
    """Return the enquiries that the person may read in full: their organisation's, and shared ones."""
    shared = Q(shared=True, organisation__in=participants(access.workspace))
    rows = Enquiry.objects.filter(Q(organisation=access.organisation) | shared, workspace=access.workspace)
    return rows.select_related(
        "organisation", "workspace", "taken_by", "taken_for", "ended_by", "came_to",
        "spokesperson__person", "spokesperson__organisation",
    )  # fmt: skip


def filter_enquiries(access: Access, *, q: str = "", state: str = "") -> list[Enquiry]:
    """Return the enquiries that match: overdue first, then by deadline; closed ones only with the state
    "over", newest first. `q` is matched after decryption, in outlet, name and question."""
    rows = enquiries_for(access)
    if state == "over":
        rows = rows.filter(state__in=CLOSED_STATES).order_by("-ended_at", "-id")[:MOST_OVER]
    elif state in EnquiryState.values:
        rows = rows.filter(state=state)
    else:
        rows = rows.exclude(state__in=CLOSED_STATES)
    q = q.casefold()
    return [one for one in rows if q in f"{one.outlet}\n{one.name}\n{one.question}".casefold()]


def enquiries_known_to_others(access: Access) -> list[Enquiry]:
    """Return open, unshared enquiries of others; only outlet, language and topic are read."""
    rows = Enquiry.objects.filter(
        workspace=access.workspace, shared=False, organisation__in=participants(access.workspace)
    )
    rows = rows.exclude(organisation=access.organisation).exclude(state__in=CLOSED_STATES)
    return list(rows.only("pk", "outlet", "language", "topic"))


def press_seats(user: User) -> QuerySet[Seat]:
    """Return the seats by which the person works at a press desk."""
    office = active_offices(user).filter(kind=OfficeKind.PRESS_OFFICER, organisation=OuterRef("organisation"))
    serves = Q(Exists(office), role__in=READING_ROLES)
    return own_seats(user).filter(Q(role__in=PLANNING_ROLES) | serves, workspace__archived_at=None)


def visible_enquiries(user: User) -> QuerySet[Enquiry]:
    """Return the enquiries that the person may open anywhere, for any of their organisations."""
    seats = press_seats(user).filter(workspace=OuterRef("workspace"))
    own = Exists(seats.filter(organisation=OuterRef("organisation")))
    return Enquiry.objects.filter(own | (Q(shared=True) & Exists(seats)))


def unanswered_enquiries_for(user: User) -> QuerySet[Enquiry]:
    """Return open enquiries in workspaces where the user has a seat, at the press desk or not."""
    seated = own_seats(user).values("workspace")
    return Enquiry.objects.filter(workspace__in=seated).exclude(state__in=CLOSED_STATES)


def waiting_enquiries(user: User) -> QuerySet[Enquiry]:
    """Return enquiries assigned to the user, and unassigned ones of their organisation."""
    seats = press_seats(user).filter(workspace=OuterRef("workspace"), organisation=OuterRef("organisation"))
    mine = Q(taken_by=user, state=EnquiryState.TAKEN)
    nobodys = Q(Exists(seats), state=EnquiryState.OPEN)
    rows = visible_enquiries(user).filter(mine | nobodys)
    return rows.select_related("workspace").order_by("deadline")


MAX_SUGGESTED_LINES = 8  # lines displayed beside an enquiry
ORDER = list(LineKind)


def guide_lines(access: Access) -> QuerySet[GuideLine]:
    """Return the lines for a seat that sees drafts: those marked for an organisation only to its people,
    those of an event only if they may see it."""
    if not access.may(Right.SEE_DRAFTS):
        return GuideLine.objects.none()
    rows = GuideLine.objects.filter(readable_for(access.organisation), workspace=access.workspace)
    seen = seated_events_for(access.user, access.workspace).order_by().values("pk")
    rows = rows.filter(Q(event=None) | Q(event__in=seen), removed_at=None)
    return _with_facts(rows.select_related("organisation", "event"))


def removed_lines(access: Access) -> QuerySet[GuideLine]:
    """Return archived lines that can be restored."""
    rows = GuideLine.objects.filter(readable_for(access.organisation), workspace=access.workspace)
    return rows.exclude(removed_at=None)


def readable_for(organisation: Organisation) -> Q:
    """Return the condition that a line's handling mark permits reading by this organisation."""
    return Q(handling=Handling.WORKSPACE) | Q(handling=Handling.ORGANISATION, organisation=organisation)


def _with_facts(rows: QuerySet[GuideLine]) -> QuerySet[GuideLine]:
    versions = FactVersion.objects.prefetch_related("words")
    facts = Fact.objects.prefetch_related(Prefetch("checked", queryset=versions))
    return rows.prefetch_related(Prefetch("facts", queryset=facts), "event__texts")


def filter_guide_lines(access: Access, *, q: str = "", topic: str = "") -> list[GuideLine]:
    """Return the lines that match, messages first; words in any language. A few queries."""
    rows = guide_lines(access)
    if topic:
        rows = rows.filter(topic__in=["", topic])
    sought = q.casefold().split()

    def matches(one: GuideLine) -> bool:
        text = "\n".join([*one.head.values(), *one.text.values()]).casefold()
        return all(word in text for word in sought)

    return [one for one in _by_kind(rows) if matches(one)]


def _by_kind(rows: Iterable[GuideLine]) -> list[GuideLine]:
    return sorted(rows, key=lambda one: (ORDER.index(LineKind(one.kind)), one.pk))


def suggested_lines(access: Access, enquiry: Enquiry) -> list[GuideLine]:
    """Return the lines to display beside an enquiry: those on its topic, then those on none."""
    rows = [one for one in filter_guide_lines(access, topic=enquiry.topic) if one.event_id is None]
    return sorted(rows, key=lambda one: not one.topic)[:MAX_SUGGESTED_LINES]


def briefing_of(enquiry: Enquiry) -> Briefing | None:
    return Briefing.objects.filter(enquiry=enquiry).first()


def lines_of(briefing: Briefing, organisation: Organisation) -> list[GuideLine]:
    """Return the chosen lines that people of this organisation may read now."""
    rows = briefing.lines.filter(readable_for(organisation), removed_at=None)
    return _by_kind(_with_facts(rows.select_related("organisation", "event")))


def briefing_of_token(token: str) -> Briefing | None:
    """Return the briefing of this token if its link is valid now, otherwise None."""
    rows = Briefing.objects.filter(token_hash=hash_token(token))
    row = rows.select_related(
        "enquiry__workspace", "enquiry__organisation", "enquiry__spokesperson__organisation",
        "enquiry__spokesperson__person",
    ).first()  # fmt: skip
    if row is None or row.enquiry.forgotten_at is not None or row.open_until <= now():
        return None
    speaks = row.enquiry.spokesperson  # the link is of who got it, while they speak
    if speaks is None or speaks.removed_at is not None or row.sent_to != speaks.uuid:
        return None
    if speaks.organisation_id in frozen_in(row.enquiry.workspace):
        return None
    return row if participants(row.enquiry.workspace).filter(pk=speaks.organisation_id).exists() else None
