"""One-time links, by which a named person without an account decides for an organisation."""

import datetime
import secrets
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation, User
from coalition.accounts.permissions import represents
from coalition.accounts.queries import is_frozen
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import hash_token
from coalition.jobs import scheduler
from coalition.mail import outbox
from coalition.workspaces.permissions import Access
from documents.approval.actions.decide import Decider, lock_open
from documents.approval.actions.offline import Answer, record_offline_decision
from documents.approval.actions.phone import PHONE_COUNTS_KIND, UNPROVED_DELAY
from documents.approval.audit import notify_about_round, record_round_event
from documents.approval.models import Approval, ApprovalRound, Asked, OneTimeLink, OneTimeUse
from documents.approval.queries.one_time_links import (
    link_versions_unchanged,
    links_that_decide,
    one_time_link_of,
)
from documents.drafts.access import GuestData, GuestLinkOverused, NoSuchLink, mail_token_link
from documents.drafts.live.projection import update_draft_texts
from documents.drafts.models import DecisionKind, Draft, Handling, LinkAct, LinkEnd, LinkMaker, Way
from documents.drafts.permissions import may_submit_for_approval, require_that
from documents.drafts.queries import approvers_of, representatives

LIFETIME_AFTER_DEADLINE = datetime.timedelta(hours=24)
MAX_OPEN_LINKS = 6  # open links of one organisation in one round


@dataclass(frozen=True)
class LinkCreator:
    """The maker of a link: a coordinator with `access`, else a representative of the `organisation`."""

    user: User
    organisation: Organisation
    access: Access | None = None

    @property
    def role(self) -> str:
        return "representative" if self.access is None else self.access.role

    def require(self, draft: Draft, organisation: Organisation) -> None:
        """Raise NotAllowed if the person neither coordinates nor represents the organisation."""
        if self.access is not None:
            require_that(may_submit_for_approval(self.access, draft))
        else:
            require_that(organisation == self.organisation and represents(self.user, organisation))


def make_one_time_link(
    *,
    maker: LinkCreator,
    round_: ApprovalRound,
    organisation: Organisation,
    guest: GuestData,
    languages: Collection[str],
) -> tuple[OneTimeLink, str]:
    """Make and mail a link for an organisation asked; return it with its token, which is not available later.

    `languages`: those the person reads and is asked to approve. Valid until the deadline (after it: for a
    day). The organisation's representatives are notified at once. Raises NotAllowed; Refused with a reason.
    """
    update_draft_texts(round_.draft)
    with transaction.atomic():
        Draft.objects.select_for_update().get(pk=round_.draft_id)
        locked = lock_open(round_)
        maker.require(locked.draft, organisation)
        words = _check_link_allowed(locked, organisation, languages)
        token = secrets.token_urlsafe(32)
        moment = now()
        link = OneTimeLink.objects.create(
            round=locked,
            organisation=organisation,
            languages=sorted(languages),
            words=words,
            name=guest.name.strip(),
            email=guest.email.strip(),
            language=guest.language,
            token_hash=hash_token(token),
            made_by=maker.user,
            made_for=maker.organisation,
            made_as=LinkMaker.REPRESENTATIVE if maker.access is None else LinkMaker.COORDINATOR,
            made_at=moment,
            expires_at=locked.deadline if locked.deadline > moment else moment + LIFETIME_AFTER_DEADLINE,
        )
        if not link_versions_unchanged(link):
            raise Refused(
                _("The text was changed since it was put. Put the new words first, then make the link.")
            )
        key = one_time_link_mail_key(link)
        mail_token_link(link, token, key=key, template="documents/one_time_link", page="one_time")
        _record_link(maker, link, "one_time_link.made", "one_time_link_made")
        notify_about_round(
            locked,
            [one for one in representatives(organisation) if one != maker.user],
            kind="link_made_for_you",
            once=str(link.uuid),
            by=maker,
            about=str(organisation.uuid),
        )
    return link, token


def revoke_one_time_link(*, maker: LinkCreator, link: OneTimeLink) -> OneTimeLink:
    """Revoke a link: it cannot be used from now on. Idempotent; a decision already made with it stays."""
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=link.round.draft_id)
        locked = OneTimeLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
        maker.require(draft, locked.organisation)
        if locked.ended_at is None and locked.used_at is None:
            locked.ended_at, locked.ended_why, locked.ended_by = now(), LinkEnd.REVOKED, maker.user
            locked.save(update_fields=["ended_at", "ended_why", "ended_by"])
            outbox.delete_waiting_mail(about=one_time_link_mail_key(locked))
            _record_link(maker, locked, "one_time_link.ended", "one_time_link_ended")
    return locked


def one_time_link_mail_key(link: OneTimeLink) -> str:
    """Return the prefix of the keys of all mails about a link."""
    return f"one-time-link:{link.uuid}:"


def _check_link_allowed(
    round_: ApprovalRound, organisation: Organisation, languages: Collection[str]
) -> dict[str, str]:
    """Return language → hash of the round. Raises Refused for what nobody without an account may decide."""
    asked = round_.asked.filter(organisation=organisation).exists()
    if not asked:
        raise Refused(_("This organisation is not asked in this round."))
    if is_frozen(organisation):
        raise Refused(_("This organisation is frozen: nobody can decide for it until it is thawed."))
    draft = round_.draft
    own = draft.handling == Handling.ORGANISATION and draft.organisation_id == organisation.pk
    if Handling(draft.handling).names_readers and not own:
        raise Refused(
            _("The handling mark is “%(mark)s”: a guest is somebody else, so no link can be made."),
            mark=Handling(draft.handling).label,
        )
    words = {text.language: text.version.hash for text in round_.texts.select_related("version")}
    if not languages or not set(languages) <= set(words):
        raise Refused(_("Choose at least one of the languages that are put to approval."))
    counting = links_that_decide().filter(round=round_, organisation=organisation)
    if counting.count() >= MAX_OPEN_LINKS:
        raise Refused(_("So many links are open for this organisation already. Take back what is not used."))
    return words


def _record_link(maker: LinkCreator, link: OneTimeLink, action: str, kind: str) -> None:
    record_round_event(
        link.round,
        maker,
        action,
        kind,
        link=str(link.uuid),
        asked=str(link.organisation.uuid),
        languages=link.languages,
        until=link.expires_at.isoformat(),
    )


HOUR = datetime.timedelta(hours=1)
MOST_AN_HOUR = 120  # views of one link per hour: a person reads far fewer


def open_one_time_link(*, token: str, language: str) -> OneTimeLink:
    """Return the link, if it may decide now, and record the view. Raises NoSuchLink, GuestLinkOverused."""
    with transaction.atomic():
        found = _require_link(token)
        _record_link_use(found, LinkAct.LOOKED, language)
    return found


def decide_by_link(*, token: str, answer: Answer) -> list[Approval]:
    """Decide for the organisation, once; the link is used up afterwards. If a coordinator chose the address
    and it belongs to none of the organisation's deciders, the approval counts after a day without objection.

    Raises NoSuchLink for every token that may not decide now, whatever the reason, also if it was used
    concurrently; Refused with a reason where the answer itself cannot be recorded, and then the link stays
    unused.
    """
    update_draft_texts(_require_link(token).round.draft)
    with transaction.atomic():
        lock_open(_require_link(token).round)
        link = _require_link(token)  # re-read under the lock to serialise concurrent submissions
        asked = Asked.objects.select_related("organisation", "round__draft__workspace").get(
            round=link.round, organisation=link.organisation
        )
        # of the organisation's own choice, or of one of its deciders
        deciders = approvers_of(link.organisation, kind=link.round.draft.kind)
        known = link.made_as == LinkMaker.REPRESENTATIVE or link.email.casefold() in {
            one.email.casefold() for one in deciders
        }
        approves = answer.decision == DecisionKind.APPROVED
        later = now() + UNPROVED_DELAY if approves and not known else None
        decider = Decider(
            user=None, asked=asked, role="named", way=Way.LINK, named=link.name, counts_from=later
        )
        approvals = record_offline_decision(round_=asked.round, decider=decider, answer=answer)
        moment = now()
        link.used_at, link.ended_at, link.ended_why = moment, moment, LinkEnd.USED
        link.save(update_fields=["used_at", "ended_at", "ended_why"])
        _record_link_use(link, LinkAct.DECIDED)
        if later is not None:
            scheduler.schedule(kind=PHONE_COUNTS_KIND, key=str(link.uuid), due_at=later)
    return approvals


def _require_link(token: str) -> OneTimeLink:
    found = one_time_link_of(token)
    if found is None:
        raise NoSuchLink
    return found


def _record_link_use(link: OneTimeLink, act: LinkAct, language: str = "") -> None:
    """Record a use. Only views are throttled: they must not be able to block the one answer."""
    moment = now()
    if act != LinkAct.DECIDED and link.uses.filter(at__gt=moment - HOUR).count() >= MOST_AN_HOUR:
        raise GuestLinkOverused
    OneTimeUse.objects.create(link=link, act=act, language=language, at=moment)
