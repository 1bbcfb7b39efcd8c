"""Sentences about events around approvals and publications."""

import datetime
from collections.abc import Collection, Iterable, Mapping
from functools import partial
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_lazy as _

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer, display_name_for
from coalition.core.clock import now
from coalition.core.retention import empty_in_batches
from coalition.workspaces.dashboard import UpcomingItem, WaitingItem, only_if
from coalition.workspaces.notifications.kinds import NotificationKind, NotificationSubject, SubjectDescription
from documents.approval.actions import open_round
from documents.approval.actions.decide import notify_if_draft_is_publishable
from documents.approval.actions.inherit import refuse_altered_approved_blocks
from documents.approval.actions.phone import PHONE_COUNTS_KIND, count_after_delay
from documents.approval.audit import (
    KIND,
    REMINDER_KIND,
    may_subscribe_to_round,
    push_open_round,
    round_event_id,
)
from documents.approval.models import Approval, ApprovalRound, OneTimeLink
from documents.approval.permissions import (
    refuse_excluding_asked,
    refuse_kind_change,
    refuse_narrower_mark,
    rounds_of,
)
from documents.approval.queries.rounds import asked_of, led_by, may_wait_for, rounds_to_settle, undecided_for
from documents.capability import Capability, Topic, address_of
from documents.drafts.queries import drafts_for
from documents.hooks import Hooks

ACTIVITIES: Mapping[str, str | Promise] = {
    "put_to_approval": _("%(actor)s put “%(title)s” to approval."),
    "put_again": _("%(actor)s put newer words of “%(title)s” to approval, or moved the deadline."),
    "round_closed": _("%(actor)s closed the approval of “%(title)s”."),
    "approved": _("%(organisation)s approved “%(title)s”."),
    "slip_proposed": _("%(actor)s mended a slip of the pen in “%(title)s”."),
    "slip_confirmed": _("%(organisation)s confirmed a slip of the pen in “%(title)s”."),
    "slip_reopened": _("%(organisation)s decides anew on “%(title)s” after a slip of the pen."),
    "words_carried": _("“%(title)s” says only approved words: who approved them all is not asked again."),
    "carried_reopened": _("%(organisation)s decides anew on “%(title)s”, which says words it had approved."),
    "attested": _("%(organisation)s answers for a translation of “%(title)s”."),
    "attestation_taken_back": _("%(organisation)s answers no longer for a translation of “%(title)s”."),
    "abstained": _("%(organisation)s abstains from “%(title)s”."),
    "objected": _("%(organisation)s is against “%(title)s”."),
    "changes_asked": _("%(organisation)s asked for changes in “%(title)s”."),
    "published": _("%(actor)s published “%(title)s”."),
    "withdrawn": _("%(actor)s withdrew “%(title)s”."),
    "scheduled": _("%(actor)s scheduled “%(title)s”: it becomes public on %(deadline)s."),
    "put_off": _("%(actor)s put off the publication of “%(title)s”."),
    "let_stand": _("%(actor)s decided that “%(title)s” stands as it is."),
    "one_time_link_made": _(
        "%(actor)s asked somebody without an account to decide on “%(title)s” by a link."
    ),
    "one_time_link_ended": _("%(actor)s took back a one-time link to decide on “%(title)s”."),
    "phone_code_sent": _("%(actor)s sent a code for a call about “%(title)s”."),
    "gaps_filled": _("%(actor)s filled in the gaps of “%(title)s”. What was approved stands."),
    "called": _("%(actor)s wrote down a call about “%(title)s”."),
    "call_confirmed": _("%(actor)s called back, and confirmed an approval of “%(title)s” by phone."),
    "decision_disowned": _(
        "%(organisation)s says that it did not agree to what was recorded on “%(title)s”."
    ),
}

ACTIONS: Mapping[str, str | Promise] = {
    "asking.table_changed": _("Changed whom the coalition asks"),
    "asking.group_changed": _("Changed a group of organisations"),
    "asking.group_removed": _("Removed a group of organisations"),
    "asking.silence_declined": _("Said that its silence is never counted"),
    "round.opened": _("Put a text to approval"),
    "round.renewed": _("Put newer words to approval, or moved the deadline"),
    "round.closed": _("Closed a round of approval"),
    "approval.given": _("Approved a text"),
    "slip.proposed": _("Proposed a slip of the pen"),
    "slip.confirmed": _("Confirmed a slip of the pen"),
    "slip.reopened": _("Did not take a change for a slip of the pen"),
    "round.carried_over": _("Put a text that says only approved words"),
    "approval.carried_over": _("Carried an approval over from approved words"),
    "approval.reopened": _("Decides anew on what was carried over"),
    "attestation.given": _("Answered for a translation"),
    "attestation.taken_back": _("Took back an answer for a translation"),
    "approval.abstained": _("Abstained from a text"),
    "approval.objected": _("Objected to a text"),
    "approval.changes_asked": _("Asked for changes in a text"),
    "publication.published": _("Published a text"),
    "publication.withdrawn": _("Withdrew a publication"),
    "publication.taken_off": _("A publication was taken off the site while it is checked"),
    "publication.brought_back": _("A publication is on the site again after a check"),
    "publication.name_taken_off": _("Took the organisation's name off a public text"),
    "publication.scheduled": _("Scheduled a publication"),
    "publication.put_off": _("Put off a publication"),
    "embargo.offered": _("Offered a text under embargo to somebody of an outlet"),
    "embargo.agreed": _("An embargo was agreed to"),
    "embargo.opened": _("A text under embargo was opened by somebody of an outlet"),
    "embargo.downloaded": _("A text under embargo was downloaded by somebody of an outlet"),
    "embargo.calendar": _("Somebody of an outlet asked for the address of their calendar"),
    "embargo.revoked": _("Took an embargo access back"),
    "contact.kept": _("Added or changed a contact of an outlet"),
    "contact.feed_sent": _("Sent somebody of an outlet the address of their calendar"),
    "contact.feed_ended": _("Ended the calendar address of somebody of an outlet"),
    "contact.brought_back": _("Brought a contact of an outlet back"),
    "contact.shared": _("Shared a contact of an outlet"),
    "contact.unshared": _("Keeps a contact of an outlet for the organisation again"),
    "contact.removed": _("Removed a contact of an outlet"),
    "publication.let_stand": _("Decided that a public text stands"),
    "one_time_link.made": _("One-time link made"),
    "one_time_link.ended": _("One-time link taken back"),
    "phone.code_sent": _("Sent a code for a call"),
    "phone.called": _("Wrote down a call"),
    "phone.confirmed": _("Called back and confirmed an approval by phone"),
    "gaps.filled": _("Filled in the gaps of a holding statement"),
    "quotation.asked": _("Asked a speaker about a quotation"),
    "quotation.approved": _("A speaker approved a quotation"),
    "quotation.refused": _("A speaker refused a quotation"),
    "approval.disowned": _("Took a decision that was recorded by link or phone off the record"),
}

asks_to_act = partial(NotificationKind, asks=True)
asks_to_decide = partial(asks_to_act, link="documents:decide")
concerns_decision = partial(asks_to_decide, protects=True)  # mailed at once: it may reveal misuse
KINDS: Mapping[str, NotificationKind] = {
    "approval_asked": asks_to_decide(
        sentence=_(
            "%(actor)s put “%(title)s” to approval. %(about)s is asked to decide. "
            "The deadline is %(deadline)s."
        ),
        outline=_("A text waits for the decision of your organisation."),
        icon="check",
        template="documents/approval_asked",
    ),
    "approval_again": asks_to_decide(
        sentence=_(
            "%(actor)s put newer words of “%(title)s” to approval. %(about)s is asked to decide again."
        ),
        outline=_("A text waits for the decision of your organisation again."),
        icon="again",
        template="documents/approval_again",
    ),
    "deadline_earlier": asks_to_decide(
        sentence=_(
            "%(actor)s moved the deadline of “%(title)s”: it is earlier now, %(deadline)s. %(about)s is "
            "asked to decide until then."
        ),
        outline=_("There is less time than before to decide on a text for your organisation."),
        icon="clock",
        urgent=True,
    ),
    "approval_reminder": asks_to_decide(
        sentence=_("%(about)s has not decided on “%(title)s” yet. The deadline is %(deadline)s."),
        outline=_("The deadline of an approval is near."),
        icon="clock",
        urgent=True,
        template="documents/approval_reminder",
    ),
    "decided_for_you": concerns_decision(
        sentence=_("%(actor)s decided on “%(title)s” for %(about)s."),
        outline=_("Somebody decided on a text for your organisation."),
        icon="check",
        template="documents/decided_for_you",
    ),
    "changes_asked": asks_to_act(
        sentence=_("%(organisation)s asks for changes in “%(title)s”."),
        outline=_("An organisation asks for changes in a text."),
        icon="pen",
        template="documents/changes_asked",
    ),
    "asked_left": asks_to_act(
        sentence=_(
            "%(organisation)s has left the coalition. It is not asked any more about “%(title)s”, and not "
            "counted."
        ),
        outline=_("An organisation that was asked about a text has left the coalition."),
        icon="organisation",
    ),
    "slip_proposed": asks_to_decide(
        sentence=_(
            "In “%(title)s”, “%(before)s” became “%(after)s”: %(organisation)s takes it for a slip of "
            "the pen. %(about)s may confirm that."
        ),
        outline=_("A slip of the pen was mended in a text that your organisation decides on."),
        icon="pen",
    ),
    "slip_counts": asks_to_decide(
        sentence=_(
            "In “%(title)s”, “%(before)s” became “%(after)s”: two organisations confirmed a slip of the pen. "
            "What %(about)s decided stays, unless it reopens it."
        ),
        outline=_("A slip of the pen was mended in a text under which your organisation stands."),
        icon="pen",
    ),
    "slip_reopened": asks_to_act(
        sentence=_("%(organisation)s does not take the change in “%(title)s” for a slip of the pen."),
        outline=_("An organisation decides anew after a slip of the pen."),
        icon="again",
    ),
    "words_carried": concerns_decision(
        sentence=_(
            "%(actor)s put “%(title)s” to approval. It says only words that %(about)s has approved, so it is "
            "not asked again. Look at how they stand there, and decide anew if need be."
        ),
        outline=_("Words that your organisation had approved are to be published in another text."),
        icon="check",
    ),
    "carried_reopened": asks_to_act(
        sentence=_("%(organisation)s decides anew on “%(title)s”, which says words it had approved."),
        outline=_("An organisation decides anew on words that it had approved elsewhere."),
        icon="again",
    ),
    "objected": asks_to_act(
        sentence=_("%(organisation)s is against “%(title)s”."),
        outline=_("An organisation is against a text."),
        icon="x",
    ),
    "approvals_complete": asks_to_act(
        sentence=_("Nothing is missing for “%(title)s”: it can be published."),
        outline=_("Nothing is missing for a text: it can be published."),
        icon="horn",
        template="documents/approvals_complete",
    ),
    "put_to_approval": NotificationKind(
        sentence=_("%(actor)s put “%(title)s” to approval."),
        outline=_("A text that you worked on is put to approval."),
        icon="check",
    ),
    "approval_urgent": asks_to_decide(
        sentence=_(
            "%(actor)s put “%(title)s” to approval, and it is urgent. %(about)s is asked to decide. "
            "The deadline is %(deadline)s."
        ),
        outline=_("A text waits for the decision of your organisation, and it is urgent."),
        icon="clock",
        urgent=True,
        template="documents/approval_asked",
    ),
    "approval_again_urgent": asks_to_decide(
        sentence=_(
            "%(actor)s put newer words of “%(title)s” to approval, and it is urgent. %(about)s is asked to "
            "decide again. The deadline is %(deadline)s."
        ),
        outline=_("A text waits for the decision of your organisation again, and it is urgent."),
        icon="again",
        urgent=True,
        template="documents/approval_again",
    ),
    "gaps_filled": asks_to_decide(
        sentence=_(
            "%(actor)s filled in the gaps of “%(title)s”. What %(about)s approved stands; look, and decide "
            "otherwise if need be."
        ),
        outline=_("The gaps of a text that your organisation was asked about are filled in."),
        icon="pen",
        urgent=True,
    ),
    "quotation_approved": NotificationKind(
        sentence=_("A speaker approved a quotation in “%(title)s” (%(language)s)."),
        outline=_("A speaker approved a quotation."),
        icon="check",
        link="documents:quotations",
    ),
    "quotation_refused": asks_to_act(
        sentence=_("A speaker refused a quotation in “%(title)s” (%(language)s)."),
        outline=_("A speaker refused a quotation."),
        icon="warn",
        link="documents:quotations",
    ),
    "phone_code_sent": concerns_decision(
        sentence=_("A code for a call about “%(title)s” was mailed to you. Read it back only if you agree."),
        outline=_("A code for a call was mailed to you."),
        icon="clock",
        urgent=True,
    ),
    "call_to_confirm": asks_to_act(
        sentence=_(
            "%(about)s approved “%(title)s” by phone. It counts after a day, or once somebody of another "
            "organisation has called back."
        ),
        outline=_("An approval by phone waits to be confirmed by another organisation."),
        icon="clock",
        urgent=True,
    ),
    "link_made_for_you": concerns_decision(
        sentence=_(
            "%(actor)s asked somebody without an account to decide on “%(title)s” for %(about)s by a link."
        ),
        outline=_("Somebody without an account was asked to decide for your organisation."),
        icon="eye",
    ),
    "decided_otherwise": concerns_decision(
        sentence=_("A decision on “%(title)s” was recorded for %(about)s by link or phone."),
        outline=_("A decision was recorded for your organisation by link or phone."),
        icon="check",
    ),
    "decision_disowned": asks_to_act(
        sentence=_("%(organisation)s says that it did not agree to what was recorded on “%(title)s”."),
        outline=_("An organisation says that it did not agree to what was recorded."),
        icon="warn",
    ),
    "carried_name_off": asks_to_act(
        sentence=_(
            "%(about)s stood under “%(title)s” only by an approval that it says it did not give. Its name is "
            "taken off there too."
        ),
        outline=_("The name of your organisation was taken off another public text."),
        icon="warn",
        protects=True,
        link="documents_public:sheet",
    ),
}


def _rounds_for(user: User) -> QuerySet[ApprovalRound]:
    """Of drafts that the person may read, and in which they may decide, with or without a seat."""
    decides = asked_of(user).order_by().filter(round=OuterRef("pk"))
    return ApprovalRound.objects.filter(
        Q(draft__in=drafts_for(user).order_by().values("pk")) | Exists(decides)
    )


def _rounds(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    rows = ApprovalRound.objects.filter(uuid__in=uuids).select_related("draft")
    return {row.uuid: SubjectDescription(row.draft.title, row.get_absolute_url()) for row in rows}


SUBJECTS: Mapping[str, NotificationSubject] = {
    "round": NotificationSubject(_rounds_for, _rounds, address_of("round"))
}

DEADLINE_SOON = datetime.timedelta(hours=48)


@only_if(may_wait_for)
def approvals_to_give(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """Yield texts awaiting the decision of an organisation the person may decide for: one query."""
    moment = now()
    for asked in undecided_for(user):
        round_ = asked.round
        name = display_name_for(viewer, asked.organisation)
        late = round_.deadline <= moment
        yield WaitingItem(
            icon="check",
            title=round_.draft.title,
            detail=gettext("The deadline has passed. %(organisation)s has not decided yet.")
            % {"organisation": name}
            if late
            else gettext("%(organisation)s is asked to approve it.") % {"organisation": name},
            url=reverse("documents:decide_for", args=[round_.uuid, asked.organisation.uuid]),
            action=gettext("Read and decide"),
            due=round_.deadline,
            urgent=round_.deadline - moment < DEADLINE_SOON,
        )


@only_if(led_by)
def rounds_waiting(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """Yield rounds the person coordinates that can be published and are not scheduled, or need changes."""
    for round_ in rounds_to_settle(user):
        if round_.scheduled and not round_.lacks:
            continue
        if not round_.lacks:
            yield WaitingItem(
                icon="horn",
                title=round_.draft.title,
                detail=gettext("Nothing is missing: this can be published."),
                url=round_.get_absolute_url(),
                action=gettext("Publish"),
                urgent=True,
            )
        elif round_.changes_asked:
            yield WaitingItem(
                icon="pen",
                title=round_.draft.title,
                detail=gettext("An organisation asks for changes."),
                url=round_.get_absolute_url(),
                action=gettext("See what is asked"),
                due=round_.deadline,
                urgent=round_.deadline - now() < DEADLINE_SOON,
            )


@only_if(led_by)
def upcoming_deadlines(user: User, viewer: Viewer) -> Iterable[UpcomingItem]:
    """Yield deadlines of open rounds the person coordinates."""
    moment = now()
    for round_ in (one for one in rounds_to_settle(user) if one.deadline > moment):
        yield UpcomingItem(
            at=round_.deadline,
            title=gettext("Approval closes: %(title)s") % {"title": round_.draft.title},
            detail=round_.draft.workspace.title,
            url=round_.get_absolute_url(),
        )


def erase_decision_guests(before: datetime.datetime, links: Collection[UUID]) -> int:
    """Empty who one-time links ended before were for, and who decided by them; returns how many rows."""
    once = OneTimeLink.objects.filter(Q(ended_at__lt=before) | Q(expires_at__lt=before)).exclude(email="")
    named = Approval.objects.filter(at__lt=before).exclude(named="")
    return empty_in_batches(once, name="", email="") + empty_in_batches(named, named="")


APPROVAL = Capability(
    name="approval",
    urls="documents.approval.urls",
    audit_actions=ACTIONS,
    activities=ACTIVITIES,
    activity_links={"round": "documents:round"},
    notification_kinds=KINDS,
    subjects=SUBJECTS,
    topics={KIND: Topic(may_subscribe_to_round, round_event_id)},
    due_work={
        REMINDER_KIND: open_round.remind_deciders,
        open_round.FINAL_TEXT_KIND: open_round.apply_final_text,
        PHONE_COUNTS_KIND: count_after_delay,
    },
    waiting=(approvals_to_give, rounds_waiting),
    coming=(upcoming_deadlines,),
    hooks=Hooks(
        kind_guards=[refuse_kind_change],
        mark_guards=[refuse_narrower_mark],
        list_guards=[refuse_excluding_asked],
        version_guards=[refuse_altered_approved_blocks],
        subjects_of=[rounds_of],
        quotation_answered=[notify_if_draft_is_publishable],
        verdict_given=[push_open_round],
        guests_forgotten=[erase_decision_guests],
    ),
)
