"""When a text is commented on, when its words are final, until when organisations join."""

import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition import live
from coalition.core.errors import Refused
from coalition.jobs import scheduler
from coalition.workspaces.queries import seats_in
from coalition.workspaces.rules import Access
from documents.drafts import audit
from documents.drafts.models import Draft
from documents.drafts.permissions import may_put_to_approval, require_that

FINAL = "documents.text_final"


def set_phases(
    *,
    access: Access,
    draft: Draft,
    comments_until: datetime.datetime | None,
    final_from: datetime.datetime | None,
    joining_until: datetime.datetime | None,
) -> Draft:
    """Say the dates of a draft; None for one that is not said.

    From `final_from` on only coordinators change its words, in open editors too. Raises NotAllowed without
    the right to put; Refused if the dates are not in their order.
    """
    said = [moment for moment in (comments_until, final_from, joining_until) if moment is not None]
    if said != sorted(said):
        raise Refused(_("First comments end, then the text is final, then joining ends: check the dates."))
    with transaction.atomic():
        locked = Draft.objects.select_for_update().select_related("workspace").get(pk=draft.pk)
        require_that(may_put_to_approval(access, locked))
        locked.comments_until, locked.final_from = comments_until, final_from
        locked.joining_until = joining_until
        locked.save(update_fields=["comments_until", "final_from", "joining_until"])
        audit.record(
            thing=locked,
            access=access,
            action="draft.phases_set",
            **{
                name: moment.isoformat() if (moment := getattr(locked, name)) else ""
                for name in ("comments_until", "final_from", "joining_until")
            },
        )
        audit.tell(thing=locked, access=access, kind="draft_phases_set")
        scheduler.cancel(kind=FINAL, key=str(locked.uuid))
        if final_from is not None:
            scheduler.schedule(kind=FINAL, key=str(locked.uuid), due_at=final_from, payload={})
        _look_again(locked)
    return locked


def became_final(key: str, payload: dict[str, Any]) -> None:
    """At the moment: open editors look at once what they may still do. Running it twice does no harm."""
    with transaction.atomic():
        draft = Draft.objects.select_related("workspace").filter(uuid=key).first()
        if draft is not None:
            _look_again(draft)


def _look_again(draft: Draft) -> None:
    people = {seat.person_id for seat in seats_in(draft.workspace)}
    live.kick(user_ids=sorted(people), reason="phases")
