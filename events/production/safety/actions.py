"""Writing the safety plan of an event, and keeping its address for those who are confirmed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.accounts.models import Organisation
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import delete_in_batches, empty_in_batches
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants
from documents.drafts.permissions import require_that
from events.core import audit
from events.core.locking import hold, refuse_cancelled
from events.core.models import Event
from events.core.permissions import may_change
from events.core.queries import is_over_since
from events.production.safety.enums import PhotoRule, SafetyRole
from events.production.safety.models import SafetyPerson, SafetyPlan

DAYS_KEPT = 30  # after the event
MOST_SEATS = 2000


@dataclass(frozen=True)
class Answering:
    """Who answers for one thing on the day."""

    role: SafetyRole
    name: str
    phone: str = ""
    organisation: Organisation | None = None


@dataclass(frozen=True)
class Safety:
    """What a plan says. `photo_words` by language; `no_photo_seats` None: not decided yet. A role that is
    not among the people has nobody."""

    photo_rule: PhotoRule | None = None
    photo_words: Mapping[str, str] = field(default_factory=dict)
    no_photo_seats: int | None = None
    no_photo_where: str = ""
    note: str = ""
    people: Iterable[Answering] = ()
    address_for_confirmed: bool = False


def write_safety_plan(*, access: Access, event: Event, safety: Safety) -> SafetyPlan:
    """Write the whole plan. When the address becomes one for the confirmed, or for all again, every public
    page and calendar follows in this transaction; what was told before cannot be called back.

    Raises NotAllowed without the right to change the event; Refused if it is cancelled, if a role is named
    twice, or for an organisation that does not take part.
    """
    people = [one for one in safety.people if one.name.strip()]
    _check(safety, people)
    with transaction.atomic():
        locked = hold(event)
        require_that(may_change(access, locked), _("Editors and coordinators write the safety plan."))
        refuse_cancelled(locked)
        _check_organisations(locked, people)
        plan, _made = SafetyPlan.objects.update_or_create(
            event=locked,
            defaults={
                "photo_rule": safety.photo_rule or "",
                "photo_words": _said(safety.photo_words),
                "no_photo_seats": safety.no_photo_seats,
                "no_photo_where": safety.no_photo_where.strip(),
                "note": safety.note.strip(),
                "changed_at": now(),
            },
        )
        _put_people(plan, people)
        audit.record(locked, access, "event.safety_written", roles=sorted(one.role.value for one in people))
        _hold_address(locked, access, held=safety.address_for_confirmed)
    return plan


def forget_safety_people() -> int:
    """Delete who answered for what, and what was noted, a while after the event. Returns how many rows."""
    people = is_over_since(DAYS_KEPT, "plan__event__", "plan__changed_at", standing=True)
    plans = is_over_since(DAYS_KEPT, "event__", "changed_at", standing=True)
    return delete_in_batches(SafetyPerson.objects.filter(people)) + empty_in_batches(
        SafetyPlan.objects.filter(plans).exclude(note=""), note=""
    )


def _hold_address(event: Event, access: Access, *, held: bool) -> None:
    if event.address_for_confirmed == held:
        return
    event.address_for_confirmed = held
    audit.changed(event, access, "event.address_held" if held else "event.address_told")


def _put_people(plan: SafetyPlan, people: Iterable[Answering]) -> None:
    named = {one.role: one for one in people}
    plan.people.exclude(role__in=named).delete()
    for role, one in named.items():
        SafetyPerson.objects.update_or_create(
            plan=plan,
            role=role,
            defaults={
                "name": one.name.strip(),
                "phone": one.phone.strip(),
                "organisation": one.organisation,
            },
        )


def _check(safety: Safety, people: list[Answering]) -> None:
    if len({one.role for one in people}) < len(people):
        raise Refused(_("Name one person for each thing."))
    if safety.no_photo_seats is not None and not 0 <= safety.no_photo_seats <= MOST_SEATS:
        raise Refused(_("That many seats do not fit."))


def _check_organisations(event: Event, people: Iterable[Answering]) -> None:
    named = {one.organisation.pk for one in people if one.organisation is not None}
    if named - set(participants(event.workspace).filter(pk__in=named).values_list("pk", flat=True)):
        raise Refused(_("Only organisations that take part here can answer for it."))


def _said(words: Mapping[str, str]) -> dict[str, str]:
    return {code: said for code in Language.values if (said := words.get(code, "").strip())}
