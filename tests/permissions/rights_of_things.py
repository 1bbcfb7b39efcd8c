"""What happens to drafts, files and events in the machine of rights: made, kept to some, told, shared by
link, published, withdrawn, subscribed to."""

import datetime
import io

from django.test import Client
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from coalition.accounts.models import Language
from coalition.core.clock import now
from coalition.jobs import scheduler
from coalition.mail.outbox import deliver_due
from documents.approval.actions.decide import approve
from documents.approval.actions.open_round import submit_for_approval
from documents.drafts.access import GuestData
from documents.drafts.actions.manage import change_draft, create_draft, name_version, save_text
from documents.drafts.models import GuestPurpose, Handling
from documents.files.actions import describe_file, upload_file
from documents.guests.actions import make_guest_link, revoke_guest_link
from documents.models import Draft, StoredFile
from documents.publication.actions import publish_approved, withdraw_publication
from events.core.actions.plan import announce_event, move_event, plan_event
from events.core.actions.times import EventPlaceInput, EventTextInput, EventTimesInput
from events.core.enums import EventKind, Visibility
from events.feeds.actions import create_feed, revoke_feed
from events.models import Event
from home import news_mail
from home.models import NewsByMail, NewsPage
from tests.documents.conftest import body
from tests.events.planning.builders import restrict
from tests.permissions.model_of_rights import CREATE, EDIT, LEAD, READ, Thing
from tests.permissions.rights_acts import ACTORS, ORGANISATIONS, PEOPLE, WORKSPACES, Acts
from tests.permissions.rights_world import BELONGS

MARKS = {
    "named": Handling.NAMED_PEOPLE,
    "organisation": Handling.ORGANISATION,
    "workspace": Handling.WORKSPACE,
    "coalition": Handling.COALITION,
    "public": Handling.PUBLIC,
}
MARK = st.sampled_from([*MARKS, "workspace", "public"])
LIST = st.none() | st.frozensets(ORGANISATIONS, min_size=1, max_size=2)
NAMED = st.frozensets(PEOPLE, max_size=2)
WHICH = st.integers(0, 9)
MOST = {"draft": 3, "file": 2, "event": 3}
PDF = "%PDF-1.7\n1 0 obj<</Title({word})>>endobj\ntrailer<<>>\n%%EOF\n"
READER = "reader@tests.example"
KINDS = {"draft": Draft, "file": StoredFile, "event": Event}


class Things(Acts):
    """`things`: the model's; `rows[thing]`: its UUID; `words[thing]`: its canaries by where they stand."""

    def start(self):
        """One of each in several states, so that what happens soon takes something away from somebody."""
        self.write_a_draft("ada", "west", "public", None, frozenset())
        self.write_a_draft("bota", "west", "named", None, frozenset({"asel"}))
        self.bring_a_file("bota", "west", "workspace", None, frozenset())
        self.plan_an_event("bek", "west", None)
        self.announce("bek", 0, "workspace")
        self.share_by_link("ada", 0)
        self.subscribe("asel")
        self.news_by_mail(ends=False)
        assert (len(self.things), len(self.guests), len(self.feeds)) == (4, 1, 1)

    def has(self, kind):
        return [it for it in self.things if it.kind == kind]

    def add(self, it, row):
        self.things.append(it)
        self.rows[it] = row.uuid

    def word(self, it, what):
        """A canary of its own, of letters alone."""
        number = self.things.index(it) if it in self.things else len(self.things)
        return f"Canary{it.kind}{'abcdefghij'[number] * 3}{what}"

    def row(self, it):
        return KINDS[it.kind].objects.get(uuid=self.rows[it])

    def one(self, kind, which):
        found = self.has(kind)
        return found[which % len(found)] if found else None

    def listed(self, names):
        return [self.made.organisations[name] for name in sorted(names or ())]

    def persons(self, names):
        return [self.people[name] for name in sorted(names) if name in self.people]

    def readers(self, it, by, mark, kept_to, named):
        """What the model knows of who reads, once it was said."""
        it.mark, it.kept_to = mark, kept_to
        maker = (
            {self.makers[it]} if self.model.rank(self.makers[it], it.workspace, kept_to) >= READ else set()
        )
        it.named = (named | {by} | maker) if mark == "named" else frozenset()

    @rule(by=ACTORS, workspace=WORKSPACES, mark=MARK, kept_to=LIST, named=NAMED)
    def write_a_draft(self, by, workspace, mark, kept_to, named):
        it = Thing("draft", workspace, BELONGS[by])

        def write():
            access = self.access(by, workspace)
            draft = create_draft(
                access=access,
                title=self.word(it, "title"),
                handling=MARKS[mark],
                restricted_to=self.listed(kept_to),
                named_people=self.persons(named) if mark == "named" else (),
            )
            text = draft.texts.select_related("draft").get(language="kk")
            said = body(self.word(it, "body"))
            save_text(access=access, text=text, title=self.word(it, "headline"), lead="", body=said)
            return draft

        if len(self.has("draft")) < MOST["draft"] and self.tried(
            write, allowed=self.may(by, workspace, CREATE)
        ):
            self.makers[it] = by
            self.readers(it, by, mark, kept_to, named & self.people.keys())
            self.add(it, self.result)

    @rule(by=ACTORS, workspace=WORKSPACES, mark=MARK, kept_to=LIST, named=NAMED)
    def bring_a_file(self, by, workspace, mark, kept_to, named):
        it = Thing("file", workspace, BELONGS[by])
        content = PDF.format(word=self.word(it, "body")).encode()
        given = {
            "content": io.BytesIO(content),
            "size": len(content),
            "name": f"{self.word(it, 'title')}.pdf",
            "handling": MARKS[mark],
            "restricted_to": self.listed(kept_to),
            "named_people": self.persons(named) if mark == "named" else (),
        }
        if len(self.has("file")) < MOST["file"] and self.tried(
            lambda: upload_file(access=self.access(by, workspace), **given),
            allowed=self.may(by, workspace, CREATE),
        ):
            self.makers[it] = by
            self.readers(it, by, mark, kept_to, named & self.people.keys())
            self.add(it, self.result)

    @rule(by=ACTORS, workspace=WORKSPACES, kept_to=LIST)
    def plan_an_event(self, by, workspace, kept_to):
        it = Thing("event", workspace, BELONGS[by], kept_to)
        words = EventTextInput(title=self.word(it, "title"), text=self.word(it, "body"), place="Hall")
        day = (now() + datetime.timedelta(days=3)).date()
        if len(self.has("event")) < MOST["event"] and self.tried(
            lambda: plan_event(
                access=self.access(by, workspace),
                kind=EventKind.MEETING,
                texts=dict.fromkeys(("kk", "ru", "en"), words),
                times=EventTimesInput(day, datetime.time(11)),
                place=EventPlaceInput(online_link="https://t.kz/a"),
                handling=Handling.PUBLIC,
                restricted_to=self.listed(kept_to),
            ),
            allowed=self.may(by, workspace, EDIT),
        ):
            self.makers[it] = by
            self.add(it, self.result)

    @precondition(lambda self: self.has("draft") or self.has("file"))
    @rule(by=ACTORS, which=WHICH, mark=MARK, kept_to=LIST, named=NAMED)
    def say_who_reads(self, by, which, mark, kept_to, named):
        """Mark and list of a draft; of a file, whose list stays, the mark."""
        papers = [it for it in self.things if it.kind != "event"]
        it = papers[which % len(papers)]
        leads = self.may(by, it.workspace, LEAD, it)
        if not leads and (self.may(by, it.workspace, CREATE, it) or self.makers[it] == by):
            return  # editors and makers may some of it: test_handling_marks.py
        people = self.persons(named) if mark == "named" else None
        if it.kind == "file":
            given = {"alt": "", "caption": "", "credit": "", "handling": MARKS[mark], "named_people": people}
            done = self.tried(
                lambda: describe_file(access=self.access(by, it.workspace), file=self.row(it), **given),
                allowed=leads,
            )
            kept_to = it.kept_to
        else:
            given = {"title": self.word(it, "title"), "kind": "statement", "handling": MARKS[mark]}
            given |= {"restricted_to": self.listed(kept_to), "named_people": people}
            done = self.tried(
                lambda: change_draft(access=self.access(by, it.workspace), draft=self.row(it), **given),
                allowed=leads,
            )
        if done:
            self.readers(it, by, mark, kept_to, named & self.people.keys())
            self.model.links -= {
                one for one in self.model.links if one[0] is it and not self.model.opens(one)
            }

    @precondition(lambda self: self.has("event"))
    @rule(by=ACTORS, which=WHICH, kept_to=LIST)
    def keep_an_event_to(self, by, which, kept_to):
        it = self.one("event", which)
        own = self.makers[it] == by or kept_to == it.kept_to  # the same list changes nothing
        allowed = self.may(by, it.workspace, LEAD) or (own and self.may(by, it.workspace, EDIT))
        allowed = allowed and self._in_the_room(by, it)
        if self.tried(
            lambda: restrict(self.access(by, it.workspace), self.row(it), self.listed(kept_to)),
            allowed=allowed,
        ):
            it.kept_to = kept_to

    def _in_the_room(self, by, it):
        return it.kept_to is None or BELONGS[by] in it.kept_to

    @precondition(lambda self: self.has("event"))
    @rule(by=ACTORS, which=WHICH, told=st.sampled_from(["workspace", "coalition", "public"]))
    def announce(self, by, which, told):
        it = self.one("event", which)
        needed = LEAD if told == "public" else EDIT
        if self.tried(
            lambda: announce_event(
                access=self.access(by, it.workspace), event=self.row(it), visibility=Visibility(told)
            ),
            allowed=self.may(by, it.workspace, needed) and self._in_the_room(by, it),
        ):
            it.told = told
            self.slugs[it] = self.row(it).slug or ""

    @precondition(lambda self: self.has("event"))
    @rule(by=ACTORS, which=WHICH, days=st.integers(4, 9))
    def move(self, by, which, days):
        """To another day: who may see it is the same."""
        it = self.one("event", which)
        times = EventTimesInput((now() + datetime.timedelta(days=days)).date(), datetime.time(12))
        self.tried(
            lambda: move_event(access=self.access(by, it.workspace), event=self.row(it), times=times),
            allowed=self.may(by, it.workspace, EDIT) and self._in_the_room(by, it),
        )

    @precondition(lambda self: self.has("draft"))
    @rule(by=ACTORS, which=WHICH)
    def publish(self, by, which):
        """Put to the approval of the coordinator's own organisation, approved and published."""
        it = self.one("draft", which)

        def whole():
            access, draft = self.access(by, it.workspace), self.row(it)
            text = draft.texts.select_related("draft").get(language="kk")
            version = text.versions.last() or name_version(access=access, text=text, name="Agreed")
            round_ = submit_for_approval(
                access=access,
                draft=draft,
                versions=[version],
                organisations=[access.organisation],
                deadline=now() + datetime.timedelta(days=3),
                acknowledged=True,
            )
            hashes = {"kk": version.hash}
            approve(round_=round_, organisation=access.organisation, hashes=hashes, person=access.user)
            return publish_approved(access=access, round_=round_, correction_note="Said better.")

        represents = by in {"ada", "bota", "cora"}
        if represents and self.tried(whole, allowed=self.may(by, it.workspace, LEAD, it)):
            it.told = "public"
            self.remembered.add(it)
            self.slugs[it] = NewsPage.objects.get(publication=self.result).slug
            self.publications[it] = self.result
            self.unsent.add(it)

    @precondition(lambda self: self.publications)
    @rule(by=ACTORS, which=WHICH)
    def withdraw(self, by, which):
        it = sorted(self.publications, key=self.things.index)[which % len(self.publications)]
        if self.tried(
            lambda: withdraw_publication(
                access=self.access(by, it.workspace), publication=self.publications[it], note="Wrong"
            ),
            allowed=self.may(by, it.workspace, LEAD, it),
        ):
            it.told = "nobody"
            self.unsent.discard(it)

    @precondition(lambda self: self.has("draft"))
    @rule(by=ACTORS, which=WHICH)
    def share_by_link(self, by, which):
        it = self.one("draft", which)
        seat = (by, it.workspace, BELONGS[by])
        link = (it, seat, len(self.guests))
        self.model.links.add(link)  # what it would open, if it is made
        who = GuestData("Guest", "guest@tests.example", Language.EN)
        given = {"guest": who, "purpose": GuestPurpose.READ, "reason": "A lawyer"}
        if self.tried(
            lambda: make_guest_link(access=self.access(by, it.workspace), draft=self.row(it), **given),
            allowed=self.model.opens(link) and self.may(by, it.workspace, EDIT, it),
        ):
            self.guests.append((link, *self.result, Client()))
        else:
            self.model.links.discard(link)

    @precondition(lambda self: self.guests)
    @rule(by=ACTORS, which=WHICH)
    def take_a_link_back(self, by, which):
        link, row, _token, _browser = self.guests[which % len(self.guests)]
        if self.tried(
            lambda: revoke_guest_link(access=self.access(by, link[0].workspace), link=row),
            allowed=self.may(by, link[0].workspace, EDIT, link[0]),
        ):
            self.model.links.discard(link)

    @rule(person=PEOPLE)
    def subscribe(self, person):
        """To a calendar address of their own, with what the coalition and everyone are told."""
        if person in self.people and person not in self.feeds and self.model.belongs(person):
            self.feeds[person] = create_feed(
                person=self.people[person], name="Mine", language="kk", with_public=True
            )

    @rule(person=PEOPLE)
    def unsubscribe(self, person):
        if person in self.feeds:
            revoke_feed(person=self.people[person], feed=self.feeds[person][0])
            self.ended_feeds.append(self.feeds.pop(person)[1])

    @rule(ends=st.booleans())
    def news_by_mail(self, ends):
        """Somebody from outside asks for the news, confirms, or ends it."""
        row = NewsByMail.objects.first()
        if ends and row is not None:
            news_mail.end_news(subscription=row)
            self.gets_news = False
        elif not ends and row is None:
            news_mail.request_news(address=READER, language="kk", topics=[])
            news_mail.confirm_news(subscription=NewsByMail.objects.get())
            self.gets_news = True

    @rule()
    def let_work(self):
        """Due work runs and mail leaves."""
        scheduler.run_due(worker="machine")
        deliver_due()
        if self.gets_news:
            self.mailed |= {self.word(it, "headline") for it in self.unsent}
        self.unsent.clear()
