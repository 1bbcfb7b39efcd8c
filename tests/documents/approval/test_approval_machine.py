"""Whatever happens in whatever order: a text becomes public only when its rule holds for these words, and
every name under it approved these words; afterwards it holds, or is marked awaiting decision. And no name
that is withheld, or was taken off, is read anywhere by anyone who may not."""

import pytest
from hypothesis import HealthCheck, Phase, settings, strategies as st
from hypothesis.stateful import rule, run_state_machine_as_test

from coalition.accounts.actions.organisations import change_listing
from coalition.accounts.models import Listing
from coalition.core.clock import now
from coalition.mail.models import OutboxMail
from coalition.roles import SeatRole
from coalition.workspaces.permissions import access_to
from documents.approval.actions.offline import Answer, object_to_decisions
from documents.approval.actions.one_time_links import decide_by_link
from documents.approval.actions.phone import UNPROVED_DELAY, confirm_call, record_call, send_code
from documents.drafts.models import DecisionKind, Way
from documents.models import Publication
from home.setup_site import setup_site
from tests.documents.approval.inherited_machine import SaysItAgain
from tests.documents.approval.offline_builders import link_for
from tests.documents.approval.phases_machine import Phases
from tests.documents.approval.round_machine import ORGANISATIONS, WORDS
from tests.documents.publication.afterwards_machine import OTHERS, Afterwards
from tests.factories import seat

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CODES = st.sets(st.sampled_from(list(WORDS)), min_size=1)


class Everything(Afterwards, SaysItAgain):
    """And around the round: the ways of approving, freezes, names that go, corrections, withdrawals."""

    def around(self):
        super().around()
        self.links = []
        other = seat(workspace=self.made.workspace, role=SeatRole.REVIEWER)
        self.caller = access_to(other.person, self.made.workspace.uuid)

    @rule(number=ORGANISATIONS, codes=CODES)
    def make_link(self, number, codes):
        def make():
            _link, token = link_for(self.made, self.round, self.made.organisations[number], *codes)
            self.links.append([token, number, codes, dict(self.put), now(), True])

        self.tried(make)

    @rule(which=st.integers(0, 3))
    def use_link(self, which):
        if not self.links:
            return
        link = self.links[which % len(self.links)]
        token, number, codes, words, made_at, fresh = link
        hashes = {code: self.put[code] for code in codes}
        answer = Answer(DecisionKind.APPROVED, hashes)
        if self.tried(lambda: decide_by_link(token=token, answer=answer)):
            assert fresh, "a link counts once"
            assert words == self.put == self.said
            assert number not in self.frozen
            assert now() < max(self.round.deadline, made_at + UNPROVED_DELAY)
            link[-1] = False
            self.remember(number, hashes, way=Way.LINK)

    @rule(number=OTHERS, codes=CODES, proof=st.sampled_from(["code", "callback", "later"]))
    def call(self, number, codes, proof):
        given = {"access": self.made.access, "round_": self.round, **self.who(number)}

        def by_phone():
            read = ""
            if proof == "code":
                send_code(**given)
                read = OutboxMail.objects.filter(template="documents/phone_code").last().context["code"]
            self.last_call = record_call(**given, languages=sorted(codes), code=read)
            if proof == "callback":
                confirm_call(access=self.caller, call=self.last_call)

        if self.tried(by_phone):
            ways = {"code": Way.PHONE_CODE, "callback": Way.PHONE_CALLBACK, "later": Way.PHONE_LATER}
            self.remember(
                number,
                {code: self.put[code] for code in codes},
                way=ways[proof],
                counts_from=now() + UNPROVED_DELAY if proof == "later" else None,
            )
            assert number not in self.frozen

    @rule(number=ORGANISATIONS)
    def disown(self, number):
        """What was decided by link or phone is objected to: before or after it is public."""
        if not self.tried(lambda: object_to_decisions(round_=self.round, **self.who(number))):
            return
        for said in (self.approved, self.relied):
            for key in [one for one, (_at, way) in said.items() if one[0] == number]:
                if said[key][1] != Way.MEMBERS_AREA:
                    del said[key]
        public = Publication.objects.filter(round=self.round, pk__in=self.under).first()
        if public is not None:
            self._goes(number)

    @rule()
    def turn(self):
        """An organisation that was public is so no more."""
        organisation = self.made.organisations[2]
        change_listing(by=self.secretariat[0], organisation=organisation, listing=Listing.CONFIDENTIAL)
        self.hidden.add(2)
        self.looked_at = None


def run(machine, *, examples, steps):
    setup_site()
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],  # shrinking would take minutes: what failed is printed as it was
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_only_what_was_approved_becomes_public():
    run(Everything, examples=6, steps=24)


def test_approved_words_are_said_again_by_those_alone_who_stand_under_them():
    """A machine with fewer rules, so that it comes to this often enough."""
    run(SaysItAgain, examples=14, steps=12)
    assert SaysItAgain.carried
    assert SaysItAgain.published


def test_silence_dates_gaps_and_embargoes_make_public_only_what_may_be():
    """A machine of its own, so that each of these comes about."""
    run(Phases, examples=14, steps=3)
    assert all(Phases.seen.values()), Phases.seen
