"""Making and taking back one-time links: a named person without an account decides for an organisation."""

import datetime
import secrets
from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from coalition.accounts.models import Organisation, User
from coalition.accounts.permissions import represents
from coalition.accounts.queries import is_frozen
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.tokens import hash_token
from coalition.jobs import scheduler
from coalition.mail import outbox
from coalition.mail.links import absolute_url
from coalition.workspaces.permissions import Access
from documents.approval.actions.decide import Decider, lock_open
from documents.approval.actions.offline import Answer, write_down
from documents.approval.actions.phone import A_DAY, PHONE_COUNTS
from documents.approval.audit import concern, keep
from documents.approval.models import Approval, ApprovalRound, Asked, OneTimeLink, OneTimeUse
from documents.approval.queries.one_time_links import are_the_words, links_that_decide, one_time_link_of
from documents.drafts.deciders import approvers_of, representatives
from documents.drafts.enums import DecisionKind, Handling, LinkAct, LinkEnd, LinkMaker, Way
from documents.drafts.live.projection import follow_draft
from documents.drafts.models import Draft
from documents.drafts.permissions import may_put_to_approval, require_that
from documents.drafts.token_links import Guest, NoSuchLink, TooOften

AFTER_THE_DEADLINE = datetime.timedelta(hours=24)
MOST_OPEN = 6  # links of one organisation in one round


@dataclass(frozen=True)
class Maker:
    """Who makes a link, and in which right: as a coordinator with `access`, else as a representative."""

    person: User
    access: Access | None = None

    @property
    def kind(self) -> LinkMaker:
        return LinkMaker.REPRESENTATIVE if self.access is None else LinkMaker.COORDINATOR

    @property
    def role(self) -> str:
        return "representative" if self.access is None else self.access.role

    def require(self, draft: Draft, organisation: Organisation) -> None:
        """Raise NotAllowed for somebody who neither coordinates nor represents the organisation."""
        if self.access is not None:
            require_that(may_put_to_approval(self.access, draft))
        else:
            require_that(represents(self.person, organisation))


def make_one_time_link(
    *,
    maker: Maker,
    round_: ApprovalRound,
    organisation: Organisation,
    guest: Guest,
    languages: Collection[str],
) -> tuple[OneTimeLink, str]:
    """Make a link for an organisation asked, and mail it; returns it with its token, told this once.

    `languages`: those the person reads and is asked to approve. It holds until the deadline (after it: a
    day). The organisation's representatives are told at once. Raises NotAllowed; Refused in words.
    """
    follow_draft(round_.draft)
    with transaction.atomic():
        Draft.objects.select_for_update().get(pk=round_.draft_id)
        locked = lock_open(round_)
        maker.require(locked.draft, organisation)
        words = _check(locked, organisation, languages)
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
            made_by=maker.person,
            made_for=maker.access.organisation if maker.access else organisation,
            made_as=maker.kind,
            made_at=moment,
            expires_at=locked.deadline if locked.deadline > moment else moment + AFTER_THE_DEADLINE,
        )
        if not are_the_words(link):
            raise Refused(
                _("The text was changed since it was put. Put the new words first, then make the link.")
            )
        _send(link, token)
        _keep(maker, link, "one_time_link.made")
        _tell(maker, link)
    return link, token


def revoke_one_time_link(*, maker: Maker, link: OneTimeLink) -> OneTimeLink:
    """Take a link back: it decides nothing from this moment. Twice is once; what it decided stays."""
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=link.round.draft_id)
        locked = OneTimeLink.objects.select_for_update(of=("self",)).get(pk=link.pk)
        maker.require(draft, locked.organisation)
        if locked.ended_at is None and locked.used_at is None:
            locked.ended_at, locked.ended_why, locked.ended_by = now(), LinkEnd.REVOKED, maker.person
            locked.save(update_fields=["ended_at", "ended_why", "ended_by"])
            outbox.delete_waiting_mail(about=mail_key(locked))
            _keep(maker, locked, "one_time_link.ended")
    return locked


def mail_key(link: OneTimeLink) -> str:
    """What the keys of all mails about a link begin with."""
    return f"one-time-link:{link.uuid}:"


def _check(round_: ApprovalRound, organisation: Organisation, languages: Collection[str]) -> dict[str, str]:
    """The words put, by language. Raises Refused for what cannot be asked of a person without an account."""
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
    if counting.count() >= MOST_OPEN:
        raise Refused(_("So many links are open for this organisation already. Take back what is not used."))
    return words


def _send(link: OneTimeLink, token: str) -> None:
    with override(link.language):
        until = date_format(localtime(link.expires_at), "DATETIME_FORMAT")
    outbox.queue_mail(
        key=f"{mail_key(link)}{link.token_hash[:16]}",
        template="documents/one_time_link",
        language=link.language,
        address=link.email,
        context={
            "name": link.name,
            "until": until,
            "button_url": absolute_url(reverse("one_time", args=[token])),
        },
    )


def _keep(maker: Maker, link: OneTimeLink, action: str) -> None:
    keep(
        link.round,
        action=action,
        kind="one_time_link_made" if action.endswith("made") else "one_time_link_ended",
        person=maker.person,
        organisation=link.made_for,
        role=maker.role,
        link=str(link.uuid),
        asked=str(link.organisation.uuid),
        languages=link.languages,
        until=link.expires_at.isoformat(),
    )


def _tell(maker: Maker, link: OneTimeLink) -> None:
    """Those who represent the organisation hear that somebody is asked to decide for it."""
    concern(
        link.round,
        [one for one in representatives(link.organisation) if one.pk != maker.person.pk],
        kind="link_made_for_you",
        once=str(link.uuid),
        actor=maker.person,
        organisation=link.made_for,
        about=str(link.organisation.uuid),
    )


# --- decide by link ---
# Using a one-time link: looking, and deciding once.


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
