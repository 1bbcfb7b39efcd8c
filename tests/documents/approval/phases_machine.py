"""A round in which silence may count, and what time does to it: dates of the draft and of the round, who
could not answer, who is against it, who leaves, gaps that are filled in, a moment to become public."""

import datetime

from django.db.models import F
from django.urls import reverse
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from coalition.core.clock import now
from coalition.roles import SeatRole
from coalition.workspaces.permissions import access_to
from documents.agreement.actions import leave_coalition
from documents.approval.actions.decide import abstain, ask_changes, object_to
from documents.approval.actions.open_round import renew_round, set_phases
from documents.approval.actions.phone import decline_silence, save_asking_table
from documents.canonical.nodes import OPEN_GAP
from documents.drafts.actions.manage import name_version, save_text
from documents.drafts.models import ApprovalRule, PublicationState, RoundState, TextKind, Way
from documents.gaps.actions import fill_gaps
from documents.models import Publication, PublicationName
from documents.publication.embargo.actions import (
    lift_due_embargo,
    schedule_publication,
    unschedule_publication,
)
from tests.documents.approval.round_machine import ORGANISATIONS, WORDS, Approvals
from tests.documents.conftest import body, gap
from tests.documents.publication.afterwards_machine import OTHERS, Afterwards
from tests.factories import seat

HOUR = datetime.timedelta(hours=1)
AGAINST = {"objects", "changes"}
CODE = st.sampled_from(list(WORDS))
MEDDLING = [
    None,
    "object",
    "abstain",
    "ask_for_changes",
    "decline",
    "freeze",
    "shut_out",
    "leave",
    "leave",
    "change_words",
    "mend",
    "take_off",
    "move_the_deadline",
    "put_it_off",
]
PLANS = st.fixed_dictionaries(
    {
        "silent": st.sampled_from([1, None, 2, 3]),
        "gap": st.booleans(),
        "embargo": st.booleans(),
        "who": OTHERS,
        **dict.fromkeys(("during", "late", "scheduled"), st.sampled_from(MEDDLING)),
    }
)


class Phases(Afterwards, Approvals):
    """`seen` counts what came about, so that a run proves something."""

    seen = dict.fromkeys(("silent", "lifted", "filled", "left"), 0)

    @initialize(
        by=st.sampled_from(
            [ApprovalRule.NO_OBJECTION, ApprovalRule.NO_OBJECTION, ApprovalRule.JOINED, ApprovalRule.ALL]
        ),
        plan=PLANS,
    )
    def begin(self, by, plan):
        super().begin(by)
        self.goes_out(plan)

    @rule(plan=PLANS)
    def goes_out(self, plan):
        """A whole round in which somebody says nothing and somebody meddles: so that all of it comes about
        in the few runs there is time for."""
        self.round.refresh_from_db()
        if self.round.state == RoundState.PUBLISHED and not self.tried(self.put_all):
            return
        if plan["gap"]:
            self.leave_a_gap()
        self.put_newer()
        self.answer()
        for number in self.asked() - {plan["silent"]}:
            self.approve(number, {"kk"})
            if number % 2:
                self.rely(number)
            else:
                self.approve(number, {"en"})
        self.meddle(plan["during"], plan["who"])
        if self.by != ApprovalRule.ALL:
            self.expire(96)
        self.meddle(plan["late"], plan["who"])
        if plan["gap"]:
            self.fill_in("Тараз")
        if plan["embargo"]:
            self._schedule()
            self.meddle(plan["scheduled"], plan["who"])
            self.the_moment_comes()
        else:
            self.publish()

    def meddle(self, what, number):
        given = {
            "ask_for_changes": (number, "en"),
            "mend": ("en",),
            "move_the_deadline": (30,),
            "put_it_off": (),
        }
        if what == "change_words":
            self.edit("en", 1)
            self.put_newer()
        elif what == "shut_out":
            self.freeze(number, thawed_at_once=True)
        elif what is not None:
            getattr(self, what)(*given.get(what, (number,)))

    def around(self):
        super().around()
        save_asking_table(by=self.secretariat[0], rows=[], allows_no_objection=True)
        editor = seat(workspace=self.made.workspace, role=SeatRole.EDITOR)
        self.editor = access_to(editor.person, self.made.workspace.uuid)
        self.made.draft.kind = TextKind.HOLDING
        self.made.draft.save()
        self.final_from, self.moment = None, None
        self.declined, self.freezes = set(), []  # freezes: [number, from, until]

    def put_all(self):
        super().put_all()
        self.decided = {}  # (organisation, hash) → what it said of these words last
        self.last = {}  # (organisation, language) → what it said last of any
        self.heard()

    def heard(self):
        """Who can object is told of the words put: from then on its silence can mean something."""
        self.told = {one: now() for one in range(4) if one not in self.frozen | self.left}

    @rule()
    def put_newer(self):
        before = dict(self.put)
        super().put_newer()
        if self.put != before:
            assert self.by != ApprovalRule.NO_OBJECTION or self.round.deadline >= now() + 24 * HOUR
            assert self.by != ApprovalRule.JOINED or self.round.deadline > now()
            self.heard()

    @rule(hours=st.sampled_from([1, 30, 60]))
    def move_the_deadline(self, hours):
        at = now() + hours * HOUR
        earlier = at < self.round.deadline
        if self.tried(lambda: renew_round(access=self.made.access, round_=self.round, deadline=at)):
            assert self.by != ApprovalRule.NO_OBJECTION or not earlier or hours >= 24, (
                "there is a day to object"
            )
            self.round.refresh_from_db()

    # What organisations say

    def remember(self, number, hashes, **given):
        super().remember(number, hashes, **given)
        self.say(number, hashes, "approved")

    def rely(self, number):
        before = self.relied.get((number, self.put["en"]))
        super().rely(number)
        if self.relied.get((number, self.put["en"])) != before:  # said after whatever it said of English
            self.decided[number, self.put["en"]] = self.last[number, "en"] = "relies"

    def say(self, number, hashes, what):
        for code, digest in hashes.items():
            self.decided[number, digest] = self.last[number, code] = what
            if what != "approved":
                self.approved.pop((number, digest), None)
                self.relied.pop((number, digest), None)

    @rule(number=ORGANISATIONS)
    def object(self, number):
        self._aside(number, object_to, "objects")

    @rule(number=ORGANISATIONS)
    def abstain(self, number):
        self._aside(number, abstain, "abstains")

    def _aside(self, number, act, what):
        if self.tried(lambda: act(round_=self.round, hashes=self.put, **self.who(number))):
            self.say(number, self.put, what)

    @rule(number=ORGANISATIONS, code=CODE)
    def ask_for_changes(self, number, code):
        words = {"language": code, "digest": self.put[code], "reason": "Say when."}
        if self.tried(lambda: ask_changes(round_=self.round, **words, **self.who(number))):
            self.say(number, {code: self.put[code]}, "changes")

    @rule(number=OTHERS)
    def decline(self, number):
        if self.tried(lambda: decline_silence(**self.who(number))):
            self.declined.add(number)

    @rule(number=OTHERS, thawed_at_once=st.booleans())
    def freeze(self, number, thawed_at_once=False):
        """Also for an hour within the notice: who was shut out then could not object."""
        if number in self.left | self.frozen:
            return
        super().freeze(number)
        if number in self.frozen:
            self.freezes.append([number, now(), None])
        if thawed_at_once:
            self.expire(1)
            self.thaw()

    @rule()
    def thaw(self):
        super().thaw()
        for one in self.freezes:
            one[2] = one[2] or now()

    @rule(number=OTHERS, drop=st.booleans())
    def leave(self, number, drop=True):
        named = PublicationName.objects.filter(organisation=self.who(number)["organisation"])
        under = [name.publication for name in named.filter(taken_off_at=None)] if drop else []
        if self.tried(lambda: leave_coalition(**self.who(number), drop=under)):
            assert number not in self.frozen | self.left
            self.left.add(number)
            self.seen["left"] += 1
            if under:
                self._goes(number)

    # The words

    @rule(hours=st.sampled_from([None, -1, 20]))
    def say_the_dates(self, hours):
        self.final_from = None if hours is None else now() + hours * HOUR
        dates = {"comments_until": self.final_from, "joining_until": self.final_from}
        set_phases(access=self.made.access, draft=self.made.draft, final_from=self.final_from, **dates)

    @rule(code=CODE)
    def somebody_else_edits(self, code):
        words = {"title": "A law on harassment", "lead": "", "body": body(WORDS[code][-1])}
        if self.tried(lambda: save_text(access=self.editor, text=self.made.text(code), **words)):
            assert self.final_from is None or self.final_from > now(), "the text was final"
            self.edit(code, len(WORDS[code]) - 1)

    @rule()
    def leave_a_gap(self):
        """And put it, with everyone's approval: a place is filled in later."""
        whole = body(WORDS["kk"][0])
        whole["content"] += gap()["content"]
        text = self.made.text("kk")
        save_text(access=self.made.access, text=text, title="A law on harassment", lead="", body=whole)
        text = self.made.text("kk")
        self.versions["kk"] = text.versions.filter(hash=text.content_hash).first() or name_version(
            access=self.made.access, text=text, name="With a gap"
        )
        self.said["kk"] = text.content_hash
        self.put_newer()

    @rule(place=st.sampled_from(["Тараз", "Тараз", "Біз кінәлі емеспіз"]))
    def fill_in(self, place):
        def fill():
            (self.filling,) = fill_gaps(
                access=self.made.access,
                round_=self.round,
                values={"kk": {"Place": place}},
                acknowledged=True,
            )

        if not self.tried(fill):
            return
        assert place == "Тараз"
        before, after = self.put["kk"], self.filling.after.hash
        self.differ_by_little(before, after)
        self.versions["kk"] = self.filling.after
        self.said["kk"] = self.put["kk"] = after
        for number in range(4):
            if (number, before) in self.decided:
                self.decided[number, after] = self.decided[number, before]

    # A moment to become public

    @rule(without=st.integers(0, 8))
    def schedule_it(self, without):
        self.nearly_everyone(without, then=self._schedule)

    def _schedule(self):
        def at_that_moment():
            self.moment = schedule_publication(access=self.made.access, round_=self.round, at=now() + HOUR)
            self.scheduled = dict(self.put)

        self.tried(at_that_moment)

    @rule()
    def put_it_off(self):
        if self.moment and self.tried(
            lambda: unschedule_publication(access=self.made.access, publication=self.moment)
        ):
            self._nothing_comes_of(PublicationState.PLANNED)

    @rule()
    def the_worker_is_early(self):
        """The database says that the moment has not come."""
        if self.moment and self._state() == PublicationState.SCHEDULED:
            lift_due_embargo(str(self.moment.uuid), {})
            self._nothing_comes_of(PublicationState.SCHEDULED)

    @rule()
    def the_moment_comes(self):
        if not self.moment:
            return
        state = self._state()
        Publication.objects.filter(pk=self.moment.pk).update(scheduled_at=F("scheduled_at") - 10**5 * HOUR)
        lift_due_embargo(str(self.moment.uuid), {})
        if state == PublicationState.SCHEDULED and self._state() == PublicationState.PUBLIC:
            assert self.scheduled == self.put, "outlets had read other words"
            self.look_at_what_became_public()
            self.seen["lifted"] += 1
        elif state == PublicationState.SCHEDULED:
            self._nothing_comes_of(PublicationState.PLANNED)

    def _state(self):
        self.moment.refresh_from_db()
        return self.moment.state

    def _nothing_comes_of(self, state):
        assert self._state() == state
        self.round.refresh_from_db()
        assert self.round.state != RoundState.PUBLISHED

    @invariant()
    def nothing_is_read_before(self):
        moment = getattr(self, "moment", None)
        if moment is None or self._state() not in {PublicationState.PLANNED, PublicationState.SCHEDULED}:
            return
        for name in ("sheet", "sheet_json"):
            address = reverse(f"documents_public:{name}", args=[moment.uuid])
            assert self.reader.get(address).status_code == 404

    # What may become public

    def asked(self):
        return super().asked() - self.left

    def may_be_named(self, number, public):
        if number in self.left:
            return False
        return self._stands(number, public) or self._is_silent(number, public)

    def _is_silent(self, number, public):
        told, deadline = self.told.get(number), self.round.deadline
        shut_out = any(
            one == number and began < deadline and (until is None or told is None or until > told)
            for one, began, until in self.freezes
        )
        spoke = any(
            self.decided.get((number, digest), "approved") != "approved"
            or self.last.get((number, code), "approved") != "approved"
            for code, digest in public.items()
        )
        could = told is not None and number not in self.declined | self.frozen and not shut_out
        return self.by == ApprovalRule.NO_OBJECTION and now() >= deadline and could and not spoke

    def became_public(self, publication, named):
        assert not publication.texts.filter(version__canonical__contains=OPEN_GAP).exists()
        public = {text.language: text.hash for text in publication.texts.all()}
        silent = {one for one in named if not self._stands(one, public)}
        rows = publication.names.filter(way=Way.NO_OBJECTION)
        assert {row.organisation_id for row in rows} == {self.made.organisations[one].pk for one in silent}
        if self.by == ApprovalRule.NO_OBJECTION:
            for number in self.asked():
                self._is_not_against(number, public)
        super().became_public(publication, named)
        self.silent[publication.pk] = silent
        self.seen["silent"] += bool(silent)
        self.seen["filled"] += publication.round.fillings.filter(after__hash=public["kk"]).exists()

    def _is_not_against(self, number, public):
        for code, digest in public.items():
            here = self.decided.get((number, digest))
            assert here not in AGAINST
            assert here is not None or self.last.get((number, code)) != "objects"
