"""Media packages: every role and every holder of a link asks for every address of theirs, and for what lies
around.

`test_leaks.py` asks for all other addresses.
"""

import re
import zlib
from collections.abc import Iterator

import pytest
from django.core import mail
from django.db import connection
from django.test import Client
from django.urls import reverse

from coalition.campaigns.media_package.models import PackageLink, Rendition
from coalition.campaigns.media_package.outlets.actions import end_link
from coalition.mail.outbox import deliver_due
from coalition.workspaces.permissions import access_to
from tests.campaigns.media_package.outlets.builders import agreed as agree_by_link
from tests.conftest import sign_in
from tests.permissions import surfaces
from tests.permissions.cells import METHODS, SECRET, Target, ask, targets, unfolded
from tests.permissions.chosen import part_of, this_part
from tests.permissions.media_world import (
    AGREED,
    ASKED,
    BLOGGER,
    ENDED,
    HOLDERS,
    KNOWING,
    OFFICER,
    PARTNER,
    SILENT,
    STATES,
    TOLD,
    Media,
    add_media,
)
from tests.permissions.world import World, peopled

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.slow,
    pytest.mark.timeout(1800),  # long on a busy machine
]
OURS = ("/media/", "/media-package/", "/media-answer/")
ASKING = ("anonymous", "observer", "contributor", "editor", "coordinator", "admitted", "representative")
ASKING += ("neighbour", "secretariat", OFFICER, PARTNER)
WRITTEN = ("title", "body", "credit", "description")  # in an item's text
CONTACT = ("contactname", "contactphone", "contactmail")
FEEDS = ("/sitemap.xml", "/calendar.ics", "/kk/news/rss.xml", "/kk/news/atom.xml", "/kk/news/feed.json")
PAGES = (
    "/kk/",
    "/en/",
    "/kk/news/",
    "/kk/publications/",
    "/en/publications/",
    "/kk/events/",
    "/kk/partners/",
)
SEARCHES = tuple(f"/kk/search/?q=canarymedia{state[5:]}" for state in STATES)


@pytest.fixture(scope="module")
def there(file_site: None) -> Media:
    return add_media(peopled())


def ours(made: World) -> list[Target]:
    every = targets(surfaces.listed()["urls"], made.things)
    return [one for one in every if any(part in one.pattern for part in OURS)]


def browser(made: World, role: str) -> Client:
    return Client() if role == "anonymous" else sign_in(Client(), made.people[role])


def ways(target: Target, role: str) -> tuple[str, str]:
    """GET, and one of the other ways, so that all roles and addresses together ask in all of them."""
    others = METHODS[1:]
    return METHODS[0], others[zlib.crc32(f"{role} {target.name}".encode()) % len(others)]


@this_part
@pytest.mark.parametrize("role", ASKING)
def test_nobody_reads_what_is_not_for_them(there: Media, role: str, part: int) -> None:
    made, client = there.made, browser(there.made, role)
    asked = ours(made)
    assert {path for path in OURS if any(path in one.pattern for one in asked)} == set(OURS)
    leaks = {
        (method, one.name, word)
        for one in asked
        if part_of(one) == part
        for method in ways(one, role)
        for word in ask(client, one, method)
        if not made.may_read(role, word, one.state)
    }
    assert sorted(leaks) == []


def test_everything_that_could_leak_is_shown_to_somebody(there: Media) -> None:
    """At addresses of packages alone; drafts, rounds and files are asked for in `test_leaks.py`."""
    made = there.made
    clients = {role: browser(made, role) for role in {"coordinator", OFFICER, PARTNER, *KNOWING.values()}}
    seen: dict[str, set[str]] = {}
    for one in ours(made):
        for role in {KNOWING.get(one.state, "coordinator"), OFFICER, PARTNER} & clients.keys():
            seen.setdefault(role, set()).update(ask(clients[role], one, "get"))
    found = set().union(*seen.values())
    for state, who in STATES.items():
        assert f"canary{state}name" in found
        if who.files:
            assert f"Canary{state}filewords" in found
    assert {f"Canarymedia{one.replace('_', '')}outlet" for one in HOLDERS - {BLOGGER}} <= seen[OFFICER]
    assert {f"Canarymedia{one.replace('_', '')}address" for one in HOLDERS - {BLOGGER}} <= seen[OFFICER]
    assert {"Canarymediacontactphone", "Canarymediacontactoutlet"} <= seen[OFFICER]
    assert {f"Canarymediakept{one}" for one in CONTACT} <= seen[PARTNER]
    assert "Canarymediaairingprogramme" in seen[OFFICER]
    assert "Canarymediauploadname" in seen["editor"]
    assert "Canarymediauploadname" not in seen["coordinator"]


def own(media: Media, holder: str, *, every_file: bool = False) -> Iterator[Target]:
    """All addresses of an outlet's link: its page, the archive, each file of its package, or of any."""
    token = media.made.things[f"media_link_{holder}"]["token"]
    yield Target("page", holder, reverse("media_package_link", args=[token]))
    yield Target("archive", holder, reverse("media_package_link_zip", args=[token]))
    for row in Rendition.objects.select_related("item").order_by("pk"):
        if every_file or row.item.package_id == media.links[holder].package_id:
            path = reverse("media_package_link_file", args=[token, row.uuid, row.file_name])
            yield Target("file", holder, path)


def reached(media: Media, holder: str, **kwargs: bool) -> set[str]:
    client = Client()
    return {
        word
        for target in own(media, holder, **kwargs)
        for method in METHODS
        if method != "post"
        for word in ask(client, target, method)
    }


def words(state: str, *, files: bool = True) -> set[str]:
    """What an outlet that may take an item reads of it."""
    found = {f"Canary{state}{one}" for one in WRITTEN} | {f"canary{state}name"}
    return found | {f"Canary{state}filewords"} if files else found


def frame(package: str, holder: str) -> set[str]:
    """What stands on the page of every link: the package, its press contact, the outlet itself."""
    outlet = f"Canarymedia{holder.replace('_', '')}outlet"
    return {f"Canary{package}{one}" for one in ("title", *CONTACT)} | {f"canary{package}slug", outlet}


def test_an_outlet_that_agreed_takes_what_is_approved_and_nothing_else(there: Media) -> None:
    taken = {f"canary{state}name" for state in ("mediadropped", "mediawithdrawn", "medialicence")}
    given = words("mediapublic") | words("mediascheduled")
    logged = {
        "Canarymediaairingtitle",
        "Canarymediaairingprogramme",
    }  # by this outlet: it sees its own airing
    assert reached(there, AGREED, every_file=True) == frame("mediaopen", AGREED) | given | taken | logged
    held = words("mediahidden") | words("mediaheld")
    assert reached(there, TOLD, every_file=True) == frame("mediakept", TOLD) | held


def test_an_outlet_that_did_not_agree_learns_nothing_of_what_is_under_embargo(there: Media) -> None:
    assert reached(there, SILENT, every_file=True) == frame("mediaopen", SILENT) | words("mediapublic")
    greeted = {f"Canarymediakept{one}" for one in CONTACT} | {"Canarymediakeptsilentoutlet"}
    assert reached(there, ASKED, every_file=True) == greeted


def test_a_press_of_the_button_opens_it_and_an_ended_link_nothing(there: Media) -> None:
    assert reached(there, ENDED, every_file=True) == set()
    link = PackageLink.objects.get(pk=there.links[ASKED].pk)
    agree_by_link(link)
    assert words("mediahidden") <= reached(there, ASKED)
    access = access_to(there.made.people["coordinator"], there.made.workspace.uuid)
    end_link(access=access, link=link)
    assert reached(there, ASKED) == set()


def test_a_posted_airing_shows_no_more_than_the_page(there: Media) -> None:
    for holder in (SILENT, ASKED, ENDED):
        page = next(own(there, holder))
        for act in ("aired", ""):
            answer = Client().post(page.path, {"act": act, "item": str(there.items["mediahidden"].uuid)})
            found = set(SECRET.findall(answer.content.decode()))
            assert found <= reached(there, holder)


@pytest.mark.parametrize("holder", [AGREED, SILENT, BLOGGER])
def test_an_answer_link_shows_its_own_notice(there: Media, holder: str) -> None:
    token = there.made.things[f"media_answer_{holder}"]["token"]
    target = Target("answer", holder, reverse("media_answer", args=[token]))
    found = {word for method in METHODS for word in ask(Client(), target, method)}
    page = {"canarymediaopenslug"} if holder == BLOGGER else set()  # where everybody takes the new file
    assert found == {"canarymediapublicname"} | page


def test_an_address_for_corrections_shows_itself(there: Media) -> None:
    token = there.made.things["media_address"]["token"]
    target = Target("address", BLOGGER, reverse("media_address", args=[token]))
    assert ask(Client(), target, "get") == {"Canarymediabloggeraddress", "Canarymediaopentitle"}


def answer_about(words: str) -> str:
    """The page of the answer without what was asked, and what is new at every request."""
    answer = Client().get("/en/media/current/", {"file": words})
    assert answer.status_code == 200
    body = re.sub(r'nonce="[^"]*"', "", answer.content.decode().replace(words, "…"))
    return re.sub(r"\?file=[^\"&]*", "", body)


def test_what_never_was_public_is_not_told_from_what_is_not_ours(there: Media) -> None:
    for state in ("mediaawaiting", "mediarestricted", "mediabeyond"):
        file = there.items[state].renditions.get()
        assert answer_about(file.file_name) == answer_about("poster-of-nobody_document_v1.txt")
        assert answer_about(file.sha256) == answer_about("0" * 64)


def test_what_may_not_be_used_is_answered_without_reasons(there: Media) -> None:
    """One taken under embargo alone is known by its SHA-256 only: names can be guessed. Who has the bytes is
    told the name of the file."""
    ended = ("mediawithdrawn", "medialicence", "mediaconsent", "mediadropped")
    files = {state: there.items[state].renditions.get() for state in (*ended, "mediapublic")}
    named = {state: answer_about(file.file_name) for state, file in files.items()}
    hashed = {state: answer_about(file.sha256).replace(file.file_name, "…") for state, file in files.items()}
    for told in (named, hashed):
        assert "You may use this file" in told.pop("mediapublic")
        assert "do not use this file" in told["mediawithdrawn"]
        assert SECRET.findall("".join(told.values())) == []
    assert named.pop("mediadropped") == answer_about("poster-of-nobody_document_v1.txt")
    assert set(named) | {"mediadropped"} == set(hashed) == set(ended)
    assert len(set(named.values())) == len(set(hashed.values())) == 1


def test_public_pages_around_show_what_is_public(there: Media) -> None:
    public = {word for word, roles in there.made.audience.items() if "anonymous" in roles}
    found = {}
    for path in (*PAGES, *FEEDS, *SEARCHES, "/kk/media/", "/en/media/"):
        answer = Client().get(path)
        assert answer.status_code == 200, path
        found[path] = ask(Client(), Target(path, "", path), "get")
    assert {path: sorted(words - public) for path, words in found.items() if words - public} == {}
    assert {"Canarymediaopentitle", "canarymediaopenslug"} <= found["/kk/media/"]
    assert found["/kk/"] == set()
    assert {word for path in FEEDS for word in found[path]} <= {
        f"canary{one}slug" for one in ("mediaopen", "mediaelsewhere")
    }


def test_mails_to_outlets_hold_what_is_promised(there: Media) -> None:
    """Of links: no title of what is under embargo. Of notices: the item's name, and of files they took."""
    deliver_due()
    names = {f"canary{state}name" for state in ("mediapublic", "mediawithdrawn", "mediadropped")}
    allowed = {AGREED: names, SILENT: {"canarymediapublicname"}, BLOGGER: names - {"canarymediadroppedname"}}
    seen: dict[str, set[str]] = {}
    for message in mail.outbox:
        holder = there.made.outlets.get(message.to[0])
        parts = [message.subject, message.body, *(str(part.content) for part in message.alternatives)]
        found = set(SECRET.findall(unfolded("\n".join(parts))))
        if holder is not None:
            seen.setdefault(holder, set()).update(found)
        elif not message.to[0].startswith("Canarymediacontact"):
            assert {word for word in found if "outlet" in word or "address" in word} == set()
    strays = {holder: found - allowed.get(holder, set()) for holder, found in seen.items()}
    assert {holder: found for holder, found in strays.items() if found} == {}
    assert seen[AGREED] == names
    assert {AGREED, SILENT, BLOGGER, TOLD, ASKED} <= seen.keys()


def test_who_the_outlets_are_is_sealed_in_every_table(there: Media) -> None:
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found |= {(table, word) for row in cursor.fetchall() for word in SECRET.findall(repr(row))}
    assert ("campaigns_mediapackage", "Canarymediaopencontactname") in found  # it stands on the page
    # An airing that an outlet logged is read at the press desk as all coverage is.
    logged = {("events_coverage", f"Canarymedia{AGREED.replace('_', '')}outlet")}
    people = re.compile(
        "Canarymedia(openagreed|opensilent|kept(agreed|silent|ended)|contact|blogger|unproved)"
    )
    assert {pair for pair in found if people.match(pair[1])} == logged
