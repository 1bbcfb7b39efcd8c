"""Every way in which somebody loses a right: what is done, and which of the live topics end by it."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.test import Client

from coalition.accounts.actions.memberships import end_membership, sign_out_everywhere
from coalition.accounts.models import Membership, MembershipRole
from coalition.core.clock import now
from coalition.roles import SeatRole
from coalition.workspaces.actions import seats
from coalition.workspaces.actions.workspaces import confirm_freeze, end_participation, request_freeze
from coalition.workspaces.models import Seat
from coalition.workspaces.permissions import Access, access_to
from documents.agreement.actions import accept_agreement, leave_coalition, set_agreement
from documents.approval.actions.open_round import close_round, submit_for_approval
from documents.drafts.actions.manage import change_draft, create_draft, name_version, save_text
from documents.drafts.models import Handling
from documents.models import ApprovalRound, Draft, DraftText
from events.models import Event
from events.press.registration.actions import open_to_press
from events.production.running_order.actions import add_running_item
from events.questions.actions import open_to_questions
from events.questions.models import AskedBy
from tests.conftest import sign_in
from tests.documents.approval.builders import stage
from tests.documents.conftest import body
from tests.events.planning.builders import planned, restrict
from tests.factories import PASSWORD, MembershipFactory, OfficeFactory, seat

CANARY, AFTERWARDS = "Canary title", "Canary afterwards"


@dataclass
class Open:
    """Somebody who edits, with everything open that a page can hold open; `by` coordinates there."""

    held: Seat
    by: Seat
    draft: Draft
    event: Event
    round: ApprovalRound
    browser: Client
    topics: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> UUID:
        return self.draft.texts.get(language="kk").uuid

    @property
    def leading(self) -> Access:
        return access_to(self.by.person, self.by.workspace.uuid)


def opened() -> Open:
    """One of everything that has a live topic."""
    by = seat(role=SeatRole.COORDINATOR)
    held = seat(workspace=by.workspace, role=SeatRole.EDITOR)
    both = Membership.objects.filter(person__in=[held.person, by.person])
    both.update(role=MembershipRole.REPRESENTATIVE)
    MembershipFactory(organisation=held.organisation, role=MembershipRole.REPRESENTATIVE)
    MembershipFactory(person=held.person)  # so that the session goes on where it may
    access = access_to(by.person, by.workspace.uuid)
    draft = create_draft(access=access, title=CANARY)
    text = draft.texts.select_related("draft").get(language="kk")
    save_text(access=access, text=text, title=CANARY, lead="", body=body("Words."))
    text.refresh_from_db()
    event = planned(access)
    add_running_item(access=access, event=event, title={"kk": "Begin"}, minutes=5)
    open_to_press(access=access, event=event, places=5, per_outlet=5)
    open_to_questions(access=access, event=event, asked_by=AskedBy.EVERYONE)
    made = Open(held, by, draft, event, _round(access, draft, text), sign_in(Client(), held.person))
    names = {"workspace": by.workspace.uuid, "here": by.workspace.uuid, "comments": text.uuid}
    names |= {"draft": draft.uuid, "round": made.round.uuid}
    names |= dict.fromkeys(("running", "door", "questions"), event.uuid)
    made.topics = {kind: f"{kind}:{uuid}" for kind, uuid in names.items()}
    return made


def _round(access: Access, draft: Draft, text: DraftText) -> ApprovalRound:
    return submit_for_approval(
        access=access,
        draft=draft,
        versions=[name_version(access=access, text=text, name="As agreed")],
        organisations=[access.organisation],
        deadline=now() + datetime.timedelta(days=3),
        acknowledged=True,
    )


def seat_taken(there: Open) -> None:
    seats.end_seat(access=there.leading, seat=there.held)


def role_lowered(there: Open) -> None:
    seats.change_seat_role(access=there.leading, seat=there.held, role=SeatRole.OBSERVER)


def left(there: Open) -> None:
    own = there.held.person.memberships.get(organisation=there.held.organisation)
    end_membership(by=there.held.person, membership=own)


def organisation_left_the_workspace(there: Open) -> None:
    end_participation(access=there.leading, organisation=there.held.organisation)


def organisation_left_the_coalition(there: Open) -> None:
    leave_coalition(organisation=there.held.organisation, person=there.held.person)


def frozen(there: Open) -> None:
    asked = request_freeze(
        by=there.by.person, organisation=there.held.organisation, reason="A phone was lost"
    )
    confirm_freeze(by=OfficeFactory().person, freeze=asked)


def asked_to_agree(there: Open) -> None:
    """The coalition has an agreement from now on; the coordinator's organisation alone accepts it."""
    publication = stage().publish("kk", "ru", "en")
    edition = set_agreement(by=OfficeFactory().person, publication=publication)
    accept_agreement(agreement=edition, organisation=there.by.organisation, person=there.by.person)


def marked_for_named_people(there: Open) -> None:
    _change(there, handling=Handling.NAMED_PEOPLE)


def marked_for_an_organisation(there: Open) -> None:
    _change(there, handling=Handling.ORGANISATION)


def kept_to_an_organisation(there: Open) -> None:
    _change(there, handling=Handling.WORKSPACE, restricted_to=[there.by.organisation])


def _change(there: Open, **given: Any) -> None:
    close_round(access=there.leading, round_=there.round)
    change_draft(access=there.leading, draft=there.draft, title=CANARY, kind=there.draft.kind, **given)


def event_kept_to_an_organisation(there: Open) -> None:
    restrict(there.leading, there.event, [there.by.organisation])


def signed_out_everywhere(there: Open) -> None:
    sign_out_everywhere(person=there.held.person)


def signed_out_here(there: Open) -> None:
    assert there.browser.post("/accounts/logout/").status_code == 302


def ended_in_the_list(there: Open) -> None:
    """By the same person, who sits at another browser."""
    other = sign_in(Client(), there.held.person)
    other.get("/accounts/sessions/")
    assert other.post("/accounts/sessions/").status_code == 302


def new_password(there: Open) -> None:
    new = "five-new-tulips-here"
    typed = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    other = sign_in(Client(), there.held.person)
    assert other.post("/accounts/password/change/", typed).status_code == 302


OF_THE_DRAFT = frozenset({"comments", "draft", "round"})
OF_THE_EVENT = frozenset({"running", "door", "questions"})
EVERYTHING = OF_THE_DRAFT | OF_THE_EVENT | {"workspace", "here"}
WAYS: dict[Callable[[Open], None], frozenset[str]] = {
    seat_taken: EVERYTHING,
    role_lowered: OF_THE_DRAFT | OF_THE_EVENT,
    left: EVERYTHING,
    organisation_left_the_workspace: EVERYTHING,
    organisation_left_the_coalition: EVERYTHING,
    frozen: EVERYTHING,
    asked_to_agree: EVERYTHING,
    marked_for_named_people: OF_THE_DRAFT,
    marked_for_an_organisation: OF_THE_DRAFT,
    kept_to_an_organisation: OF_THE_DRAFT,
    event_kept_to_an_organisation: OF_THE_EVENT,
    signed_out_everywhere: EVERYTHING,
    signed_out_here: EVERYTHING,
    ended_in_the_list: EVERYTHING,
    new_password: EVERYTHING,
}
SESSION_ENDS = frozenset({frozen, signed_out_everywhere, signed_out_here, ended_in_the_list, new_password})
