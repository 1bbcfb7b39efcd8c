"""Spokespersons a press desk may see, and conflicts of their times: a hidden event is none."""

import datetime
from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import get_language, gettext as _

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer, may_see_name
from coalition.accounts.queries import active_memberships
from coalition.core.clock import now
from coalition.core.throttling import hash_token
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants
from events.core.actions.times import times_of
from events.core.enums import Answer, EventState
from events.core.models import EventInvitation, EventText
from events.core.occurrences import occurrences
from events.core.queries import events_between, seated_events_for, text_in
from events.press.enquiries.models import Enquiry, EnquiryState
from events.press.spokespersons.models import Spokesperson

INTERVIEW_LENGTH = datetime.timedelta(minutes=30)  # duration of an interview including the way to it


def busy_times_by_spokesperson(
    user: User,
    spokespersons: Iterable[Spokesperson],
    first: datetime.datetime,
    last: datetime.datetime,
    *,
    but_for: UUID | None = None,
) -> dict[int, list[str]]:
    """Return sentences on conflicts between two aware moments, `last` included, by the spokesperson's key.
    `but_for`: an enquiry to ignore. A constant number of queries."""
    rows = list(spokespersons)
    if not rows:
        return {}
    last = max(last, first + datetime.timedelta(seconds=1))
    found: dict[int, list[tuple[datetime.datetime, str]]] = defaultdict(list)
    by_person = defaultdict(list)
    for row in rows:
        if row.person_id is not None:
            by_person[row.person_id].append(row.pk)
    for person, busy in _busy_with_events(user, list(by_person), first, last):
        for key in by_person[person]:
            found[key].append(busy)
    interviews = Enquiry.objects.filter(
        spokesperson__in=rows,
        state=EnquiryState.TAKEN,
        interview_at__gt=first - INTERVIEW_LENGTH,
        interview_at__lt=last + INTERVIEW_LENGTH,
    )
    if but_for is not None:
        interviews = interviews.exclude(uuid=but_for)
    for key, moment in interviews.values_list("spokesperson_id", "interview_at"):
        if moment is not None:
            words = _("Another interview, %(when)s") % {"when": moment_with_time_zone(moment)}
            found[key].append((moment, words))
    in_order = {key: sorted(times, key=lambda one: one[0]) for key, times in found.items()}
    return {key: [words for _at, words in times] for key, times in in_order.items()}


def _busy_with_events(
    user: User, people: list[int], first: datetime.datetime, last: datetime.datetime
) -> Iterable[tuple[int, tuple[datetime.datetime, str]]]:
    seen = events_between(seated_events_for(user), first, last).exclude(state=EventState.CANCELLED)
    rows = EventInvitation.objects.filter(person__in=people, withdrawn_at=None, event__in=seen.order_by())
    words = EventText.objects.defer("text", "component")
    rows = rows.exclude(answer=Answer.DECLINED).select_related("event")
    language = get_language() or ""
    for invitation in rows.prefetch_related(
        Prefetch("event__texts", queryset=words), "event__exceptions", "event__hours", "event__special_days"
    ):
        event = invitation.event
        for one in occurrences(times_of(event, language), first, last):
            if one.part == "event" and invitation.person_id is not None:
                values = {
                    "title": text_in(event, language).title,
                    "when": moment_with_time_zone(one.starts_at),
                }
                sentence = _("Invited to “%(title)s”, %(when)s") % values
                yield invitation.person_id, (one.starts_at, sentence)


def spokespersons_in(access: Access) -> QuerySet[Spokesperson]:
    """Return spokespersons of participating organisations; members while their membership lasts."""
    member = active_memberships().filter(person=OuterRef("person"), organisation=OuterRef("organisation"))
    rows = Spokesperson.objects.filter(workspace=access.workspace, removed_at=None)
    rows = rows.filter(Q(person=None) | Exists(member), organisation__in=participants(access.workspace))
    return rows.select_related("person", "organisation")


def own_spokespersons(access: Access) -> QuerySet[Spokesperson]:
    """Return spokespersons of the acting organisation, also removed ones that can be restored."""
    rows = Spokesperson.objects.filter(workspace=access.workspace, organisation=access.organisation)
    return rows.select_related("person", "organisation", "workspace")


def current_own_spokespersons(access: Access) -> QuerySet[Spokesperson]:
    return own_spokespersons(access).filter(removed_at=None)


def may_see_identity(access: Access, viewer: Viewer, row: Spokesperson) -> bool:
    """Whether the user may know who it is: one of their own, or with consent, if that name may be told."""
    if row.organisation_id == access.organisation.pk:
        return True
    return row.is_named and may_see_name(viewer, row.organisation)


def may_see_phone(access: Access, viewer: Viewer, row: Spokesperson) -> bool:
    own = row.organisation_id == access.organisation.pk
    return own or (row.gives_phone and may_see_identity(access, viewer, row))


def spokespersons_for(
    access: Access,
    viewer: Viewer,
    *,
    topic: str = "",
    language: str = "",
    region: str = "",
    can_now: bool = False,
) -> list[Spokesperson]:
    """Return the spokespersons that match, identifiable ones first. A constant number of queries.

    `can_now`: within their hours and without a conflicting event at this moment. Region and hours of those
    who are not identifiable are not disclosed, so filters on them exclude these.
    """
    rows = spokespersons_in(access)
    for name, code in (("topics", topic), ("languages", language)):
        if code:
            rows = rows.filter(**{f"{name}__contains": f" {code} "})
    found = list(rows)
    known = [row for row in found if may_see_identity(access, viewer, row)]
    others = [row for row in found if row not in known]
    if region:
        known = [row for row in known if region in row.regions]
    if can_now:
        moment = now()
        within = [row for row in known if row.speaks_at(moment)]
        busy = busy_times_by_spokesperson(access.user, within, moment, moment)
        known = [row for row in within if not busy.get(row.pk)]
    return known if region or can_now else [*known, *others]


def own_speaking_profiles(user: object) -> QuerySet[Spokesperson]:
    """Return the rows in which the user is a spokesperson, whatever seats they have."""
    if not isinstance(user, User) or not user.is_active:
        return Spokesperson.objects.none()
    member = active_memberships(user).filter(organisation=OuterRef("organisation"))
    rows = Spokesperson.objects.filter(Exists(member), person=user, removed_at=None)
    return rows.select_related("organisation", "workspace", "person")


def spokesperson_of_token(token: str) -> Spokesperson | None:
    """Return the spokesperson of this token, or None."""
    rows = Spokesperson.objects.filter(token_hash=hash_token(token), removed_at=None)
    return rows.select_related("organisation", "workspace", "person").first()
