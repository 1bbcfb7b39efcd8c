"""A scheduled text that a fault keeps from becoming public: who is told, and when.

The lift is retried until it succeeds, or a coordinator puts it off, moves it or publishes it. Coordinators
are told after the first failure and once a day after it, people of outlets once a moment; when it has
succeeded, coordinators are told again, and outlets by the mail that every lift sends.
"""

import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coalition.accounts.naming import viewer_for
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.jobs import scheduler
from coalition.mail import outbox
from coalition.workspaces.models import Notification
from coalition.workspaces.permissions import Access, NotAllowed
from documents.approval.audit import concern, keep
from documents.approval.models import ApprovalRound
from documents.approval.queries.boards import Board, board_of
from documents.contacts.models import Contact
from documents.drafts.audit import By
from documents.drafts.enums import PublicationState, RoundState
from documents.drafts.live.projection import follow_draft
from documents.drafts.models import Draft
from documents.drafts.permissions import may_offer_embargo, may_put_to_approval, require_that
from documents.drafts.queries import coordinators_of
from documents.publication.actions.publish import NotReady, bring_out, require_ready
from documents.publication.embargo.audit import LIFT, feed_mail_key, keep_access, mail_key, tell_agreed
from documents.publication.embargo.models import EmbargoAccess, EmbargoFeed
from documents.publication.models import Publication, PublicationText
from documents.publication.queries import planned_of

LATE = "embargo_late"


def tell_late(key: str) -> None:
    """Tell coordinators and the people of outlets that the publication with this UUID is late.

    Called after each failed attempt: who has been told is not told again. Two transactions, so that
    coordinators hear also where outlets cannot be written to (their addresses may lie in a database that is
    away); then it is tried again after the next failure.
    """
    with transaction.atomic():
        late = _late(UUID(key))
        if late is None:
            return
        publication, days = late
        concern(
            publication.round,
            coordinators_of(publication.round.draft),
            kind=LATE,
            once=f"{_moment(publication)}:{days}",
        )
    with transaction.atomic():
        if (late := _late(UUID(key))) is not None:
            tell_agreed(late[0], LATE, once=f"{late[0].scheduled_at}")


def tell_lifted_late(publication: Publication) -> None:
    """Tell coordinators that it is public now, if they were told that it is late. Idempotent."""
    with transaction.atomic():
        locked = _locked(publication.uuid)
        if locked is None or locked.state != PublicationState.PUBLIC:
            return
        told = Notification.objects.filter(
            kind=LATE, subject=locked.round.uuid, key__startswith=f"{LATE}:{_moment(locked)}:"
        )
        if told.exists():
            concern(
                locked.round,
                coordinators_of(locked.round.draft),
                kind="embargo_lifted_late",
                once=_moment(locked),
                public=locked,
            )


def _late(uuid: UUID) -> tuple[Publication, int] | None:
    """The publication, locked, and how many whole days it is late; None if it is not, or not scheduled."""
    locked = _locked(uuid)
    if locked is None or locked.state != PublicationState.SCHEDULED or locked.scheduled_at is None:
        return None
    late = now() - locked.scheduled_at
    return (locked, late.days) if late >= datetime.timedelta() else None


def _locked(uuid: UUID) -> Publication | None:
    rows = Publication.objects.select_for_update(of=("self",)).select_related("round__draft__workspace")
    return rows.filter(uuid=uuid).first()


def _moment(publication: Publication) -> str:
    """What names this publication and the moment that was set, in keys of notifications."""
    return f"{publication.uuid}:{publication.scheduled_at}"


# --- schedule ---
# A moment for a text to become public: set, moved, put off, come.
#
# The database's clock alone says that it has come: what may be read hangs on the state of the publication,
# and that is changed by due work which asks the database. A process whose clock is wrong changes nothing.


A_SECOND = datetime.timedelta(seconds=1)


def schedule(*, access: Access, round_: ApprovalRound, at: datetime.datetime) -> Publication:
    """Say at which moment the round's text becomes public, or move it. The rule must hold now, and is asked
    again at the moment. Who agreed to the embargo is told of another moment or other words.

    Raises NotAllowed without the right, NotReady with what is missing, Refused for a moment that has passed.
    """
    if at <= now():
        raise Refused(gettext_lazy("This moment has passed already. Choose one that is still to come."))
    draft = Draft.objects.select_related("workspace").get(pk=round_.draft_id)
    require_that(may_put_to_approval(access, draft))
    follow_draft(draft)
    with transaction.atomic():
        require_that(may_put_to_approval(access, Draft.objects.select_for_update().get(pk=draft.pk)))
        ApprovalRound.objects.select_for_update().get(pk=round_.pk)
        locked = ApprovalRound.objects.select_related("draft__workspace").get(pk=round_.pk)
        board = board_of(locked, viewer_for(access.user))
        require_ready(board)
        known = planned_of(locked, lock=True)
        changed = known is not None and (
            known.state != PublicationState.SCHEDULED  # they heard that it is put off
            or known.scheduled_at != at
            or not same_words(known, board)
        )
        publication = known or Publication(draft=draft, round=locked)
        publication.state, publication.scheduled_at = PublicationState.SCHEDULED, at
        publication.published_by, publication.organisation = access.user, access.organisation
        publication.save()
        _hold(publication, board)
        scheduler.schedule(kind=LIFT, key=str(publication.uuid), due_at=at)
        _keep(access, locked, "publication.scheduled", "scheduled", deadline=at.isoformat())
        if changed:
            tell_agreed(publication, "embargo_moved", once=now().isoformat())
    return publication


def put_off(*, access: Access, publication: Publication) -> Publication:
    """Take the moment back: nothing becomes public by itself, and who read it reads it no more.

    Raises NotAllowed without the right, Refused if it is not scheduled.
    """
    with transaction.atomic():
        require_that(
            may_put_to_approval(access, Draft.objects.select_for_update().get(pk=publication.draft_id))
        )
        locked = _lock(publication)
        if locked.state != PublicationState.SCHEDULED:
            raise Refused(gettext_lazy("This text is not scheduled any more."))
        plan_again(locked)
        _keep(access, locked.round, "publication.put_off", "put_off")
    return locked


def lift_due(key: str, _payload: dict[str, Any]) -> None:
    """Due work: publish what is scheduled under this UUID, if the database says that the moment has come.

    A worker whose own clock is ahead finds that it has not, and comes back after the rest of the time. If
    the publication's own rule or right does not hold any more (NotReady, NotAllowed), nothing becomes public,
    and those who coordinate are told. Every other failure is raised, also a refusal of the public site and a
    storage that is away or full: the work is retried until it succeeds.
    """
    rows = Publication.objects.filter(uuid=key).annotate(moment=Now())
    found = rows.select_related("round__draft__workspace", "organisation").first()
    if found is None or found.scheduled_at is None:
        return
    if found.state == PublicationState.SCHEDULED:
        rest = found.scheduled_at - found.moment
        if rest > datetime.timedelta():
            scheduler.schedule(kind=LIFT, key=key, due_at=now() + max(rest, A_SECOND))
            return
        _lift(found)
    tell_lifted_late(found)


def _lift(planned: Publication) -> None:
    person = planned.published_by
    try:
        if person is None:
            raise NotReady([_("Who had scheduled it is gone. Schedule it again.")])
        by = By(person, planned.organisation, "coordinator", planned.draft.workspace)
        bring_out(by=by, round_=planned.round, allowed=_still_open, ready=_moment_has_come)
    except (NotReady, NotAllowed):
        _did_not_come(planned)


def same_words(publication: Publication, board: Board) -> bool:
    """Whether what is put now are the very versions that were scheduled."""
    held = set(publication.texts.values_list("version_id", flat=True))
    return held == {text.version_id for text in board.texts}


def _still_open(draft: Draft) -> bool:
    return draft.archived_at is None and draft.workspace.archived_at is None


def _moment_has_come(planned: Publication | None) -> list[str]:
    """Asked under the locks: whether it is still scheduled, for these words, and the database says: now."""
    if planned is None or planned.state != PublicationState.SCHEDULED:
        return [_("This text is not scheduled any more.")]
    if not Publication.objects.filter(pk=planned.pk, scheduled_at__lte=Now()).exists():
        return [_("The moment has not come.")]
    put = set(planned.round.texts.values_list("version_id", flat=True))
    if set(planned.texts.values_list("version_id", flat=True)) != put:
        return [_("Other words were put since it was scheduled. Schedule it again.")]
    return []


def _did_not_come(publication: Publication) -> None:
    """What was to become public does not: it waits for the coordinators, who are told at once."""
    with transaction.atomic():
        locked = _lock(publication)
        if locked.state != PublicationState.SCHEDULED:
            return
        plan_again(locked)
        if locked.round.state == RoundState.PUBLISHED:
            return
        concern(
            locked.round,
            coordinators_of(locked.round.draft),
            kind="embargo_not_lifted",
            once=f"{locked.uuid}:{locked.scheduled_at}",
        )


def put_off_planned(round_: ApprovalRound) -> None:
    """Put off what was to become public from a round that is closed, in the caller's transaction."""
    planned = planned_of(round_, lock=True)
    if planned is not None:
        plan_again(planned)


def plan_again(locked: Publication) -> None:
    """Put off what is scheduled, under the caller's lock; what is not stays as it is."""
    if locked.state != PublicationState.SCHEDULED:
        return
    locked.state = PublicationState.PLANNED
    locked.save(update_fields=["state"])
    scheduler.cancel(kind=LIFT, key=str(locked.uuid))
    tell_agreed(locked, "embargo_put_off", once=now().isoformat())


def _lock(publication: Publication) -> Publication:
    rows = Publication.objects.select_for_update(of=("self",)).select_related("round__draft__workspace")
    return rows.get(pk=publication.pk)


def _hold(publication: Publication, board: Board) -> None:
    """The very versions that are scheduled: outlets read these and no others."""
    publication.texts.all().delete()
    PublicationText.objects.bulk_create(
        PublicationText(
            publication=publication,
            language=text.language,
            version=text.version,
            canon=text.version.canon,
            hash=text.version.hash,
        )
        for text in board.texts
    )


def _keep(access: Access, round_: ApprovalRound, action: str, kind: str, **detail: Any) -> None:
    keep(
        round_,
        action=action,
        kind=kind,
        person=access.user,
        organisation=access.organisation,
        role=access.seat.role,
        **detail,
    )


# --- end ---
# Embargo accesses that end: taken back one by one, by outlet, or with the contact they belong to.


def revoke(*, access: Access, embargo: EmbargoAccess) -> EmbargoAccess:
    """Take an access back: its link opens nothing from this moment. Twice is one. Raises NotAllowed without
    the right or for another organisation's contact."""
    with transaction.atomic():
        rows = EmbargoAccess.objects.select_for_update(of=("self",)).select_related(
            "publication__round__draft"
        )
        locked = rows.get(pk=embargo.pk)
        own = locked.organisation_id == access.organisation.pk
        require_that(own and may_offer_embargo(access, locked.publication.round.draft))
        if locked.revoked_at is None:
            _end(locked)
            keep_access(access, locked, "embargo.revoked")
    return locked


def revoke_outlet(*, access: Access, publication: Publication, outlet: UUID) -> int:
    """Take back what the people of an outlet have of this publication, whoever brought them: who coordinates
    answers for the text and need not learn who they are. How many ended. Raises NotAllowed."""
    require_that(may_put_to_approval(access, publication.round.draft))
    people = list(Contact.objects.filter(outlet__uuid=outlet).values_list("uuid", flat=True))
    with transaction.atomic():
        rows = EmbargoAccess.objects.select_for_update(of=("self",)).select_related(
            "publication__round__draft__workspace"
        )
        ended = list(rows.filter(publication=publication, contact__in=people, revoked_at=None))
        for one in ended:
            _end(one)
            keep_access(access, one, "embargo.revoked")
    return len(ended)


def end_accesses_of(contact: UUID) -> None:
    """End every access of a contact, in the caller's transaction."""
    for one in EmbargoAccess.objects.select_for_update().filter(contact=contact, revoked_at=None):
        _end(one)


def end_feeds_of(contact: UUID) -> None:
    """End the calendar of a contact and the mail that would tell its address, in the caller's transaction."""
    EmbargoFeed.objects.filter(contact=contact, ended_at=None).update(ended_at=now())
    outbox.delete_waiting_mail(about=feed_mail_key(contact))


def _end(embargo: EmbargoAccess) -> None:
    embargo.revoked_at = now()
    embargo.save(update_fields=["revoked_at"])
    outbox.delete_waiting_mail(about=mail_key(embargo))
