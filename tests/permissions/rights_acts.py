"""What people of the small coalition do, by the product's own functions, each told to the model as well.

Who may do it is the model's to say: what it allows and the product forbids is a fault, and the other way
round. A refusal in words (`Refused`) is part of the game.
"""

from django.core import mail
from django.db import transaction
from django.http import Http404
from django.test import Client
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from coalition.accounts.actions.admission import accept_as_new, accept_as_returning, invite_person
from coalition.accounts.actions.memberships import end_membership, sign_out_everywhere
from coalition.accounts.models import Membership, User
from coalition.accounts.permissions import NotAllowed as NotAllowedToPartner
from coalition.core.errors import Refused
from coalition.mail.models import OutboxMail
from coalition.workspaces.actions import seats as actions_seats
from coalition.workspaces.actions.workspaces import (
    add_organisation,
    confirm_thaw,
    end_participation,
    request_freeze,
    request_thaw,
)
from coalition.workspaces.models import Seat
from coalition.workspaces.permissions import NotAllowed, access_to
from tests.conftest import sign_in
from tests.factories import PASSWORD
from tests.permissions.model_of_rights import LEAD
from tests.permissions.rights_world import BELONGS, ROLES, rights

PEOPLE = st.sampled_from([*BELONGS, "nova"])
ACTORS = st.sampled_from(["ada", "bota", "bek", "cora", "ada", "bota", "asel"])
ORGANISATIONS = st.sampled_from(["alma", "birlik", "centre", "dala"])
WORKSPACES = st.sampled_from(["west", "west", "east"])
RANKS = st.integers(0, 4)


class Acts(RuleBasedStateMachine):
    """Invitations, seats, leaving, freezing, signing out and in again. `made` is set by the test."""

    made = None

    @initialize()
    def begin(self):
        self.ended = transaction.atomic()
        self.ended.__enter__()
        self.people, self.model = dict(self.made.people), rights()
        self.browsers = self.made.browsers()
        self.things, self.unsent, self.remembered = [], set(), set()
        self.rows, self.makers, self.slugs, self.publications = {}, {}, {}, {}
        self.guests, self.feeds, self.ended_feeds = [], {}, []
        self.gets_news, self.mailed = False, set()
        mail.outbox.clear()
        self.start()

    def start(self):
        """What is there before anything happens."""

    def teardown(self):
        if hasattr(self, "ended"):
            transaction.set_rollback(True)
            self.ended.__exit__(None, None, None)

    def tried(self, act, *, allowed):
        """Whether it was done. `allowed`: the model's word on whether it may be."""
        try:
            with transaction.atomic():
                self.result = act()
        except (NotAllowed, NotAllowedToPartner, Http404):
            assert not allowed, "refused to somebody who may"
            return False
        except Refused:
            return False
        assert allowed, "done by somebody who may not"
        return True

    def access(self, by, workspace):
        organisation = self.made.organisations[BELONGS[by]]
        where = self.made.workspaces[workspace]
        return access_to(
            User.objects.get(pk=self.people[by].pk), where.uuid, acting_for=str(organisation.uuid)
        )

    def may(self, by, workspace, needed, it=None):
        """Whether the person has the rank there in the name of their organisation, and sees the thing."""
        ranked = self.model.rank(by, workspace, {BELONGS[by]}) >= needed
        return ranked and (it is None or self.model.sees(by, it))

    def end_seats(self, seats):
        """For good: links hang on the very seat that they were made with."""
        self.model.seats = {seat: rank for seat, rank in self.model.seats.items() if seat not in seats}
        self.model.links = {link for link in self.model.links if link[1] not in seats}

    @rule(by=ACTORS, person=PEOPLE, workspace=WORKSPACES, organisation=ORGANISATIONS, rank=RANKS)
    def give_a_seat(self, by, person, workspace, organisation, rank):
        if person not in self.people:
            return
        given = {
            "person": self.people[person],
            "organisation": self.made.organisations[organisation],
            "role": ROLES[rank],
        }
        if self.tried(
            lambda: actions_seats.give_seat(access=self.access(by, workspace), **given),
            allowed=self.may(by, workspace, LEAD),
        ):
            self.model.seats[person, workspace, organisation] = rank

    def _seat(self, number):
        """One of those that are held, with its key in the model."""
        key = sorted(self.model.seats)[number % len(self.model.seats)]
        person, workspace, organisation = key
        row = Seat.objects.get(
            person=self.people[person],
            workspace=self.made.workspaces[workspace],
            organisation=self.made.organisations[organisation],
            ended_at=None,
        )
        return key, row

    @rule(by=ACTORS, number=st.integers(0, 20), rank=RANKS)
    def change_a_seat(self, by, number, rank):
        key, row = self._seat(number)
        if self.tried(
            lambda: actions_seats.change_seat_role(
                access=self.access(by, key[1]), seat=row, role=ROLES[rank]
            ),
            allowed=self.may(by, key[1], LEAD),
        ):
            self.model.seats[key] = rank

    @rule(by=ACTORS, number=st.integers(0, 20))
    def take_a_seat(self, by, number):
        key, row = self._seat(number)
        allowed = self.may(by, key[1], LEAD) or (by == key[0] and self.may(by, key[1], 0))
        if self.tried(
            lambda: actions_seats.end_seat(access=self.access(by, key[1]), seat=row), allowed=allowed
        ):
            self.end_seats({key})

    @rule(organisation=ORGANISATIONS)
    def invite_somebody_new(self, organisation):
        by = next(name for name, where in BELONGS.items() if where == organisation)
        told = {"email": "nova@tests.example", "name": "Nova", "role": "member", "language": "en"}
        where = self.made.organisations[organisation]
        represents = self.model.belongs(by, {organisation})
        if not self.tried(
            lambda: invite_person(by=self.people[by], organisation=where, **told), allowed=represents
        ):
            return
        link = OutboxMail.objects.get(key__startswith=f"invitation:{self.result.uuid}").context["link"]
        token = link.rstrip("/").rsplit("/", 1)[-1]
        if "nova" in self.people:
            accept_as_returning(token=token)
        else:
            words = {"name": "Nova", "password": PASSWORD, "language": "en"}
            self.people["nova"] = accept_as_new(token=token, **words)
        self.model.members.add(("nova", organisation))
        self.sign_in_again("nova")

    @rule(person=PEOPLE, organisation=ORGANISATIONS)
    def leave_the_organisation(self, person, organisation):
        if (person, organisation) not in self.model.members:
            return
        row = Membership.objects.get(
            person=self.people[person],
            organisation=self.made.organisations[organisation],
            ended_at=None,
        )
        if self.tried(lambda: end_membership(by=self.people[person], membership=row), allowed=True):
            self.model.members.discard((person, organisation))
            self.end_seats(
                {seat for seat in self.model.seats if (seat[0], seat[2]) == (person, organisation)}
            )
            if not self.model.belongs(person):
                self.model.signed_in.discard(person)

    @rule(by=ACTORS, organisation=ORGANISATIONS, workspace=WORKSPACES, comes=st.booleans())
    def come_or_go(self, by, organisation, workspace, comes):
        """An organisation comes into a workspace, or leaves it."""
        given = {"organisation": self.made.organisations[organisation]}
        act = add_organisation if comes else end_participation
        if not self.tried(
            lambda: act(access=self.access(by, workspace), **given),
            allowed=self.may(by, workspace, LEAD),
        ):
            return
        if comes:
            self.model.takes_part.add((organisation, workspace))
        else:
            self.model.takes_part.discard((organisation, workspace))
            gone = {seat for seat in self.model.seats if seat[1:] == (workspace, organisation)}
            self.end_seats(gone)

    @rule(organisation=ORGANISATIONS)
    def freeze(self, organisation):
        where = self.made.organisations[organisation]
        asked = {"by": self.people["secretary"], "organisation": where, "reason": "A phone was lost"}
        if self.tried(lambda: request_freeze(**asked), allowed=True):
            self.model.frozen.add(organisation)
            self.model.links -= {link for link in self.model.links if link[1][2] == organisation}
            self.model.signed_in -= {who for who, there in self.model.members if there == organisation}

    @rule(number=st.integers(0, 3))
    def thaw(self, number):
        if not self.model.frozen:
            return
        organisation = sorted(self.model.frozen)[number % len(self.model.frozen)]
        row = self.made.organisations[organisation].freezes.get(thawed_at=None)
        request_thaw(by=self.people["secretary"], freeze=row)
        if self.tried(lambda: confirm_thaw(by=self.people["clerk"], freeze=row), allowed=True):
            self.model.frozen.discard(organisation)

    @rule(person=PEOPLE)
    def sign_out(self, person):
        if person in self.people:
            sign_out_everywhere(person=self.people[person])
            self.model.signed_in.discard(person)

    @rule(person=PEOPLE)
    def sign_in_again(self, person):
        """Also who may not: the doors say so, not the session."""
        if person in self.people:
            fresh = User.objects.get(pk=self.people[person].pk)
            self.browsers[person] = sign_in(Client(), fresh)
            self.model.signed_in.add(person)
