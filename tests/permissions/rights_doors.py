"""What the doors of the product answer: lists, pages, files, search, feeds, guest links, mail."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.core import mail

from coalition.accounts.models import User
from documents.drafts.queries import drafts_for
from documents.files.queries import files_for
from events.core.queries import events_for
from home.search.members import find_for_member
from tests.permissions.cells import SECRET, Target, ask, unfolded
from tests.permissions.model_of_rights import SEE, Thing
from tests.permissions.rights_of_things import READER, Things

LISTS = {"draft": drafts_for, "file": files_for, "event": events_for}


@dataclass(frozen=True)
class Door:
    """An address, and of which things it shows which canary to those who see them. Other words of theirs may
    stand there too."""

    path: str
    shows: dict[str, Thing]


class Doors(Things):
    """`wrong`: every answer that is not what the model says."""

    def may_read(self, who):
        """The canaries that the person may come across anywhere."""
        found = set()
        for it in self.things:
            whole = {self.word(it, what) for what in ("title", "body", "headline")}
            headline = self.word(it, "headline")
            if self.model.sees(who, it):
                found |= whole
            elif it.told == "public":
                found |= {headline, self.word(it, "body")}
            elif it in self.remembered and self.model.rank(who, it.workspace) >= SEE:
                found.add(headline)  # its workspace remembers what was public
        return found

    def inside(self, who, it):
        """Whether the members' area shows it: what everybody is told, it tells to those who belong."""
        everybodys = it.kind == "event" and it.told == "public"
        return self.model.sees(who, it) and (not everybodys or self.model.belongs(who))

    def lists(self, names) -> Iterator[str]:
        """What each list gives these people, whatever session they have."""
        for name in names:
            person = User.objects.get(pk=self.people[name].pk)
            for kind, rows in LISTS.items():
                given = set(rows(person).values_list("uuid", flat=True))
                for it in self.has(kind):
                    if (self.rows[it] in given) != self.inside(name, it):
                        yield f"{self.word(it, '')} in the list of {name}: {self.rows[it] in given}"

    def searches(self, name, *, every: int, first: int) -> Iterator[str]:
        """What a member finds by the very word, beside what everyone finds; for every so many things."""
        person = User.objects.get(pk=self.people[name].pk)
        for it in self.things[first % every :: every]:
            groups = find_for_member(person, self.word(it, "title").lower()).values()
            found = {word for results in groups for one in results for word in SECRET.findall(str(one))}
            if self.word(it, "title") in found and not self.model.sees(name, it):
                yield f"{name} finds {self.word(it, 'title')}"

    def doors(self) -> Iterator[Door]:
        """Every address of the members' area and of the public that has to do with a thing."""
        for workspace, row in self.made.workspaces.items():
            here = [it for it in self.things if it.workspace == workspace]
            for page, kind in (("drafts", "draft"), ("files", "file"), ("activity", ""), ("", "")):
                shown = {self.word(it, "title"): it for it in here if it.kind == kind}
                yield Door(f"/workspaces/{row.uuid}/{page}{'/' if page else ''}", shown)
        for it in self.things:
            title, body, uuid = {self.word(it, "title"): it}, {self.word(it, "body"): it}, self.rows[it]
            if it.kind == "draft":
                yield Door(f"/workspaces/drafts/{uuid}/kk/", title)
                yield Door(f"/workspaces/drafts/{uuid}/kk/versions/", {})
            elif it.kind == "file":
                yield Door(f"/workspaces/files/{uuid}/", title)
                yield Door(f"/workspaces/files/{uuid}/download/", body)
            else:
                yield Door(f"/workspaces/events/{uuid}/", {**title, **body})
                yield Door(f"/workspaces/events/{uuid}/event.ics", title)
        for it in self.things:
            hidden = it.kind == "event" and it.told == "public"  # found by everyone instead
            shown = {} if hidden else {self.word(it, "title"): it}
            yield Door(f"/kk/search/?q={self.word(it, 'title').lower()}", shown)

    def public_doors(self) -> Iterator[tuple[Door, set[str]]]:
        """And what is found there by whoever comes."""
        events = {self.word(it, "title") for it in self.has("event") if it.told == "public"}
        news = {self.word(it, "headline") for it in self.has("draft") if it.told == "public"}
        for path in ("/calendar.ics", "/kk/events/"):
            yield Door(path, {}), events
        for path in ("/kk/news/", "/kk/news/rss.xml", "/kk/news/feed.json"):
            yield Door(path, {}), news
        for it, slug in self.slugs.items():
            word = self.word(it, "body" if it.kind == "draft" else "title")
            path = f"/kk/{'news' if it.kind == 'draft' else 'events'}/{slug or 'none'}/"
            yield Door(path, {}), {word} if it.told == "public" else set()
            query = self.word(it, "headline" if it.kind == "draft" else "title")
            yield Door(f"/kk/search/?q={query.lower()}", {}), {query} if it.told == "public" else set()

    def wrong(self, name, *, every: int, first: int) -> Iterator[str]:
        """What the person's browser is shown and must not be, or is not and must be: every so many doors,
        beginning with one of them."""
        browser = self.browsers.get(name, self.browsers["anonymous"])
        who = name if name in self.model.signed_in else None
        may = self.may_read(who)
        doors = [
            (door, {word for word, it in door.shows.items() if self.inside(who, it)}) for door in self.doors()
        ]
        for door, must in [*doors, *self.public_doors()][first % every :: every]:
            found = ask(browser, Target("", "", door.path), "get")
            yield from self._differing(name, door, found, must, may)

    def _differing(self, name, door, found, must, may) -> Iterator[str]:
        if found - may:
            yield f"{name} reads {sorted(found - may)} at {door.path}"
        if must - found:
            yield f"{name} misses {sorted(must - found)} at {door.path}"

    def wrong_by_token(self) -> Iterator[str]:
        """Guest links, private feeds, and mail to somebody from outside."""
        nobody = self.browsers["anonymous"]
        for link, _row, token, browser in self.guests:
            if self.model.opens(link) and "coalition_opened" not in browser.__dict__:
                browser.post(f"/guest/{token}/")
                browser.__dict__["coalition_opened"] = True
            found = ask(browser, Target("", "", f"/guest/{token}/kk/"), "get")
            words = {self.word(link[0], "headline"), self.word(link[0], "body")}
            must = words if self.model.opens(link) else set()
            yield from self._differing("guest", Door("a guest link", {}), found, must, must)
        for person, (_feed, token) in self.feeds.items():
            found = ask(nobody, Target("", "", f"/calendar/private/{token}.ics"), "get")
            counts = self.model.belongs(person)
            seen = {it for it in self.has("event") if counts and self.model.sees(person, it)}
            must = {self.word(it, "title") for it in seen}
            may = must | {self.word(it, "body") for it in seen}
            yield from self._differing(f"feed of {person}", Door("a private feed", {}), found, must, may)
        for token in self.ended_feeds:
            found = ask(nobody, Target("", "", f"/calendar/private/{token}.ics"), "get")
            yield from self._differing("a feed that ended", Door("a private feed", {}), found, set(), set())
        sent = {
            word
            for one in mail.outbox
            if READER in one.to
            for word in SECRET.findall(unfolded(f"{one.subject}\n{one.body}"))
        }
        if sent != self.mailed:
            yield f"{READER} was written {sorted(sent)}, not {sorted(self.mailed)}"
