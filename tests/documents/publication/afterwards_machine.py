"""What may happen to what is public, and to those who stand under it, beside any round of
`approving_machine.py`: names that go, freezes, corrections, withdrawals. Both invariants are asked here."""

from django.test import Client
from django.urls import reverse
from hypothesis import strategies as st
from hypothesis.stateful import invariant, rule

from coalition.accounts.models import Freeze, Listing
from coalition.core.clock import now
from coalition.workspaces.actions.workspaces import confirm_thaw, request_freeze, request_thaw
from coalition.workspaces.permissions import NotAllowed
from documents.drafts.access import NoSuchLink
from documents.drafts.models import ApprovalRule, PublicationState, RoundState
from documents.models import Publication
from documents.publication.actions import reaffirm_publication, remove_name, withdraw_publication
from home.models import NewsPage
from tests.documents.approval.builders import stage
from tests.documents.approval.round_machine import ORGANISATIONS
from tests.factories import OfficeFactory

OTHERS = st.integers(1, 3)  # the first is the coordinator's own
CANARY = "Canary"
ELSEWHERE = ["/sitemap.xml", "/calendar.ics", "/en/", "/en/news/", "/en/partners/", "/en/news-by-mail/"]


class Afterwards:
    """Mixed into a machine of rounds. Of four organisations the last is withheld, and the third turns so."""

    def organisations(self):
        made = stage(2)
        for what, listing in {"turned": Listing.PUBLIC, "withheld": Listing.WITHHELD}.items():
            names = {f"name_{code}": f"{CANARY} {what} {code}" for code in ("kk", "ru", "en")}
            made.organisation(listing=listing, **names)
        return made

    def around(self):
        self.frozen, self.left, self.hidden = set(), set(), {3}
        self.under = {}  # publication → [numbers when it became public, numbers now]
        self.silent = {}  # publication → numbers named for saying nothing against it
        self.looked_at = None
        self.reader = Client()
        self.secretariat = [OfficeFactory().person for _one in range(2)]

    def who(self, number):
        organisation = self.made.organisations[number]
        return {"organisation": organisation, "person": self.made.representatives[organisation.pk]}

    def tried(self, act):
        """Rights that are gone and dead links are part of the game too."""
        try:
            return super().tried(act)
        except (NotAllowed, NoSuchLink):
            return False

    @rule(number=ORGANISATIONS)
    def take_off(self, number):
        publication = Publication.objects.filter(pk__in=list(self.under)).last()
        if publication is None:
            return
        stood = any(number in left for _all, left in self.under.values())
        done = self.tried(lambda: remove_name(publication=publication, **self.who(number)))
        assert done == (stood and number not in self.frozen | self.left)
        if done:
            self._goes(number)

    def _goes(self, number):
        """From every version that is or was public."""
        for _all, left in self.under.values():
            left.discard(number)
        self.looked_at = None

    @rule(number=OTHERS)
    def one_goes_from_what_is_public(self, number):
        """So that this happens often enough, also where the rule asks for everyone."""
        self.thaw()
        self.nearly_everyone(without=8)
        self.take_off(number)

    @rule(number=OTHERS)
    def freeze(self, number):
        first, _second = self.secretariat
        if self.tried(
            lambda: request_freeze(by=first, organisation=self.made.organisations[number], reason="A phone")
        ):
            self.frozen.add(number)

    @rule()
    def thaw(self):
        first, second = self.secretariat
        for number in sorted(self.frozen):
            one = Freeze.objects.get(organisation=self.made.organisations[number], thawed_at=None)
            request_thaw(by=first, freeze=one)
            confirm_thaw(by=second, freeze=one)
        self.frozen.clear()

    def let_everyone_in(self):
        self.thaw()

    @rule()
    def correct(self):
        """A new round about what the texts say now."""
        self.round.refresh_from_db()
        if self.round.state == RoundState.PUBLISHED and self.tried(self.put_all):
            self.nearly_everyone(without=8)

    @rule()
    def withdraw_it(self):
        public = self.newest()
        if public is not None and self.tried(
            lambda: withdraw_publication(
                access=self.made.access, publication=public, note="A figure was wrong."
            )
        ):
            self.looked_at = None

    @rule()
    def decide_that_it_stands(self):
        public = self.newest()
        if public is not None and self.tried(
            lambda: reaffirm_publication(access=self.made.access, publication=public)
        ):
            raise AssertionError("names never come back under a text, so its rule cannot hold again")

    def became_public(self, publication, named):
        self.under[publication.pk] = [set(named), set(named)]
        self.looked_at = None

    def newest(self):
        """What is read now: what was corrected is not, also when the correction was withdrawn."""
        found = Publication.objects.filter(
            state=PublicationState.PUBLIC, pk__in=list(self.under), replaced_by=None
        )
        return found.order_by("-number").first()

    @invariant()
    def it_holds_or_a_decision_is_awaited(self):
        if not getattr(self, "under", None):
            return
        public = self.newest()
        if public is None:
            return
        at_first, left = self.under[public.pk]
        spoke = left - self.silent.get(public.pk, set())
        holds = bool(spoke) and (self.by != ApprovalRule.ALL or left == at_first)
        assert holds == (public.awaiting_since is None)

    @invariant()
    def names_are_read_only_where_they_may_be(self):
        if not getattr(self, "under", None) or self.looked_at is not None:
            return
        self.looked_at = now()
        elsewhere = self._read(ELSEWHERE)
        for publication in Publication.objects.filter(pk__in=list(self.under)):
            told = self._told(publication)
            left = self.under[publication.pk][1]
            expected = {self.made.organisations[one].name_en for one in left - self.hidden}
            approvals = self._json(publication)["approvals"]
            assert {one["name"]["en"] for one in approvals["named"]} == expected
            assert approvals["names_withheld"] == len(left & self.hidden)
            silent = self.silent.get(publication.pk, set())
            assert approvals["no_objection"] == len(left & silent)
            assert sum(one["approved"] is None for one in approvals["named"]) == len(
                (left & silent) - self.hidden
            )
            for number, what in {2: "turned", 3: "withheld"}.items():
                everywhere = any(number in one for _all, one in self.under.values())
                if number in self.hidden or not everywhere:
                    self._is_not_told(number, what, told)
                if number in self.hidden:
                    self._is_not_told(number, what, elsewhere)

    def _json(self, publication):
        return self.reader.get(reverse("documents_public:sheet_json", args=[publication.uuid])).json()

    def _is_not_told(self, number, what, told):
        assert f"{CANARY} {what}" not in told
        assert str(self.made.organisations[number].uuid) not in told

    def _told(self, publication):
        """Everything a stranger can read of it."""
        sheet = [
            reverse(f"documents_public:{name}", args=[publication.uuid]) for name in ("sheet", "sheet_json")
        ]
        feeds = [reverse(name) for name in ("news_rss", "news_atom", "news_json")]
        pages = [page.get_url() for page in NewsPage.objects.live().filter(publication=publication)]
        passed_on = [f"{page}pass-on/" for page in pages]
        return self._read([*sheet, *feeds, *pages, *passed_on, reverse("documents_public:sheets")])

    def _read(self, addresses):
        return "\n".join(self.reader.get(address).content.decode() for address in addresses)
