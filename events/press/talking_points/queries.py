"""Lines of message guides, and briefings: the only place where they come from."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Prefetch, Q, QuerySet

from coalition.accounts.models import Organisation
from coalition.core.clock import now
from coalition.core.tokens import hash_token
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import frozen_in, participants
from documents.drafts.enums import Handling
from documents.models import Fact, FactVersion
from events.core.queries import seated_events_for
from events.press.enquiries.models import Enquiry
from events.press.talking_points.enums import LineKind
from events.press.talking_points.models import Briefing, GuideLine

BESIDE = 8  # lines shown beside an enquiry
ORDER = list(LineKind)


@dataclass(frozen=True)
class Wanted:
    """What is looked for: words, a topic, an event (its UUID)."""

    words: str = ""
    topic: str = ""
    event: str = ""

    @property
    def is_narrow(self) -> bool:
        return bool(self.words or self.topic or self.event)


def guide_lines(access: Access) -> QuerySet[GuideLine]:
    """Lines that the person may read: with a seat that sees drafts, of their organisation's own mark only
    theirs, of an event only where they may see it."""
    if not access.may(Right.SEE_DRAFTS):
        return GuideLine.objects.none()
    rows = GuideLine.objects.filter(readable_for(access.organisation), workspace=access.workspace)
    seen = seated_events_for(access.user, access.workspace).order_by().values("pk")
    rows = rows.filter(Q(event=None) | Q(event__in=seen), removed_at=None)
    return _with_facts(rows.select_related("organisation", "event"))


def removed_lines(access: Access) -> QuerySet[GuideLine]:
    """Those that were taken out and can come back."""
    rows = GuideLine.objects.filter(readable_for(access.organisation), workspace=access.workspace)
    return rows.exclude(removed_at=None)


def readable_for(organisation: Organisation) -> Q:
    """Lines whose mark lets people of this organisation read them."""
    return Q(handling=Handling.WORKSPACE) | Q(handling=Handling.ORGANISATION, organisation=organisation)


def _with_facts(rows: QuerySet[GuideLine]) -> QuerySet[GuideLine]:
    versions = FactVersion.objects.prefetch_related("words")
    facts = Fact.objects.prefetch_related(Prefetch("checked", queryset=versions))
    return rows.prefetch_related(Prefetch("facts", queryset=facts), "event__texts")


def found_lines(access: Access, wanted: Wanted) -> list[GuideLine]:
    """Those that are looked for, messages first: words in any language and case. A few queries."""
    rows = guide_lines(access)
    if wanted.topic:
        rows = rows.filter(topic__in=["", wanted.topic])
    if wanted.event:
        rows = rows.filter(Q(event=None) | Q(event__uuid=wanted.event))
    found = sorted(rows, key=lambda one: (ORDER.index(LineKind(one.kind)), one.pk))
    sought = wanted.words.casefold().split()
    return [one for one in found if all(word in _said(one) for word in sought)]


def _said(one: GuideLine) -> str:
    return "\n".join([*one.head.values(), *one.text.values()]).casefold()


def lines_beside(access: Access, enquiry: Enquiry) -> list[GuideLine]:
    """What stands beside an enquiry: lines on its topic first, then those on none."""
    rows = [one for one in found_lines(access, Wanted(topic=enquiry.topic)) if one.event_id is None]
    return sorted(rows, key=lambda one: not one.topic)[:BESIDE]


def briefing_of(enquiry: Enquiry) -> Briefing | None:
    return Briefing.objects.filter(enquiry=enquiry).first()


def lines_of(briefing: Briefing, organisation: Organisation) -> Sequence[GuideLine]:
    """Chosen lines as far as people of this organisation may read them now."""
    rows = briefing.lines.filter(readable_for(organisation), removed_at=None)
    found = _with_facts(rows.select_related("organisation", "event"))
    return sorted(found, key=lambda one: (ORDER.index(LineKind(one.kind)), one.pk))


def briefing_of_token(token: str) -> Briefing | None:
    """The briefing that this link opens now: as long as it is for who speaks, and its day has not passed."""
    rows = Briefing.objects.filter(token_hash=hash_token(token))
    row = rows.select_related(
        "enquiry__workspace", "enquiry__organisation", "enquiry__spokesperson__organisation",
        "enquiry__spokesperson__person",
    ).first()  # fmt: skip
    if row is None or not is_open(row):
        return None
    speaks = row.enquiry.spokesperson
    if speaks is None or speaks.organisation_id in frozen_in(row.enquiry.workspace):
        return None
    return row if participants(row.enquiry.workspace).filter(pk=speaks.organisation_id).exists() else None


def is_open(briefing: Briefing) -> bool:
    """Whether its link opens it: sent to who speaks now, not removed, until a day after the interview."""
    enquiry = briefing.enquiry
    speaks = enquiry.spokesperson
    if speaks is None or speaks.removed_at is not None or briefing.sent_to != speaks.uuid:
        return False
    return enquiry.forgotten_at is None and now() < briefing.open_until
