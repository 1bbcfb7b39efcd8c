"""The round of `approving_machine.py`, and another text that says exactly its words: who stands under all of
them is not asked again, and nobody's name stands under words it did not approve."""

from hypothesis import strategies as st
from hypothesis.stateful import rule

from documents.approval.actions.decide import object_to
from documents.approval.actions.inherit import reopen_inherited_approvals
from documents.drafts.models import ApprovalRule, PublicationState, RoundState, Way
from documents.models import Approval, Publication
from documents.publication.actions import publish_approved
from tests.documents.approval.inherited_builders import another, framed, versions_put
from tests.documents.approval.round_machine import WORDS, Approvals

MAYBE_ONE = st.integers(0, 9)  # an organisation, or more often none


class SaysItAgain(Approvals):
    """`carried` and `published` count how often it happened, so that a run proves something."""

    carried = published = 0

    @rule(
        after_all=st.booleans(),
        against=MAYBE_ONE,
        anew=MAYBE_ONE,
    )
    def say_it_again(self, after_all, against, anew):
        if after_all:
            self.let_everyone_in()
            self.everyone_approves()
        may = self._may_be_carried()
        letter = self._put_again()
        if letter is None:
            return  # somebody is frozen
        again = letter.draft.rounds.get()
        carried = self._carried(again)
        assert carried <= may, "somebody was not asked who does not stand under these words"
        SaysItAgain.carried += len(carried)
        if anew in carried:
            reopen_inherited_approvals(round_=again, **self._who(anew))
            may.discard(anew)
        if against in range(4) and self._objects(against):
            may.discard(against)
        if self.by == ApprovalRule.JOINED:
            self.expire(96)
        if self.tried(lambda: publish_approved(access=letter.access, round_=again)):
            publication = Publication.objects.get(round=again)
            named = {self._number(name.organisation_id) for name in publication.names.all()}
            assert named <= may, "a name was carried under words that it does not stand under"
            assert named
            SaysItAgain.published += 1
            if again.rule == ApprovalRule.ALL:
                assert named == set(range(4))

    def let_everyone_in(self):
        """Who cannot answer at the moment can."""

    def everyone_approves(self):
        self.round.refresh_from_db()
        if self.round.state == RoundState.PUBLISHED:
            self.tried(self.put_all)
        self.put_newer()
        self.answer()
        for number in range(4):
            self.approve(number, {"kk"})
            if number % 2:
                self.rely(number)
            else:
                self.approve(number, {"en"})

    def _may_be_carried(self):
        """Whose decisions on all words stand: in the open round, or under what is public of it now."""
        self.round.refresh_from_db()
        standing = {number for number in range(4) if self._stands(number, self.put)}
        if self.round.state == RoundState.OPEN:
            return standing
        public = Publication.objects.filter(
            round=self.round, state=PublicationState.PUBLIC, replaced_by=None
        ).first()
        if public is None:
            return set()
        left = public.names.filter(taken_off_at=None).values_list("organisation", flat=True)
        return standing & {self._number(one) for one in left}

    def _put_again(self):
        letter = another(self.made)
        sources = versions_put(self.round)
        versions = [framed(letter, [sources[code]], code) for code in WORDS]
        return letter if self.tried(lambda: letter.put(versions=versions, rule=self.by)) else None

    def _carried(self, round_):
        rows = Approval.objects.filter(round=round_, way=Way.CARRIED_OVER)
        whole = {}
        for row in rows:
            whole.setdefault(self._number(row.organisation_id), set()).add(row.language)
        assert all(codes == set(WORDS) for codes in whole.values()), "all of it, or nothing"
        return set(whole)

    def _objects(self, number):
        """To the source, after its words went into another text."""
        done = self.tried(lambda: object_to(round_=self.round, hashes=self.put, **self._who(number)))
        if done:
            for digest in self.put.values():
                self.approved.pop((number, digest), None)
                self.relied.pop((number, digest), None)
        return done

    def _who(self, number):
        organisation = self.made.organisations[number]
        return {"organisation": organisation, "person": self.made.representatives[organisation.pk]}

    def _number(self, organisation):
        return [one.pk for one in self.made.organisations].index(organisation)
