"""Reviewing a proposed entry for another organisation: publish it, or send it back with a note."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation, User
from coalition.audit import log
from coalition.campaigns.helplines import notifications
from coalition.campaigns.helplines.actions.entries import stamp_of
from coalition.campaigns.helplines.actions.suspend import lift_suspension
from coalition.campaigns.helplines.enums import HELPLINE_KIND, EntryState
from coalition.campaigns.helplines.models import Helpline, HelplineCheck, HelplineEntry
from coalition.campaigns.helplines.permissions import reviewing_organisation
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import NotAllowed


def publish_entry(*, person: User, entry: HelplineEntry, seen: str) -> HelplineEntry:
    """Make a proposed entry what the public sees; the one before is kept as replaced.

    A line that was hidden is shown again.

    `seen`: the stamp of what the person read. Raises NotAllowed; Refused if it changed since, is no longer
    proposed, or the line is out of use.
    """
    with transaction.atomic():
        locked, organisation = _to_review(person, entry, seen)
        helpline = locked.helpline
        helpline.entries.filter(state=EntryState.PUBLISHED).update(state=EntryState.REPLACED)
        _decide(locked, EntryState.PUBLISHED, person, organisation)
        lift_suspension(helpline)
        if locked.checked_on is not None and (
            helpline.checked_on is None or helpline.checked_on < locked.checked_on
        ):
            helpline.checked_on = locked.checked_on
            helpline.save(update_fields=["checked_on"])
            HelplineCheck.objects.get_or_create(
                helpline=helpline,
                day=locked.checked_on,
                defaults={"person": locked.written_by, "organisation": locked.written_for},
            )
        _record("helpline.published", person, organisation, locked)
        notifications.notify_of_review(locked, "helpline_published")
    return locked


def send_back_entry(*, person: User, entry: HelplineEntry, seen: str, note: str) -> HelplineEntry:
    """Send a proposed entry back to its organisation, with what has to change (at most 1,000 characters).

    Raises NotAllowed; Refused without a note, and as `publish_entry`.
    """
    words = note.strip()
    if not words:
        raise Refused(_("Say what has to change: the organisation that wrote it reads this."))
    with transaction.atomic():
        locked, organisation = _to_review(person, entry, seen)
        locked.review_note = words[: HelplineEntry._meta.get_field("review_note").max_length]
        _decide(locked, EntryState.REJECTED, person, organisation)
        _record("helpline.sent_back", person, organisation, locked)
        notifications.notify_of_review(locked, "helpline_sent_back")
    return locked


def _to_review(person: User, entry: HelplineEntry, seen: str) -> tuple[HelplineEntry, Organisation]:
    """Lock line and entry, in this order everywhere, and ask whether the person may review it now."""
    helpline = Helpline.objects.select_for_update().get(pk=entry.helpline_id)
    locked = helpline.entries.select_for_update().filter(pk=entry.pk).first()
    if locked is None:
        raise Refused(_("This entry is no longer there."))
    organisation = reviewing_organisation(person, locked)
    if organisation is None:
        raise NotAllowed(_("Representatives of another organisation review an entry."))
    if helpline.retired_at is not None:
        raise Refused(_("This line is out of use."))
    if locked.state != EntryState.PROPOSED or stamp_of(locked) != seen:
        raise Refused(_("This entry has changed since you opened it. Read it again."))
    locked.helpline = helpline
    return locked, organisation


def _decide(entry: HelplineEntry, state: EntryState, person: User, organisation: Organisation) -> None:
    entry.state = state
    entry.reviewed_by, entry.reviewed_for, entry.reviewed_at = person, organisation, now()
    entry.save()


def _record(action: str, person: User, organisation: Organisation, entry: HelplineEntry) -> None:
    log.record_audit(
        action,
        actor=person,
        organisation=organisation.uuid,
        target_kind=HELPLINE_KIND,
        target=entry.helpline.uuid,
        entry=str(entry.uuid),
    )
