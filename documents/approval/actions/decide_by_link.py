"""Using a one-time link: looking, and deciding once."""

import datetime

from django.db import transaction

from coalition.core.clock import now
from coalition.jobs import scheduler
from documents.approval.actions.decide_offline import Answer, write_down
from documents.approval.actions.phone import A_DAY, PHONE_COUNTS
from documents.approval.actions.record_decision import Decider, lock_open
from documents.approval.models.one_time_link import OneTimeLink, OneTimeUse
from documents.approval.models.rounds import Approval, Asked
from documents.approval.queries.one_time_links import one_time_link_of
from documents.approval.queries.rounds import approvers_of
from documents.drafts.enums import DecisionKind, LinkAct, LinkEnd, LinkMaker, Way
from documents.editor.live.projection import follow_draft
from documents.guests.actions import NoSuchLink, TooOften

HOUR = datetime.timedelta(hours=1)
MOST_AN_HOUR = 120  # looks at one link: what a person reads is far below


def look_by_link(*, token: str, language: str) -> OneTimeLink:
    """The link, if it may decide now; that it was looked at is written down. Raises NoSuchLink, TooOften."""
    with transaction.atomic():
        found = _found(token)
        _write_use(found, LinkAct.LOOKED, language)
    return found


def decide_by_link(*, token: str, answer: Answer) -> list[Approval]:
    """Decide for the organisation, once: the link is dead afterwards. An approval at an address that a
    coordinator chose and that nobody has who may decide for it counts after a day without objection.

    Raises NoSuchLink for every token that may not decide now, whatever the reason, also if somebody else
    used it in the same moment; Refused in words where the answer itself cannot be recorded, and
    then the link was not used.
    """
    follow_draft(_found(token).round.draft)
    with transaction.atomic():
        lock_open(_found(token).round)
        link = _found(token)  # asked again under the lock: two presses come one after another
        asked = Asked.objects.select_related("organisation", "round__draft__workspace").get(
            round=link.round, organisation=link.organisation
        )
        later = None if answer.decision != DecisionKind.APPROVED or _is_known(link) else now() + A_DAY
        decider = Decider(
            person=None, asked=asked, capacity="named", way=Way.LINK, named=link.name, counts_from=later
        )
        approvals = write_down(round_=asked.round, decider=decider, answer=answer)
        moment = now()
        link.used_at, link.ended_at, link.ended_why = moment, moment, LinkEnd.USED
        link.save(update_fields=["used_at", "ended_at", "ended_why"])
        _write_use(link, LinkAct.DECIDED)
        if later is not None:
            scheduler.schedule(kind=PHONE_COUNTS, key=str(link.uuid), due_at=later)
    return approvals


def _is_known(link: OneTimeLink) -> bool:
    """Whether the organisation itself chose the address, or it is one of those who may decide for it."""
    if link.made_as == LinkMaker.REPRESENTATIVE:
        return True
    people = approvers_of(link.organisation, kind=link.round.draft.kind)
    return link.email.casefold() in {person.email.casefold() for person in people}


def _found(token: str) -> OneTimeLink:
    found = one_time_link_of(token)
    if found is None:
        raise NoSuchLink
    return found


def _write_use(link: OneTimeLink, act: LinkAct, language: str = "") -> None:
    """The answer itself has no limit: it comes once, and whoever was passed the link must not be able to hold
    it up by looking."""
    moment = now()
    if act != LinkAct.DECIDED and link.uses.filter(at__gt=moment - HOUR).count() >= MOST_AN_HOUR:
        raise TooOften
    OneTimeUse.objects.create(link=link, act=act, language=language, at=moment)
