"""Notifications when a fault delays a scheduled publication.

The lift is retried until it succeeds, or a coordinator cancels it, moves it or publishes the text.
Coordinators are notified after the first failure and once a day after it, people of outlets once
per moment; when it has succeeded, coordinators are notified again, and outlets by the mail that
every lift sends.
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
from documents.approval.audit import notify_about_round, record_round_event
from documents.approval.models import ApprovalRound
from documents.approval.queries.boards import Board, board_of
from documents.contacts.models import Contact
from documents.drafts.audit import Actor
from documents.drafts.enums import PublicationState, RoundState
from documents.drafts.live.projection import update_draft_texts
from documents.drafts.models import Draft
from documents.drafts.permissions import may_offer_embargo, may_submit_for_approval, require_that
from documents.drafts.queries import coordinators_of
from documents.publication.actions.publish import NotPublishable, publish_on_behalf, require_publishable
from documents.publication.embargo.audit import (
    LIFT_KIND,
    embargo_mail_key,
    feed_mail_key,
    notify_agreed_contacts,
    record_embargo_audit,
)
from documents.publication.embargo.models import EmbargoAccess, EmbargoFeed
from documents.publication.models import Publication, PublicationText
from documents.publication.queries import planned_of

LATE_KIND = "embargo_late"


def notify_late_publication(key: str) -> None:
    """Notify coordinators and the people of outlets that the publication with this UUID is late.

    Called after each failed attempt; nobody is notified twice. Uses two transactions, so that
    coordinators are notified even where outlets cannot be (their addresses may be in a database
    that is unavailable); that is retried after the next failure.
    """
    with transaction.atomic():
        late = _lock_if_late(UUID(key))
        if late is None:
            return
        publication, days = late
        notify_about_round(
            publication.round,
            coordinators_of(publication.round.draft),
            kind=LATE_KIND,
            once=f"{_moment_key(publication)}:{days}",
        )
    with transaction.atomic():
        if (late := _lock_if_late(UUID(key))) is not None:
            notify_agreed_contacts(late[0], LATE_KIND, once=f"{late[0].scheduled_at}")


def notify_lifted_late(publication: Publication) -> None:
    """Notify coordinators that it is public, if they were notified that it was late. Idempotent."""
    with transaction.atomic():
        locked = _lock_by_uuid(publication.uuid)
        if locked is None or locked.state != PublicationState.PUBLIC:
            return
        told = Notification.objects.filter(
            kind=LATE_KIND, subject=locked.round.uuid, key__startswith=f"{LATE_KIND}:{_moment_key(locked)}:"
        )
        if told.exists():
            notify_about_round(
                locked.round,
                coordinators_of(locked.round.draft),
                kind="embargo_lifted_late",
                once=_moment_key(locked),
                public=locked,
            )


def _lock_if_late(uuid: UUID) -> tuple[Publication, int] | None:
    """Return the publication, locked, and how many whole days it is late; None if it is not, or not
    scheduled."""
    locked = _lock_by_uuid(uuid)
    if locked is None or locked.state != PublicationState.SCHEDULED or locked.scheduled_at is None:
        return None
    late = now() - locked.scheduled_at
    return (locked, late.days) if late >= datetime.timedelta() else None


def _lock_by_uuid(uuid: UUID) -> Publication | None:
    rows = Publication.objects.select_for_update(of=("self",)).select_related("round__draft__workspace")
    return rows.filter(uuid=uuid).first()


def _moment_key(publication: Publication) -> str:
    """Return the part of notification keys that identifies the publication and its moment."""
    return f"{publication.uuid}:{publication.scheduled_at}"


# --- schedule ---
# Scheduled publication: set, move, cancel, lift.
#
# Only the database's clock decides when the moment has come: readability depends on the
# publication's state, which a job changes after asking the database. A process with a wrong clock
# changes nothing.


A_SECOND = datetime.timedelta(seconds=1)


def schedule_publication(*, access: Access, round_: ApprovalRound, at: datetime.datetime) -> Publication:
    """Set or move the moment at which the round's text becomes public. The rule must be met now,
    and is checked again at the moment. Those who agreed to the embargo are notified of a new moment
    or text.

    Raises NotAllowed without the right, NotReady with what is missing, Refused for a past moment.
    """
    if at <= now():
        raise Refused(gettext_lazy("This moment has passed already. Choose one that is still to come."))
    draft = Draft.objects.select_related("workspace").get(pk=round_.draft_id)
    require_that(may_submit_for_approval(access, draft))
    update_draft_texts(draft)
    with transaction.atomic():
        require_that(may_submit_for_approval(access, Draft.objects.select_for_update().get(pk=draft.pk)))
        ApprovalRound.objects.select_for_update().get(pk=round_.pk)
        locked = ApprovalRound.objects.select_related("draft__workspace").get(pk=round_.pk)
        board = board_of(locked, viewer_for(access.user))
        require_publishable(board)
        known = planned_of(locked, lock=True)
        changed = known is not None and (
            known.state != PublicationState.SCHEDULED  # they were notified of the cancellation
            or known.scheduled_at != at
            or not has_scheduled_versions(known, board)
        )
        publication = known or Publication(draft=draft, round=locked)
        publication.state, publication.scheduled_at = PublicationState.SCHEDULED, at
        publication.published_by, publication.organisation = access.user, access.organisation
        publication.save()
        _store_scheduled_versions(publication, board)
        scheduler.schedule(kind=LIFT_KIND, key=str(publication.uuid), due_at=at)
        _record_schedule(access, locked, "publication.scheduled", "scheduled", deadline=at.isoformat())
        if changed:
            notify_agreed_contacts(publication, "embargo_moved", once=now().isoformat())
    return publication


def unschedule_publication(*, access: Access, publication: Publication) -> Publication:
    """Cancel the scheduled publication: nothing is published automatically, and its readers lose
    access.

    Raises NotAllowed without the right, Refused if it is not scheduled.
    """
    with transaction.atomic():
        require_that(
            may_submit_for_approval(access, Draft.objects.select_for_update().get(pk=publication.draft_id))
        )
        locked = _lock_publication(publication)
        if locked.state != PublicationState.SCHEDULED:
            raise Refused(gettext_lazy("This text is not scheduled any more."))
        unschedule_locked(locked)
        _record_schedule(access, locked.round, "publication.put_off", "put_off")
    return locked


def lift_due_embargo(key: str, _payload: dict[str, Any]) -> None:
    """Run the due job: publish what is scheduled under this UUID, if the database says it is time.

    A worker whose own clock is ahead changes nothing and runs again after the remaining time. If
    the publication's rule or right is no longer met (NotReady, NotAllowed), nothing becomes public,
    and coordinators are notified. Every other failure is raised, also a refusal of the public site
    and a storage that is unavailable or full: the job is retried until it succeeds.
    """
    rows = Publication.objects.filter(uuid=key).annotate(moment=Now())
    found = rows.select_related("round__draft__workspace", "organisation").first()
    if found is None or found.scheduled_at is None:
        return
    if found.state == PublicationState.SCHEDULED:
        rest = found.scheduled_at - found.moment
        if rest > datetime.timedelta():
            scheduler.schedule(kind=LIFT_KIND, key=key, due_at=now() + max(rest, A_SECOND))
            return
        _publish_scheduled(found)
    notify_lifted_late(found)


def _publish_scheduled(planned: Publication) -> None:
    person = planned.published_by
    try:
        if person is None:
            raise NotPublishable([_("Who had scheduled it is gone. Schedule it again.")])
        by = Actor(person, planned.organisation, "coordinator", planned.draft.workspace)
        publish_on_behalf(by=by, round_=planned.round, allowed=_still_open, ready=_obstacles_to_lifting)
    except (NotPublishable, NotAllowed):
        _unschedule_after_refusal(planned)


def has_scheduled_versions(publication: Publication, board: Board) -> bool:
    """Whether the current versions are exactly those that were scheduled."""
    held = set(publication.texts.values_list("version_id", flat=True))
    return held == {text.version_id for text in board.texts}


def _still_open(draft: Draft) -> bool:
    return draft.archived_at is None and draft.workspace.archived_at is None


def _obstacles_to_lifting(planned: Publication | None) -> list[str]:
    """Check under the locks that it is still scheduled, for this text, and that by the database's
    clock the moment has come."""
    if planned is None or planned.state != PublicationState.SCHEDULED:
        return [_("This text is not scheduled any more.")]
    if not Publication.objects.filter(pk=planned.pk, scheduled_at__lte=Now()).exists():
        return [_("The moment has not come.")]
    put = set(planned.round.texts.values_list("version_id", flat=True))
    if set(planned.texts.values_list("version_id", flat=True)) != put:
        return [_("Other words were put since it was scheduled. Schedule it again.")]
    return []


def _unschedule_after_refusal(publication: Publication) -> None:
    """Cancel a publication that was refused at its moment, and notify the coordinators at once."""
    with transaction.atomic():
        locked = _lock_publication(publication)
        if locked.state != PublicationState.SCHEDULED:
            return
        unschedule_locked(locked)
        if locked.round.state == RoundState.PUBLISHED:
            return
        notify_about_round(
            locked.round,
            coordinators_of(locked.round.draft),
            kind="embargo_not_lifted",
            once=f"{locked.uuid}:{locked.scheduled_at}",
        )


def put_off_planned(round_: ApprovalRound) -> None:
    """Put off what was to become public from a round that is closed, in the caller's transaction."""
    planned = planned_of(round_, lock=True)
    if planned is not None:
        unschedule_locked(planned)


def unschedule_locked(locked: Publication) -> None:
    """Cancel a scheduled publication, under the caller's lock; leave any other unchanged."""
    if locked.state != PublicationState.SCHEDULED:
        return
    locked.state = PublicationState.PLANNED
    locked.save(update_fields=["state"])
    scheduler.cancel(kind=LIFT_KIND, key=str(locked.uuid))
    notify_agreed_contacts(locked, "embargo_put_off", once=now().isoformat())


def _lock_publication(publication: Publication) -> Publication:
    rows = Publication.objects.select_for_update(of=("self",)).select_related("round__draft__workspace")
    return rows.get(pk=publication.pk)


def _store_scheduled_versions(publication: Publication, board: Board) -> None:
    """Store the exact versions that are scheduled: outlets read only these."""
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


def _record_schedule(access: Access, round_: ApprovalRound, action: str, kind: str, **detail: Any) -> None:
    record_round_event(
        round_,
        action=action,
        kind=kind,
        person=access.user,
        organisation=access.organisation,
        role=access.seat.role,
        **detail,
    )


# --- end ---
# Revoking embargo accesses: one by one, by outlet, or with the contact they belong to.


def revoke_access(*, access: Access, embargo: EmbargoAccess) -> EmbargoAccess:
    """Revoke an access: its link is invalid from now on. Idempotent. Raises NotAllowed without the
    right or for another organisation's contact."""
    with transaction.atomic():
        rows = EmbargoAccess.objects.select_for_update(of=("self",)).select_related(
            "publication__round__draft"
        )
        locked = rows.get(pk=embargo.pk)
        own = locked.organisation_id == access.organisation.pk
        require_that(own and may_offer_embargo(access, locked.publication.round.draft))
        if locked.revoked_at is None:
            _revoke_access_row(locked)
            record_embargo_audit(access, locked, "embargo.revoked")
    return locked


def revoke_accesses_of_outlet(*, access: Access, publication: Publication, outlet: UUID) -> int:
    """Revoke this publication's accesses of an outlet's people, whichever organisation brought
    them: a coordinator answers for the text and need not learn their names. Return how many ended.
    Raises NotAllowed."""
    require_that(may_submit_for_approval(access, publication.round.draft))
    people = list(Contact.objects.filter(outlet__uuid=outlet).values_list("uuid", flat=True))
    with transaction.atomic():
        rows = EmbargoAccess.objects.select_for_update(of=("self",)).select_related(
            "publication__round__draft__workspace"
        )
        ended = list(rows.filter(publication=publication, contact__in=people, revoked_at=None))
        for one in ended:
            _revoke_access_row(one)
            record_embargo_audit(access, one, "embargo.revoked")
    return len(ended)


def end_accesses_of(contact: UUID) -> None:
    """End every access of a contact, in the caller's transaction."""
    for one in EmbargoAccess.objects.select_for_update().filter(contact=contact, revoked_at=None):
        _revoke_access_row(one)


def end_feeds_of(contact: UUID) -> None:
    """End the calendar of a contact and the mail that contains its URL, in the caller's
    transaction."""
    EmbargoFeed.objects.filter(contact=contact, ended_at=None).update(ended_at=now())
    outbox.delete_waiting_mail(about=feed_mail_key(contact))


def _revoke_access_row(embargo: EmbargoAccess) -> None:
    embargo.revoked_at = now()
    embargo.save(update_fields=["revoked_at"])
    outbox.delete_waiting_mail(about=embargo_mail_key(embargo))
