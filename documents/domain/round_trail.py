"""What is kept of a round and a publication, and who is told: audit, activity, mail, open pages."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from coalition import live
from coalition.audit import log
from coalition.outbox import mail
from coalition.partners.models import Organisation, User
from coalition.workspaces.domain import activity
from documents.models import ApprovalRound, Publication
from documents.moments import with_place


def keep(
    round_: ApprovalRound,
    *,
    action: str,
    kind: str,
    person: User,
    organisation: Organisation,
    role: str,
    public: Publication | None = None,
    **detail: Any,
) -> None:
    """Write the audit entry `action` and the activity `kind`, in the caller's transaction.

    `public`: of what became public, or no longer is, everyone in the workspace hears, by its public title;
    of everything else those who may read the draft, by its working title.
    """
    draft = round_.draft
    log.record(
        action,
        actor=person,
        organisation=organisation.uuid,
        role=role,
        target_kind="round",
        target=round_.uuid,
        workspace=draft.workspace.uuid,
        **detail,
    )
    activity.note(
        kind,
        workspace=draft.workspace,
        actor=person,
        organisation=organisation,
        subject_kind="publication" if public else "round",
        subject=public.uuid if public else round_.uuid,
        needs_drafts=public is None,
        restricted_to=draft.restricted_to.all() if draft.restricted and public is None else None,
        title=public.title if public else draft.title,
        **detail,
    )


def write_to(
    people: Iterable[User],
    *,
    template: str,
    about: str,
    address: str,
    deadline: datetime.datetime | None = None,
) -> None:
    """Queue one mail a person, in the caller's transaction, and nudge their open pages.

    `about` makes the key: the same template about the same thing reaches a person once. The mails name no
    text and no organisation: who is allowed to sees them behind the address.
    """
    for person in people:
        mail.queue(
            key=f"{template}:{about}:{person.uuid}"[:160],
            template=f"documents/{template}",
            language=person.language,
            person=person.uuid,
            context={
                "name": person.get_short_name(),
                "button_url": settings.SITE_URL + address,
                "deadline": _deadline(deadline, person.language) if deadline else "",
            },
        )
        live.nudge(user_id=person.pk, what="waiting")


def _deadline(deadline: datetime.datetime, language: str) -> str:
    with override(language):
        return with_place(deadline)


def round_address(round_: ApprovalRound) -> str:
    return reverse("documents:round", args=[round_.uuid])


def decide_address(round_: ApprovalRound) -> str:
    return reverse("documents:decide", args=[round_.uuid])
