"""A round as a state machine: edit, put, approve, rely, attest, object, mend, expire, publish; beside the
database a plain memory of what was really said. `test_approval_machine.py` adds everything around it."""

import datetime
from contextlib import ExitStack

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from coalition.core.clock import freeze_clock_at, now
from coalition.core.errors import Refused
from coalition.roles import SeatRole
from coalition.workspaces.permissions import access_to
from documents.approval.actions.decide import approve, attest, object_to
from documents.approval.actions.open_round import renew_round
from documents.approval.actions.typo_fixes import confirm_typo_fix, propose_typo_fix
from documents.drafts.actions.manage import name_version
from documents.drafts.models import ApprovalRule, Way
from documents.models import Publication
from documents.publication.actions import publish_approved
from tests.documents.approval.builders import Stage, stage
from tests.factories import seat

WORDS = {
    "kk": ["Біз заң сұраймыз.", "Біз жаңа заң сұраймыз."],
    "en": ["We ask for a law on harasment.", "We ask for a law on harassment.", "We ask for an act."],
}
ORGANISATIONS = st.integers(0, 3)


class Approvals(RuleBasedStateMachine):
    """Beside the database a plain memory of what was really said: who approved which words, who relied on
    which, for which pairs somebody answered, which words differ by a slip of the pen only."""

    @initialize(by=st.sampled_from([ApprovalRule.JOINED, ApprovalRule.ALL]))
    def begin(self, by):
        self.stack = ExitStack()
        self.stack.enter_context(transaction.atomic())
        self.made, self.by = self.organisations(), by
        self.versions = {code: self.made.version(words[0], code) for code, words in WORDS.items()}
        self.said = {code: version.hash for code, version in self.versions.items()}  # what the texts say
        self.answered = set()
        self.around()
        self.put_all()
        reviewer = seat(
            workspace=self.made.workspace, role=SeatRole.REVIEWER, organisation=self.made.organisations[1]
        )
        self.reviewer = access_to(reviewer.person, self.made.workspace.uuid)

    def organisations(self) -> Stage:
        """Four of them."""
        return stage(4)

    def around(self):
        """What else there is."""

    def put_all(self):
        """A round of its own, in which nobody has said anything."""
        asked = [self.made.organisations[number] for number in sorted(self.asked())]
        self.round = self.made.put(versions=list(self.versions.values()), rule=self.by, organisations=asked)
        self.put = dict(self.said)
        self.approved, self.relied, self.same = {}, {}, {}  # (organisation, hash) → from when, and how

    def teardown(self):
        if hasattr(self, "stack"):
            transaction.set_rollback(True)
            self.stack.close()

    def tried(self, act):
        """Whether it was taken; refusals are part of the game."""
        try:
            with transaction.atomic():
                act()
        except Refused:
            return False
        return True

    @rule(code=st.sampled_from(list(WORDS)), which=st.integers(0, 2))
    def edit(self, code, which):
        text = self.made.write(WORDS[code][which % len(WORDS[code])], code)
        known = text.versions.filter(hash=text.content_hash).first()
        self.versions[code] = known or name_version(access=self.made.access, text=text, name="Again")
        self.said[code] = text.content_hash

    @rule()
    def put_newer(self):
        newer = [self.versions[code] for code in WORDS if self.said[code] != self.put[code]]
        if newer and self.tried(
            lambda: renew_round(access=self.made.access, round_=self.round, versions=newer, acknowledged=True)
        ):
            self.put = dict(self.said)

    @rule(number=ORGANISATIONS, codes=st.sets(st.sampled_from(list(WORDS)), min_size=1))
    def approve_some(self, number, codes):
        self.approve(number, codes)

    def approve(self, number, codes):
        hashes = {code: self.put[code] for code in codes}
        if self.tried(lambda: self._give(number, hashes)):
            assert self.by != ApprovalRule.JOINED or now() < self.round.deadline, (
                "nobody joins after the deadline"
            )
            self.remember(number, hashes)

    def remember(self, number, hashes, *, way=Way.MEMBERS_AREA, counts_from=None):
        """What was approved: whatever was said of these words before, this takes its place."""
        for digest in hashes.values():
            self.approved[number, digest] = (counts_from or now(), way)
            self.relied.pop((number, digest), None)

    @rule(without=st.integers(0, 8))
    def nearly_everyone(self, without, then=None):
        """So that something is published often enough to prove anything."""
        self.put_newer()
        self.answer()
        for number in set(range(4)) - {without}:
            self.approve(number, {"kk"})
            if number % 2:
                self.rely(number)
            else:
                self.approve(number, {"en"})
        if self.by != ApprovalRule.ALL:
            self.expire(96)
        (then or self.publish)()

    @rule(number=ORGANISATIONS)
    def rely_on_english(self, number):
        self.rely(number)

    def rely(self, number):
        own, other = self.put["kk"], self.put["en"]
        if self.tried(lambda: self._give(number, {"kk": own}, {"en": other})):
            self.remember(number, {"kk": own})
            self.relied[number, other] = (now(), Way.MEMBERS_AREA)
            self.approved.pop((number, other), None)

    def _give(self, number, hashes, relies=None):
        organisation = self.made.organisations[number]
        approve(
            round_=self.round,
            organisation=organisation,
            hashes=hashes,
            relies=relies,
            person=self.made.representatives[organisation.pk],
        )

    @rule(number=ORGANISATIONS)
    def object(self, number):
        organisation = self.made.organisations[number]
        if self.tried(
            lambda: object_to(
                round_=self.round,
                organisation=organisation,
                hashes=self.put,
                person=self.made.representatives[organisation.pk],
            )
        ):
            for digest in self.put.values():
                self.approved.pop((number, digest), None)
                self.relied.pop((number, digest), None)

    @rule()
    def answer(self):
        pair = self.put["kk"], self.put["en"]
        if self.tried(
            lambda: attest(
                access=self.reviewer,
                round_=self.round,
                translation=("en", pair[1]),
                source=("kk", pair[0]),
            )
        ):
            self.answered.add(pair)

    @rule(code=st.sampled_from(list(WORDS)))
    def mend(self, code):
        def all_of_it():
            slip = propose_typo_fix(access=self.made.access, round_=self.round, language=code)
            for organisation in self.made.organisations[1:3]:
                person = self.made.representatives[organisation.pk]
                confirm_typo_fix(slip=slip, organisation=organisation, person=person)
            self.slip = slip

        if self.tried(all_of_it):
            assert code == "en", "the words in Kazakh never differ by a slip"
            self.differ_by_little(self.slip.before.hash, self.slip.after.hash)

    def differ_by_little(self, before, after):
        """What was said of the words before counts for those after in this round; who answered for a
        translation answers for it in later ones too."""
        self.same.setdefault(after, set()).add(before)
        kept = {tuple(after if one == before else one for one in pair) for pair in self.answered}
        self.answered |= kept

    @rule(hours=st.sampled_from([25, 96]))
    def expire(self, hours):
        """A day, after which a call counts; or as many that the deadline has passed and links are dead."""
        self.stack.enter_context(freeze_clock_at(now() + datetime.timedelta(hours=hours)))

    @rule()
    def try_to_publish(self):
        self.publish()

    def publish(self):
        """The publication, if it came about; who stands under it said these words, as its rule wants."""
        if not self.tried(lambda: publish_approved(access=self.made.access, round_=self.round)):
            return None
        return self.look_at_what_became_public()

    def look_at_what_became_public(self):
        publication = Publication.objects.get(round=self.round)
        public = {text.language: text.hash for text in publication.texts.all()}
        assert public == self.said == self.put
        numbers = {one.pk: number for number, one in enumerate(self.made.organisations)}
        named = {numbers[name.organisation_id] for name in publication.names.all()}
        for number in named:
            assert self.may_be_named(number, public), f"organisation {number} did not approve these words"
        assert any(self._stands(number, public) for number in named)
        if self.by == ApprovalRule.ALL:
            assert named == self.asked()
        self.became_public(publication, named)
        return publication

    def asked(self):
        """Of whom *all* is all."""
        return set(range(4))

    def may_be_named(self, number, public):
        return self._stands(number, public)

    def became_public(self, publication, named):
        """For what is around the round."""

    def _stands(self, number, public):
        kk, en = self._as_said(public["kk"]), self._as_said(public["en"])
        reads_kk, reads_en = self._counts(self.approved, number, kk), self._counts(self.approved, number, en)
        relies = self._counts(self.relied, number, en)
        answered = any((one, other) in self.answered for one in kk for other in en)
        return reads_kk and (reads_en or (relies and answered))

    def _counts(self, said, number, digests):
        return any(said[number, one][0] <= now() for one in digests if (number, one) in said)

    def _as_said(self, digest):
        """The words, and those they differ from by slips of the pen only."""
        found, waiting = {digest}, [digest]
        while waiting:
            more = self.same.get(waiting.pop(), set()) - found
            found |= more
            waiting.extend(more)
        return found
