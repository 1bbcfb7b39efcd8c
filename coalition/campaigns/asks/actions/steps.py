"""What became of an ask: recorded with its evidence, and taken back on the same day."""

import datetime
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.asks.actions.manage import lock_ask, record_ask
from coalition.campaigns.asks.enums import NEXT, AskStatus
from coalition.campaigns.asks.models import Ask, AskStep
from coalition.campaigns.asks.permissions import may_manage_asks
from coalition.campaigns.core.days import site_today
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.localized_text import LocalizedText
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from documents.files.models import StoredFile
from documents.files.public_copy import prepare_public_copy


class StepRefused(Refused):
    """What was recorded cannot be. `field`: of the form, beside which the reason stands."""

    def __init__(self, field: str, message: Any) -> None:
        self.field = field
        super().__init__(message)


def record_step(
    *,
    access: Access,
    ask: Ask,
    status: AskStatus,
    on: datetime.date,
    words: Mapping[str, str] | None = None,
    evidence_url: str = "",
    evidence_file: StoredFile | None = None,
) -> AskStep:
    """Record where an ask stands since a day. Everybody reads a copy of the file without metadata, where the
    ask is public.

    Raises NotAllowed; StepRefused without evidence, for a status that cannot follow, a day to come or before
    the previous step; Refused if the file is not of this workspace or cannot be cleaned, or for an ask that
    was removed.
    """
    require_that(may_manage_asks(access), _("Coordinators write asks and record what became of them."))
    if not evidence_url and evidence_file is None:
        raise StepRefused("evidence_url", _("Give the web address of the evidence, or a file."))
    if on > site_today():
        raise StepRefused("on", _("This day is still to come."))
    prepare_public_copy(access, evidence_file)
    with transaction.atomic():
        locked = lock_ask(access, ask)
        if locked.removed_at is not None:
            raise Refused(_("This ask was removed. Bring it back first."))
        last = last_step(locked)
        if status not in NEXT[AskStatus(last.status)]:
            why = _("This cannot follow “%(status)s”. Somebody may have recorded a step meanwhile.")
            raise StepRefused("status", str(why) % {"status": last.get_status_display()})
        if on < last.on:
            raise StepRefused("on", _("This day is before that of the previous step."))
        step = AskStep.objects.create(
            ask=locked,
            status=status,
            on=on,
            words=LocalizedText(words),
            evidence_url=evidence_url,
            evidence_file=evidence_file,
            organisation=access.organisation,
            recorded_by=access.user,
            recorded_at=now(),
        )
        record_ask(access, "ask.step_recorded", locked, status=status.value, on=on.isoformat())
    return step


def undo_step(*, access: Access, ask: Ask) -> None:
    """Take back the step that was recorded last, on the day of its recording. Raises NotAllowed, and Refused
    for the first step or on a later day: a later step corrects it then."""
    with transaction.atomic():
        locked = lock_ask(access, ask)
        step = last_step(locked)
        if not is_undoable(step):
            raise Refused(_("A step can be undone on the day on which it was recorded. Record a new one."))
        step.undone_at = now()
        step.save(update_fields=["undone_at"])
        record_ask(access, "ask.step_undone", locked, status=step.status)


def is_undoable(step: AskStep) -> bool:
    """Whether the step, the last one, can be taken back today."""
    is_first = step.status == AskStatus.PROPOSED
    return not is_first and localdate(step.recorded_at) == localdate(now())


def last_step(ask: Ask) -> AskStep:
    """Return the step that counts last. Raises DoesNotExist."""
    return ask.steps.filter(undone_at=None).latest("pk")
