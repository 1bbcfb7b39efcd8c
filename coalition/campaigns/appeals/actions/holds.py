"""Two people of two organisations release what was held, or set it aside; two can turn that round."""

from collections.abc import Iterable, Mapping
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.appeals.actions.hold_states import set_states
from coalition.campaigns.appeals.desk_queries import confirmed_rows, votes_on_holds
from coalition.campaigns.appeals.enums import HoldState, SupportState
from coalition.campaigns.appeals.hold_votes import HoldTally, HoldVote, tally_of
from coalition.campaigns.appeals.models import Hold, HoldDecision, Support
from coalition.campaigns.appeals.permissions import may_decide_holds, require_that
from coalition.campaigns.appeals.records import record_appeal_action
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access

DECIDED_AS: Final[Mapping[HoldState, bool | None]] = {
    HoldState.WAITING: None,
    HoldState.RELEASED: True,
    HoldState.SET_ASIDE: False,
}


def decide_hold(*, access: Access, hold: Hold, releases: bool, shown: int | None = None) -> Hold:
    """Vote on a hold, in the name of the person's organisation. The second vote that agrees, of another
    person and another organisation, moves the rows.

    It is a vote on the confirmed rows: with the first one, rows that nobody has confirmed yet get a hold of
    their own. `shown`: how many rows the person saw; None: not checked. Raises NotAllowed without the right;
    Refused if the organisation voted so already, if this is decided already, if there is no row to decide
    about, if more were confirmed than were shown, or if the personal data ended.
    """
    with transaction.atomic():
        rows = Hold.objects.select_for_update(of=("self",)).select_related("appeal__workspace")
        locked = rows.get(pk=hold.pk, appeal__workspace=access.workspace)
        require_that(may_decide_holds(access), _("Editors and coordinators decide what was held."))
        if locked.appeal.personal_data_ended_at is not None:
            raise Refused(_("The personal data of this appeal ended: its counts stay as they are."))
        _refuse_needless(locked, access.organisation.pk, releases)
        if shown is not None and confirmed_rows().filter(hold=locked).count() > shown:
            raise Refused(_("More rows came while you looked. Look again, then decide."))
        if not locked.decisions.exists():
            _split_off_unconfirmed(locked)
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
        _apply(access, locked)
    return locked


def _refuse_needless(hold: Hold, organisation: int, releases: bool) -> None:
    tally = tally_of_hold(hold, votes_on_holds().filter(hold=hold))
    if tally.vote_of(organisation) == releases and tally.agreed != releases:
        raise Refused(_("Your organisation has voted so. A person of another one must agree."))
    if DECIDED_AS[HoldState(hold.state)] == releases and not tally.open_votes:
        raise Refused(_("This is how it stands already."))
    if hold.state == HoldState.WAITING and not confirmed_rows().filter(hold=hold).exists():
        raise Refused(_("Nobody has confirmed yet: there is nothing to decide."))


def _split_off_unconfirmed(hold: Hold) -> None:
    """Put rows that nobody has confirmed under a hold of their own: they are on no page, so the vote is not
    about them."""
    rows = Support.objects.filter(hold=hold, state=SupportState.UNCONFIRMED)
    number = len(rows.select_for_update().order_by("pk").values_list("pk"))
    if number:
        rows.update(
            hold=Hold.objects.create(
                appeal=hold.appeal,
                rule=hold.rule,
                reason={"rows": number},
                burst=hold.burst,
                made_at=hold.made_at,
            )
        )


def _apply(access: Access, hold: Hold) -> None:
    """Do what two agree on. If it stands so already, their votes outweigh the others since."""
    releases = tally_of_hold(hold, votes_on_holds().filter(hold=hold)).agreed
    if releases is None:
        return
    is_new = DECIDED_AS[HoldState(hold.state)] != releases
    hold.state = HoldState.RELEASED if releases else HoldState.SET_ASIDE
    hold.decided_at = now()
    hold.save(update_fields=["state", "decided_at"])
    if is_new:
        rows = set_states(hold=hold, counted=releases)
        action = "appeal.hold_released" if releases else "appeal.hold_set_aside"
        record_appeal_action(access, hold.appeal, action, hold=str(hold.uuid), rows=rows)


def tally_of_hold(hold: Hold, votes: Iterable[HoldDecision]) -> HoldTally:
    """Return what votes on a hold (`votes_on_holds`) amount to since it was decided last.

    Those of organisations that have left or are frozen are left out; what was decided stays decided.
    """
    since = [one for one in votes if hold.decided_at is None or one.at > hold.decided_at]
    return tally_of(
        HoldVote(one.person_id, one.organisation_id, one.releases)
        for one in sorted(since, key=lambda one: one.pk)
        if one.takes_part  # type: ignore[attr-defined]  # annotated
    )
