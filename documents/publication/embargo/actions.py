"""Schedule a publication under embargo, and give outlets access before it.

The lift is retried until it succeeds, or a coordinator cancels it, moves it or publishes the text.
Coordinators are notified after the first failure and once a day after it, people of outlets once per moment;
when it has succeeded, coordinators are notified again, and outlets by the mail that every lift sends.
"""

import datetime
import logging
import secrets
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _, gettext_lazy

from coalition.accounts.models import Organisation
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import hash_token
from coalition.jobs import scheduler
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.mail import outbox
from coalition.mail.outbox import absolute_url
from coalition.sandbox.run import SandboxFailed
from coalition.workspaces.models import Notification
from coalition.workspaces.permissions import Access, NotAllowed
from documents.approval.audit import notify_coordinators, record_round_event
from documents.approval.models import ApprovalRound
from documents.contacts.actions import record_contact_audit
from documents.contacts.models import Contact
from documents.drafts.access import GuestLinkOverused, NoSuchLink
from documents.drafts.audit import Actor
from documents.drafts.live.projection import update_draft_texts
from documents.drafts.models import (
    Draft,
    EmbargoAct,
    EmbargoWay,
    Handling,
    PublicationState,
    RoundState,
    TextKind,
)
from documents.drafts.permissions import (
    GUEST_LINK_REQUIREMENTS,
    may_offer_embargo,
    may_serve_press,
    may_submit_for_approval,
    require_that,
)
from documents.hooks import HOOKS
from documents.interchange.formats import FileFormat, latin_slug
from documents.interchange.presenters import make_document_file
from documents.publication.actions import NotPublishable, publish_on_behalf, publishable_board, store_texts
from documents.publication.embargo import audit
from documents.publication.models import EmbargoAccess, EmbargoFeed, EmbargoUse, Publication, PublicationText
from documents.publication.queries import access_of_token, contact_with, locked_publications, planned_of

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
        notify_coordinators(
            publication.round,
            kind=LATE_KIND,
            once=f"{_moment_key(publication)}:{days}",
        )
    with transaction.atomic():
        if (late := _lock_if_late(UUID(key))) is not None:
            audit.notify_agreed_contacts(late[0], LATE_KIND, once=f"{late[0].scheduled_at}")


def notify_lifted_late(publication: Publication) -> None:
    """Notify coordinators that it is public, if they were notified that it was late. Idempotent."""
    with transaction.atomic():
        locked = _lock_by_uuid(publication.uuid)
        if locked is None or locked.state != PublicationState.PUBLIC:
            return
        notified = Notification.objects.filter(
            kind=LATE_KIND, subject=locked.round.uuid, key__startswith=f"{LATE_KIND}:{_moment_key(locked)}:"
        )
        if notified.exists():
            notify_coordinators(
                locked.round,
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
    return locked_publications().filter(uuid=uuid).first()


def _moment_key(publication: Publication) -> str:
    """Return the part of notification keys that identifies the publication and its moment."""
    return f"{publication.uuid}:{publication.scheduled_at}"


# Only the database's clock decides when the moment has come: readability depends on the
# publication's state, which a job changes after asking the database. A process with a wrong clock
# changes nothing.


A_SECOND = datetime.timedelta(seconds=1)


def schedule_publication(*, access: Access, round_: ApprovalRound, at: datetime.datetime) -> Publication:
    """Set or move the moment at which the round's text becomes public. The rule must be met now, and is
    checked again at the moment. Those who agreed to the embargo are notified of a new moment or text.

    Raises NotAllowed without the right, NotPublishable with what is missing, Refused for a past moment.
    """
    if at <= now():
        raise Refused(gettext_lazy("This moment has passed already. Choose one that is still to come."))
    draft = Draft.objects.select_related("workspace").get(pk=round_.draft_id)
    require_that(may_submit_for_approval(access, draft))
    update_draft_texts(draft)
    with transaction.atomic():
        require_that(may_submit_for_approval(access, Draft.objects.select_for_update().get(pk=draft.pk)))
        rows = ApprovalRound.objects.select_for_update(of=("self",)).select_related("draft__workspace")
        locked = rows.get(pk=round_.pk)
        board = publishable_board(locked, access.user)
        known = planned_of(locked, lock=True)
        changed = known is not None and (
            known.state != PublicationState.SCHEDULED  # they were notified of the cancellation
            or known.scheduled_at != at
            or set(known.texts.values_list("version_id", flat=True))
            != {text.version_id for text in board.texts}
        )
        publication = known or Publication(draft=draft, round=locked)
        publication.state, publication.scheduled_at = PublicationState.SCHEDULED, at
        publication.published_by, publication.organisation = access.user, access.organisation
        publication.save()
        publication.texts.all().delete()
        store_texts(publication, [text.version for text in board.texts])
        for follow in HOOKS.planned:
            follow(publication)
        scheduler.schedule(kind=audit.LIFT_KIND, key=str(publication.uuid), due_at=at)
        record_round_event(locked, access, "publication.scheduled", "scheduled", deadline=at.isoformat())
        if changed:
            audit.notify_agreed_contacts(publication, "embargo_moved", once=now().isoformat())
    return publication


def unschedule_publication(*, access: Access, publication: Publication) -> Publication:
    """Cancel the scheduled publication: nothing is published automatically, and its readers lose access.

    Raises NotAllowed without the right, Refused if it is not scheduled.
    """
    with transaction.atomic():
        require_that(
            may_submit_for_approval(access, Draft.objects.select_for_update().get(pk=publication.draft_id))
        )
        locked = locked_publications().get(pk=publication.pk)
        if locked.state != PublicationState.SCHEDULED:
            raise Refused(gettext_lazy("This text is not scheduled any more."))
        unschedule_locked(locked)
        record_round_event(locked.round, access, "publication.put_off", "put_off")
    return locked


def lift_due_embargo(key: str, _payload: dict[str, Any]) -> None:
    """Run the due job: publish what is scheduled under this UUID, if the database says it is time.

    A worker whose own clock is ahead changes nothing and runs again after the remaining time. If
    the publication's rule or right is no longer met (NotPublishable, NotAllowed), nothing becomes public,
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
            scheduler.schedule(kind=audit.LIFT_KIND, key=key, due_at=now() + max(rest, A_SECOND))
            return
        person = found.published_by
        try:
            if person is None:
                raise NotPublishable([_("Who had scheduled it is gone. Schedule it again.")])
            publish_on_behalf(
                by=Actor(person, found.organisation, "coordinator", found.draft.workspace),
                round_=found.round,
                allowed=lambda draft: draft.archived_at is None and draft.workspace.archived_at is None,
                ready=_obstacles_to_lifting,
            )
        except (NotPublishable, NotAllowed):
            _unschedule_after_refusal(found)
    notify_lifted_late(found)


def _obstacles_to_lifting(planned: Publication | None) -> list[str]:
    """Check under the locks that it is still scheduled, for this text, and that by the database's
    clock the moment has come."""
    if planned is None or planned.state != PublicationState.SCHEDULED:
        return [_("This text is not scheduled any more.")]
    if not Publication.objects.filter(pk=planned.pk, scheduled_at__lte=Now()).exists():
        return [_("The moment has not come.")]
    submitted = set(planned.round.texts.values_list("version_id", flat=True))
    if set(planned.texts.values_list("version_id", flat=True)) != submitted:
        return [_("Other words were put since it was scheduled. Schedule it again.")]
    return []


def _unschedule_after_refusal(publication: Publication) -> None:
    """Cancel a publication that was refused at its moment, and notify the coordinators at once."""
    with transaction.atomic():
        locked = locked_publications().get(pk=publication.pk)
        if locked.state != PublicationState.SCHEDULED:
            return
        unschedule_locked(locked)
        if locked.round.state == RoundState.PUBLISHED:
            return
        notify_coordinators(
            locked.round,
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
    scheduler.cancel(kind=audit.LIFT_KIND, key=str(locked.uuid))
    audit.notify_agreed_contacts(locked, "embargo_put_off", once=now().isoformat())


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
            audit.record_embargo_audit(access, locked, "embargo.revoked")
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
            audit.record_embargo_audit(access, one, "embargo.revoked")
    return len(ended)


def end_accesses_of(contact: UUID) -> None:
    """End every access of a contact, in the caller's transaction."""
    for one in EmbargoAccess.objects.select_for_update().filter(contact=contact, revoked_at=None):
        _revoke_access_row(one)


def end_feeds_of(contact: UUID) -> None:
    """End the calendar of a contact and the mail that contains its URL, in the caller's transaction."""
    EmbargoFeed.objects.filter(contact=contact, ended_at=None).update(ended_at=now())
    outbox.delete_waiting_mail(about=audit.feed_mail_key(contact))


def _revoke_access_row(embargo: EmbargoAccess) -> None:
    embargo.revoked_at = now()
    embargo.save(update_fields=["revoked_at"])
    outbox.delete_waiting_mail(about=audit.embargo_mail_key(embargo))


HOUR = datetime.timedelta(hours=1)
MOST_AN_HOUR = 120  # uses of one link per hour: a person makes far fewer
_AUDITED = frozenset({EmbargoAct.AGREED, EmbargoAct.OPENED, EmbargoAct.DOWNLOADED, EmbargoAct.CALENDAR})


def offer_embargo(*, access: Access, publication: Publication, contact: Contact) -> EmbargoAccess:
    """Ask a person of an outlet whether they agree. The mail contains the moment and none of the text.

    Raises NotAllowed without the right or for another organisation's contact, Refused if the text is not
    scheduled, its handling mark excludes outsiders, or the person was already asked.
    """
    with transaction.atomic():
        locked = _require_scheduled(publication)
        draft = locked.round.draft
        own = contact.organisation == access.organisation.uuid and contact.removed_at is None
        require_that(own and may_offer_embargo(access, draft))
        if GUEST_LINK_REQUIREMENTS[Handling(draft.handling)] is None:
            raise Refused(gettext_lazy("The handling mark of this text lets nobody from outside read it."))
        if EmbargoAccess.objects.filter(publication=locked, contact=contact.uuid, revoked_at=None).exists():
            raise Refused(gettext_lazy("This person has been asked already."))
        token = secrets.token_urlsafe(32)
        made = EmbargoAccess.objects.create(
            publication=locked,
            contact=contact.uuid,
            token_hash=hash_token(token),
            asked_at=now(),
            asked_by=access.user,
            organisation=access.organisation,
        )
        audit.record_embargo_audit(access, made, "embargo.offered")
        audit.mail_embargo_link(made, contact, token, agreed=False)
    return made


def record_agreement(*, access: Access, embargo: EmbargoAccess) -> EmbargoAccess:
    """Record that the person agreed in a call, and mail them a link to the text; the previous link
    becomes invalid. Raises NotAllowed without the right or for another organisation's contact, and
    Refused if there is nothing to agree to or they had agreed."""
    with transaction.atomic():
        publication = _require_scheduled(embargo.publication)
        own = embargo.organisation_id == access.organisation.pk
        require_that(own and may_offer_embargo(access, publication.round.draft))
        locked = EmbargoAccess.objects.select_for_update().get(pk=embargo.pk)
        if locked.revoked_at is not None or locked.agreed_at is not None:
            raise Refused(gettext_lazy("This person has agreed already, or the access was taken back."))
        contact = contact_with(locked.contact)
        if contact is None:
            raise Refused(gettext_lazy("This contact was removed."))
        token = secrets.token_urlsafe(32)
        locked.token_hash, locked.agreed_at, locked.agreed_way = hash_token(token), now(), EmbargoWay.CALL
        locked.recorded_by = access.user
        locked.save()
        locked.publication = publication
        outbox.delete_waiting_mail(about=audit.embargo_mail_key(locked))
        audit.record_embargo_audit(access, locked, "embargo.agreed")
        audit.mail_embargo_link(locked, contact, token, agreed=True)
    return locked


def agree_to_embargo(*, token: str) -> EmbargoAccess:
    """Record the person's agreement. Idempotent. Raises NoSuchLink, GuestLinkOverused from the second
    time on; Refused once the text is public: there is nothing to agree to any more."""
    with transaction.atomic():
        # Lock the publication, to serialise an agreement with the lift: it comes before and is notified, or
        # after and finds the text public.
        if (known := access_of_token(token)) is not None:
            list(Publication.objects.select_for_update().filter(pk=known.publication_id).values_list("pk"))
        found = use_embargo(token=token, act=EmbargoAct.AGREED)
        if found.publication.state != PublicationState.SCHEDULED:
            raise Refused(gettext_lazy("The text is public already."))
        if found.agreed_at is None:
            found.agreed_at, found.agreed_way = now(), EmbargoWay.LINK
            found.save(update_fields=["agreed_at", "agreed_way"])
    return found


def use_embargo(*, token: str, act: EmbargoAct, language: str = "") -> EmbargoAccess:
    """Check that the access is valid now, and record its use.

    What discloses the text (`READ`, `DOWNLOADED`, `OPENED`) needs the agreement. Raises
    NoSuchLink and GuestLinkOverused, but not for the agreement itself: there is only one, and somebody
    to whom the link was forwarded must not be able to block it.
    """
    with transaction.atomic():
        found = access_of_token(token)
        if found is None:
            raise NoSuchLink
        EmbargoAccess.objects.select_for_update().get(pk=found.pk)  # serialises the counting of uses
        found = access_of_token(token)  # revoked or cancelled while waiting for the lock
        if found is None or (found.agreed_at is None and act not in {EmbargoAct.FOLLOWED, EmbargoAct.AGREED}):
            raise NoSuchLink
        moment = now()
        agrees = act == EmbargoAct.AGREED and found.agreed_at is None
        if not agrees and found.uses.filter(at__gt=moment - HOUR).count() >= MOST_AN_HOUR:
            raise GuestLinkOverused
        EmbargoUse.objects.create(access=found, act=act, language=language, at=moment)
        if act in _AUDITED:
            log.record_audit(
                f"embargo.{act.value}",
                actor=None,
                target_kind="publication",
                target=found.publication.uuid,
                workspace=found.publication.draft.workspace.uuid,
                embargo=str(found.uuid),
                language=language,
            )
    return found


def _require_scheduled(publication: Publication) -> Publication:
    locked = locked_publications().get(pk=publication.pk)
    if locked.state != PublicationState.SCHEDULED:
        raise Refused(gettext_lazy("Nothing is under embargo here: choose the moment of publication first."))
    return locked


EMBARGO_FORMATS: Final = (FileFormat.DOCX, FileFormat.PDF, FileFormat.PLAIN)

logger = logging.getLogger(__name__)


def file_name_for(embargo: EmbargoAccess, contact: Contact, text: PublicationText, form: FileFormat) -> str:
    """Return e.g. `embargo_statement-work-needs-respect_kk_v3_qala-tv.docx`: the outlet is the last
    part of the name."""
    with translation.override("en"):
        kind = str(TextKind(embargo.publication.draft.kind).label)
    subject = f"{latin_slug(kind)}-{latin_slug(text.document['title'])}"[:60].strip("-")
    outlet = latin_slug(contact.outlet.name)[:40] or "outlet"
    return f"embargo_{subject}_{text.language}_v{text.version.number}_{outlet}.{form.value}"


def make_embargo_file(
    embargo: EmbargoAccess, contact: Contact, text: PublicationText, form: FileFormat
) -> bytes | None:
    """Return the bytes, or None if conversion failed; the log then has the reason."""
    at = embargo.publication.scheduled_at
    with translation.override(text.language):
        mark = _("Under embargo until %(when)s") % {"when": moment_with_time_zone(at) if at else "—"}
    try:
        return make_document_file(
            text.document,
            form,
            workspace=embargo.publication.draft.workspace,
            language=text.language,
            mark=mark,
            holder=contact.outlet.name,
        )
    except (SandboxFailed, FileNotFoundError) as error:
        logger.warning("a file of %s could not be made: %s", embargo.uuid, type(error).__name__)
        return None


# Otherwise the holder of a link to one text could create a URL that discloses the next ones too.


FEED_MAIL_PAUSE = datetime.timedelta(minutes=10)  # minimum interval between two mails to one person
FEED_USE_INTERVAL = datetime.timedelta(hours=1)


def request_feed(*, token: str) -> EmbargoFeed:
    """Mail the calendar's URL to the contact of an access, at the request of whoever agreed to the embargo.

    Raises NoSuchLink and GuestLinkOverused as `use_embargo` does, Refused if a mail was sent a moment ago.
    """
    with transaction.atomic():
        embargo = use_embargo(token=token, act=EmbargoAct.CALENDAR)
        contact = _lock_contact(embargo)
        if contact is None:
            raise NoSuchLink
        return _create_and_mail_feed(contact, embargo.organisation)


def send_feed(*, access: Access, embargo: EmbargoAccess) -> EmbargoFeed:
    """Send a person the URL of their calendar and invalidate the previous one. Raises NotAllowed for anyone
    who does not own the contact, Refused if the contact was removed or a mail was sent a moment ago."""
    with transaction.atomic():
        contact = _lock_contact(embargo)
        if contact is None:
            raise Refused(gettext_lazy("This contact was removed."))
        owns = contact.organisation == access.organisation.uuid
        require_that(owns and may_offer_embargo(access, embargo.publication.draft))
        made = _create_and_mail_feed(contact, access.organisation)
        record_contact_audit(access, contact, "contact.feed_sent")
    return made


def end_feed(*, access: Access, contact: Contact) -> None:
    """End a person's calendar: its URL then answers like one that never existed. Idempotent. Raises
    NotAllowed for anyone who does not own the contact."""
    require_that(may_serve_press(access) and contact.organisation == access.organisation.uuid)
    with transaction.atomic():
        locked = Contact.objects.select_for_update().get(pk=contact.pk)
        end_feeds_of(locked.uuid)
        record_contact_audit(access, locked, "contact.feed_ended")


def record_embargo_feed_use(feed: EmbargoFeed) -> None:
    """Record the calendar's last request, at most once an hour."""
    moment = now()
    if feed.last_used_at is None or feed.last_used_at < moment - FEED_USE_INTERVAL:
        EmbargoFeed.objects.filter(pk=feed.pk).update(last_used_at=moment)


def _lock_contact(embargo: EmbargoAccess) -> Contact | None:
    """Lock and return the contact of an access; None if they were removed."""
    rows = Contact.objects.select_for_update(of=("self",)).select_related("outlet")
    return rows.filter(uuid=embargo.contact, removed_at=None).first()


def _create_and_mail_feed(contact: Contact, organisation: Organisation) -> EmbargoFeed:
    moment = now()
    feeds = EmbargoFeed.objects.filter(contact=contact.uuid, ended_at=None)
    if feeds.filter(made_at__gt=moment - FEED_MAIL_PAUSE).exists():
        raise Refused(gettext_lazy("The address was sent a few minutes ago: it is in the mailbox."))
    end_feeds_of(contact.uuid)
    token = secrets.token_urlsafe(32)
    made = EmbargoFeed.objects.create(
        contact=contact.uuid, organisation=organisation, token_hash=hash_token(token), made_at=moment
    )
    outbox.queue_mail(
        key=f"{audit.feed_mail_key(contact.uuid)}{made.token_hash[:16]}",
        template="documents/embargo_feed",
        language=contact.language,
        address=contact.address,
        context={
            "name": contact.name,
            # in a higher layer, referenced by name
            "button_url": absolute_url(reverse("calendar_press", args=[token])),
        },
    )
    return made
