"""Coordinators prepare a letter action, change it, open it and close it."""

import datetime
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.appeals.models import Appeal
from coalition.campaigns.appeals.versions import hashes_of
from coalition.campaigns.core.days import site_today
from coalition.campaigns.letters.models import LetterAction, LetterStage
from coalition.campaigns.letters.permissions import may_lead_letters, may_use_text_of, require_that
from coalition.campaigns.letters.queries import bodies_to_choose, recipients_of
from coalition.campaigns.letters.records import notify_workspace, record_letter_action
from coalition.campaigns.letters.texts import facts_to_offer, is_as_published, is_usable
from coalition.campaigns.recipients.models import Body
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from documents.facts.models import Fact
from documents.publication.models import Publication

_SLUG_IS_TAKEN = _("Another letter action has this address. Choose another one.")


@dataclass(frozen=True)
class LetterPlan:
    """What coordinators decide about a letter action. `service_*`: see `LetterAction`."""

    publication: Publication
    slug: str
    bodies: Sequence[Body]
    appeal: Appeal | None = None
    closes_on: datetime.date | None = None
    facts: Sequence[Fact] = ()
    service_url: str = ""
    service_name: Mapping[str, str] = field(default_factory=dict)
    service_needs: Mapping[str, str] = field(default_factory=dict)
    service_checked_on: datetime.date | None = None

    def columns(self) -> dict[str, object]:
        """Values of the columns that are no relation to several rows."""
        names = ("publication", "slug", "appeal", "closes_on", "service_url", "service_name", "service_needs")
        return {name: getattr(self, name) for name in (*names, "service_checked_on")}


def create_letter_action(*, access: Access, plan: LetterPlan) -> LetterAction:
    """Prepare a letter action in the name of the organisation for which the person acts. Nobody sees it yet.

    Raises NotAllowed without the right; Refused if the address is taken, the last day is over, the text is
    not public, or a body, an appeal or a fact cannot be chosen.
    """
    require_that(may_lead_letters(access), _("Coordinators prepare letters."))
    with transaction.atomic():
        _check_plan(access, plan)
        with _slug_is_unique():
            action = LetterAction.objects.create(
                workspace=access.workspace,
                organisation=access.organisation,
                hashes=hashes_of(plan.publication),
                created_by=access.user,
                created_at=now(),
                **plan.columns(),
            )
        action.bodies.set(plan.bodies)
        action.facts.set(plan.facts)
        record_letter_action(access, action, "letter_action.created", text=str(plan.publication.uuid))
    return action


def change_letter_action(*, access: Access, action: LetterAction, plan: LetterPlan) -> LetterAction:
    """Change it; the address only before it was opened. Raises as `create_letter_action` does."""
    with transaction.atomic():
        locked = _locked(access, action)
        require_that(may_lead_letters(access), _("Coordinators change letters."))
        if plan.slug != locked.slug and locked.opened_at is not None:
            raise Refused(_("The address stays, since people have it in their messages."))
        _check_plan(access, plan, locked)
        columns = plan.columns()
        changed = [name for name, value in columns.items() if getattr(locked, name) != value]
        for name in changed:
            setattr(locked, name, columns[name])
        if "publication" in changed:
            locked.hashes = hashes_of(plan.publication)
        relations = [name for name in ("bodies", "facts") if _set_relation(locked, name, plan)]
        if changed:
            with _slug_is_unique():
                locked.save(update_fields=[*changed, "hashes"])
        if changed or relations:
            record_letter_action(access, locked, "letter_action.changed", fields=[*changed, *relations])
    return locked


def open_letter_action(*, access: Access, action: LetterAction) -> LetterAction:
    """Open it to the public for the first time, or again.

    Raises NotAllowed without the right; Refused if it is open, its last day is over, its text is public no
    more, was corrected, or is not what was published, or if nobody can be written to.
    """
    with transaction.atomic():
        locked = _locked(access, action)
        require_that(may_lead_letters(access), _("Coordinators open letters."))
        if locked.stage_on(site_today()) == LetterStage.OPEN:
            raise Refused(_("It is open already."))
        _check_may_open(locked)
        again = locked.opened_at is not None
        locked.closed_at, locked.opened_at = None, locked.opened_at or now()
        locked.save(update_fields=["opened_at", "closed_at"])
        name = "reopened" if again else "opened"
        record_letter_action(access, locked, f"letter_action.{name}")
        notify_workspace(access, locked, f"letters_{name}")
    return locked


def close_letter_action(*, access: Access, action: LetterAction) -> LetterAction:
    """Ask nobody to write any more. What was declared stays. Closing twice is one."""
    with transaction.atomic():
        locked = _locked(access, action)
        require_that(may_lead_letters(access), _("Coordinators close letters."))
        if locked.opened_at is None:
            raise Refused(_("It was not opened yet."))
        if locked.closed_at is None:
            locked.closed_at = now()
            locked.save(update_fields=["closed_at"])
            record_letter_action(access, locked, "letter_action.closed")
            notify_workspace(access, locked, "letters_closed")
    return locked


def _locked(access: Access, action: LetterAction) -> LetterAction:
    rows = LetterAction.objects.select_for_update(of=("self",))
    rows = rows.select_related("workspace", "publication__draft", "appeal")
    return rows.get(pk=action.pk, workspace=access.workspace)


def _set_relation(action: LetterAction, name: str, plan: LetterPlan) -> bool:
    """Set bodies or facts; return whether they were others before."""
    relation, wanted = getattr(action, name), {one.pk for one in getattr(plan, name)}
    if set(relation.values_list("pk", flat=True)) == wanted:
        return False
    relation.set(wanted)
    return True


@contextmanager
def _slug_is_unique() -> Iterator[None]:
    """Raise Refused if the row inside has a slug that somebody else has saved since it was checked."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as fault:
        raise Refused(_SLUG_IS_TAKEN) from fault


def _check_plan(access: Access, plan: LetterPlan, action: LetterAction | None = None) -> None:
    others = LetterAction.objects.exclude(pk=action.pk) if action is not None else LetterAction.objects
    if others.filter(slug=plan.slug).exists():
        raise Refused(_SLUG_IS_TAKEN)
    same_day = action is not None and action.closes_on == plan.closes_on
    if plan.closes_on is not None and not same_day and plan.closes_on < site_today():
        raise Refused(_("The last day is over already."))
    if plan.service_checked_on is not None and plan.service_checked_on > site_today():
        raise Refused(_("This day has not come yet."))
    if action is None or action.publication_id != plan.publication.pk:
        _check_text(access, plan.publication)
    if plan.appeal is not None and plan.appeal.workspace_id != access.workspace.pk:
        raise Refused(_("This appeal belongs to another workspace."))
    _check_rows(bodies_to_choose(access.workspace), plan.bodies, action, "bodies")
    _check_rows(facts_to_offer(), plan.facts, action, "facts")
    if not plan.bodies:
        raise Refused(_("Choose at least one body whose people are written to."))


def _check_rows[M: (Body, Fact)](
    choice: QuerySet[M], chosen: Sequence[M], action: LetterAction | None, name: str
) -> None:
    """Refuse rows that cannot be chosen now, but for those that were chosen before."""
    wanted = {one.pk for one in chosen}
    found = set(choice.filter(pk__in=wanted).values_list("pk", flat=True))
    if action is not None:
        found |= set(getattr(action, name).values_list("pk", flat=True))
    if wanted - found:
        raise Refused(_("One of the things you chose cannot be chosen any more. Choose again."))


def _check_text(access: Access, publication: Publication) -> None:
    if publication.draft.workspace_id != access.workspace.pk:
        raise Refused(_("This text belongs to another workspace."))
    require_that(may_use_text_of(access, publication.draft), _("Coordinators choose the text of letters."))
    if not is_usable(publication):
        raise Refused(_("This text is not public now, or is not of this kind. Choose another one."))


def _check_may_open(action: LetterAction) -> None:
    if action.closes_on is not None and action.closes_on < site_today():
        raise Refused(_("Its last day is over. Set another one first."))
    if not is_usable(action.publication):
        raise Refused(_("Its text is public no more, or was corrected since. Choose another text first."))
    if not is_as_published(action):
        raise Refused(_("Its text is not the one that was published. Tell the people who run this site."))
    if not recipients_of(action).exists():
        raise Refused(_("There is nobody to write to: import the people of a body first."))
