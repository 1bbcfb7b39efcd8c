"""Asks: added, changed, ordered, removed and brought back."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.appeals.models import Appeal
from coalition.campaigns.asks.enums import AskStatus
from coalition.campaigns.asks.models import Ask, AskStep
from coalition.campaigns.asks.permissions import may_manage_asks
from coalition.campaigns.core.days import site_today
from coalition.campaigns.core.records import record_action
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.localized_text import LocalizedText
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from documents.publication.models import Publication


def add_ask(
    *,
    access: Access,
    words: Mapping[str, str],
    proposed_on: datetime.date,
    clause: Mapping[str, str] | None = None,
    appeal: Appeal | None = None,
    publication: Publication | None = None,
) -> Ask:
    """Add an ask at the end of the list, proposed on this day. Raises NotAllowed; Refused without words, for
    a day to come, or for an appeal or a text of another workspace."""
    _require_right(access)
    if not LocalizedText(words):
        raise Refused(_("Say what is demanded."))
    if proposed_on > site_today():
        raise Refused(_("This day is still to come."))
    _check_belongs(access, appeal, publication)
    with transaction.atomic():
        _lock_workspace(access)
        last = Ask.objects.filter(workspace=access.workspace).aggregate(
            number=Max("number"), position=Max("position")
        )
        ask = Ask.objects.create(
            workspace=access.workspace,
            appeal=appeal,
            number=(last["number"] or 0) + 1,
            position=(last["position"] or 0) + 1,
            words=words,
            clause=clause or {},
            publication=publication,
            organisation=access.organisation,
            created_by=access.user,
            created_at=now(),
        )
        AskStep.objects.create(
            ask=ask,
            status=AskStatus.PROPOSED,
            on=proposed_on,
            organisation=access.organisation,
            recorded_by=access.user,
            recorded_at=now(),
        )
        record_ask(access, "ask.added", ask)
    return ask


def change_ask(
    *,
    access: Access,
    ask: Ask,
    words: Mapping[str, str],
    clause: Mapping[str, str],
    appeal: Appeal | None,
    publication: Publication | None,
) -> Ask:
    """Change an ask. Once it went further than *proposed*, words and clause stay, and only languages that are
    missing are added: else it would say that something else was adopted or refused.

    Raises NotAllowed; Refused without words, if other words are given then, or for an appeal or a text of
    another workspace.
    """
    _check_belongs(access, appeal, publication)
    with transaction.atomic():
        locked = lock_ask(access, ask)
        texts = {"words": LocalizedText(words), "clause": LocalizedText(clause)}
        if not texts["words"]:
            raise Refused(_("Say what is demanded."))
        if is_under_way(locked) and not all(
            _only_adds(getattr(locked, name), text) for name, text in texts.items()
        ):
            why = _("It went further than proposed, so its words stay. Add another ask for other words.")
            raise Refused(why)
        given: dict[str, Any] = {**texts, "appeal": appeal, "publication": publication}
        changed = sorted(name for name, value in given.items() if getattr(locked, name) != value)
        for name in changed:
            setattr(locked, name, given[name])
        if changed:
            locked.save(update_fields=changed)
            record_ask(access, "ask.changed", locked, fields=changed)
    return locked


def move_ask(*, access: Access, ask: Ask, up: bool) -> None:
    """Change places with the ask of the same appeal before it, or after it. The first and the last stay.
    Raises NotAllowed."""
    with transaction.atomic():
        _lock_workspace(access)
        locked = lock_ask(access, ask)
        rows = Ask.objects.filter(workspace=access.workspace, appeal=locked.appeal_id, removed_at=None)
        if up:
            other = rows.filter(position__lt=locked.position).order_by("-position").first()
        else:
            other = rows.filter(position__gt=locked.position).order_by("position").first()
        if other is None:
            return
        locked.position, other.position = other.position, locked.position
        for row in (locked, other):
            row.save(update_fields=["position"])
        record_ask(access, "ask.moved", locked)


def remove_ask(*, access: Access, ask: Ask) -> None:
    """Take an ask off every list; it can be brought back. Twice is one. Raises NotAllowed."""
    with transaction.atomic():
        locked = lock_ask(access, ask)
        if locked.removed_at is None:
            locked.removed_at = now()
            locked.save(update_fields=["removed_at"])
            record_ask(access, "ask.removed", locked)


def restore_ask(*, access: Access, ask: Ask) -> None:
    """Bring it back with its steps. Twice is one. Raises NotAllowed."""
    with transaction.atomic():
        locked = lock_ask(access, ask)
        if locked.removed_at is not None:
            locked.removed_at = None
            locked.save(update_fields=["removed_at"])
            record_ask(access, "ask.restored", locked)


def is_under_way(ask: Ask) -> bool:
    """Whether it went further than *proposed*. One query."""
    return ask.steps.filter(undone_at=None).exclude(status=AskStatus.PROPOSED).exists()


def lock_ask(access: Access, ask: Ask) -> Ask:
    """Return the ask, locked until the transaction ends. Raises NotAllowed, DoesNotExist."""
    _require_right(access)
    return Ask.objects.select_for_update().get(pk=ask.pk, workspace=access.workspace)


def record_ask(access: Access, action: str, ask: Ask, **detail: Any) -> None:
    """Write the audit entry in the caller's transaction."""
    record_action(access, action, target=ask.uuid, workspace=access.workspace, number=ask.number, **detail)


def _only_adds(before: LocalizedText, after: LocalizedText) -> bool:
    """Whether every text is as before, and others may have come."""
    return all(after.get(code) == words for code, words in before.items())


def _lock_workspace(access: Access) -> None:
    """One at a time numbers and orders asks of a workspace."""
    Workspace.objects.select_for_update().get(pk=access.workspace.pk)


def _require_right(access: Access) -> None:
    require_that(may_manage_asks(access), _("Coordinators write asks and record what became of them."))


def _check_belongs(access: Access, appeal: Appeal | None, publication: Publication | None) -> None:
    of = access.workspace.pk
    if appeal is not None and appeal.workspace_id != of:
        raise Refused(_("This appeal is of another workspace."))
    if publication is not None and publication.draft.workspace_id != of:
        raise Refused(_("This text is of another workspace."))
