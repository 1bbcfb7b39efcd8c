"""Two people of two organisations release what was held, or set it aside; two can turn that round."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.appeals.actions.hold_states import set_states
from coalition.campaigns.appeals.enums import HoldState
from coalition.campaigns.appeals.hold_votes import HoldTally, HoldVote, tally_of
from coalition.campaigns.appeals.models import Hold, HoldDecision
from coalition.campaigns.appeals.permissions import may_decide_holds, require_that
from coalition.campaigns.appeals.records import record_appeal_action
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.rules import Access


def decide_hold(*, access: Access, hold: Hold, releases: bool) -> Hold:
    """Give one word on a hold, in the name of the person's organisation. The second that agrees, of another
    person and another organisation, moves the rows.

    Raises NotAllowed without the right; Refused if the organisation said so already, if the hold stands so
    already, or if the personal data ended.
    """
    with transaction.atomic():
        rows = Hold.objects.select_for_update(of=("self",)).select_related("appeal__workspace")
        locked = rows.get(pk=hold.pk, appeal__workspace=access.workspace)
        require_that(may_decide_holds(access), _("Editors and coordinators decide what was held."))
        if locked.appeal.personal_data_ended_at is not None:
            raise Refused(_("The personal data of this appeal ended: its counts stay as they are."))
        before = tally_of_hold(locked)
        if before.voice_of(access.organisation.pk) == releases:
            raise Refused(_("Your organisation has said so. A person of another one must agree."))
        if before.released == releases and not before.open_votes:
            raise Refused(_("This is how it stands already."))
        HoldDecision.objects.create(
            hold=locked,
            person=access.user,
            organisation=access.organisation,
            releases=releases,
            at=now(),
        )
        record_appeal_action(
            access, locked.appeal, "appeal.hold_voted", hold=str(locked.uuid), releases=releases
        )
        _apply(access, locked, before)
    return locked


def _apply(access: Access, hold: Hold, before: HoldTally) -> None:
    after = tally_of_hold(hold)
    if after.released is None or after.released == before.released:
        return
    rows = set_states(hold=hold, counted=after.released)
    hold.state = HoldState.RELEASED if after.released else HoldState.SET_ASIDE
    hold.decided_at = now()
    hold.save(update_fields=["state", "decided_at"])
    action = "appeal.hold_released" if after.released else "appeal.hold_set_aside"
    record_appeal_action(access, hold.appeal, action, hold=str(hold.uuid), rows=rows)


def tally_of_hold(hold: Hold) -> HoldTally:
    """Return what the words on a hold amount to. One query, none if the decisions are loaded."""
    return tally_of(
        HoldVote(one.person_id, one.organisation_id, one.releases)
        for one in sorted(hold.decisions.all(), key=lambda one: one.pk)
    )
