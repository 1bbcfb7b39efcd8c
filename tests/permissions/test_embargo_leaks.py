"""What people of outlets reach with what they were mailed: the words that they were told and nothing else, as
long as they may; and no word of theirs stands readable anywhere."""

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from coalition.core.clock import now
from coalition.mail.outbox import deliver_due
from coalition.workspaces.permissions import access_to
from documents.models import EmbargoAccess
from documents.publication.embargo.actions import EMBARGO_FORMATS, revoke_access
from tests.factories import FreezeFactory
from tests.permissions.cells import METHODS, SECRET, Target, ask, body_of, unfolded
from tests.permissions.embargo_world import OUTLETS, ROLES, TOLD, Holder, add_embargoes
from tests.permissions.world import World, peopled

pytestmark = [pytest.mark.slow, pytest.mark.django_db]
WORDS = ("title", "lead", "body", "picturealt", "picturecaption", "picturecredit")
AGREED, ASKED, REVOKED, REMOVED = (ROLES[kind] for kind in OUTLETS)
PUBLIC = ("", "news/", "news/rss.xml", "news/atom.xml", "news/feed.json", "publications/", "partners/")


@dataclass
class There:
    """The world, its outlets, and a browser of each in which they pressed what they could press."""

    world: World
    holders: dict[str, Holder]
    clients: dict[str, Client]

    def forbidden(self, words: set[str], role: str) -> set[str]:
        return {word for word in words if role not in self.world.audience[word]}


@pytest.fixture(scope="module")
def agreed(file_site: None) -> There:
    made = peopled()
    holders = add_embargoes(made)
    clients = {role: Client(headers={"accept-language": "en"}) for role in holders}
    for role, holder in holders.items():
        for token in holder.tokens.values():
            if role != ASKED:  # their press would agree
                clients[role].post(reverse("embargo", args=[token]))
    return There(made, holders, clients)


@pytest.fixture
def there(agreed: There) -> There:
    """The world as it was when they had agreed, with browsers that no other test has used."""
    clients = {role: Client(headers={"accept-language": "en"}) for role in agreed.clients}
    for role, client in clients.items():
        client.cookies.update(agreed.clients[role].cookies)
    return There(agreed.world, agreed.holders, clients)


def own(made: World, holder: Holder) -> Iterator[Target]:
    """Every address that the secrets of one person fill."""
    for state, token in holder.tokens.items():
        file = made.things[state]["file"]
        yield Target("landing", state, reverse("embargo", args=[token]))
        yield Target("calendar", state, reverse("embargo_calendar", args=[token]))
        for language in ("kk", "ru"):
            yield Target("text", state, reverse("embargo_text", args=[token, language]))
            yield Target("file", state, reverse("embargo_file", args=[token, language]))
            yield Target("picture", state, reverse("embargo_picture", args=[token, language, file]))
        yield Target("guest", state, reverse("guest", args=[token]))
        yield Target("once", state, f"/once/{token}/")
        yield Target("feed", state, reverse("calendar_press", args=[holder.feed or token]))
        yield Target("private feed", state, reverse("calendar_private", args=[holder.feed or token]))


def reached(there: There, role: str, methods: Collection[str] = METHODS) -> set[str]:
    """All canaries that a person of an outlet sees at their own addresses, in these ways of asking."""
    return {
        word
        for target in own(there.world, there.holders[role])
        for method in methods
        if not (role == ASKED and target.pattern == "landing" and method == "post")
        for word in ask(there.clients[role], target, method)
    }


def inside(content: bytes, folder: Path) -> str:
    """The words of a file, what is said of it included."""
    if content.startswith(b"PK"):
        parts = zipfile.ZipFile(io.BytesIO(content))
        return "\n".join(parts.read(name).decode(errors="replace") for name in parts.namelist())
    if content.startswith(b"%PDF"):
        if shutil.which("pdftotext") is None:
            pytest.skip("poppler-utils are not installed")
        (folder / "text.pdf").write_bytes(content)
        run = [["pdftotext", "text.pdf", "-"], ["pdfinfo", "text.pdf"]]
        done = [subprocess.run(one, cwd=folder, capture_output=True, check=True) for one in run]
        return "\n".join(one.stdout.decode() for one in done)
    return content.decode()


@pytest.mark.slow
def test_each_reaches_what_they_were_told_and_no_log_holds_any_of_it(there, caplog) -> None:
    caplog.set_level("DEBUG")
    found = {role: reached(there, role) for role in there.holders}
    assert set().union(*(there.forbidden(words, role) for role, words in found.items())) == set()
    told = {f"Canaryembargo{what}" for what in WORDS}
    assert told <= found[AGREED]
    assert {"Canaryliftedtitle", "Canaryoutletagreedname", "Canaryoutletagreedoutlet"} <= found[AGREED]
    public = {word for word in there.world.audience if word.startswith("Canarylifted")}
    named = {"Canaryoutletaskedname", "Canaryoutletaskedoutlet"}  # they are greeted, and told the terms
    assert found[ASKED] - public == named
    assert (found[REVOKED] - public, found[REMOVED] - public) == (set(), set())
    secrets = [token for one in there.holders.values() for token in (*one.tokens.values(), one.feed) if token]
    assert "***" in caplog.text, "what is not there was asked for"
    assert SECRET.findall(caplog.text) == []
    assert [one for one in secrets if one in caplog.text] == []


@pytest.mark.parametrize("form", EMBARGO_FORMATS)
def test_files_hold_the_words_and_their_own_outlet(there, form, tmp_path) -> None:
    token = there.holders[AGREED].tokens["embargo"]
    answer = there.clients[AGREED].post(reverse("embargo_file", args=[token, "kk"]), {"format": form.value})
    assert answer.status_code == 200
    found = set(SECRET.findall(f"{answer.headers}\n{inside(body_of(answer), tmp_path)}"))
    assert {"Canaryembargotitle", "Canaryembargobody"} <= found
    assert there.forbidden(found, AGREED) == set()


def test_calendars_tell_titles_of_what_was_agreed_to(there) -> None:
    told = {}
    for role in (AGREED, REVOKED):
        answer = Client().get(reverse("calendar_press", args=[there.holders[role].feed]))
        assert answer.status_code == 200
        told[role] = set(SECRET.findall(unfolded(answer.content.decode())))
    assert told == {AGREED: {"Canaryembargotitle", "Canaryliftedtitle"}, REVOKED: set()}


@pytest.mark.parametrize("how", ["taken back", "frozen"])
def test_it_ends_in_the_browser_that_is_open_and_in_the_calendar(there, how) -> None:
    assert "Canaryembargobody" in reached(there, AGREED, ["get"])
    coordinator = there.world.people["coordinator"]
    if how == "frozen":
        FreezeFactory(organisation=coordinator.memberships.get().organisation, frozen_at=now())
    else:
        rows = EmbargoAccess.objects.filter(agreed_at__isnull=False, revoked_at=None)
        row = rows.get(publication__uuid=there.world.things["embargo"]["publication"])
        revoke_access(access=access_to(coordinator, there.world.workspace.uuid), embargo=row)
    assert {word for word in reached(there, AGREED) if word.startswith("Canaryembargo")} == set()


def test_mails_to_outlets_tell_their_own_name_alone(there) -> None:
    deliver_due()
    roles = {holder.address: role for role, holder in there.holders.items()}
    seen = set()
    for message in mail.outbox:
        parts = [message.subject, message.body, *(str(part.content) for part in message.alternatives)]
        found = set(SECRET.findall("\n".join(parts)))
        role = roles.get(message.to[0])
        if role is None:
            assert {word for word in found if word.startswith("Canaryoutlet")} == set(), message.subject
        else:
            seen.add(role)
            assert found <= {f"Canary{role.replace('_', '')}name"}, message.subject
    assert seen == {AGREED, ASKED, REVOKED}, "what waited for who was removed is not sent"


def test_who_the_outlets_and_the_withheld_are_is_sealed_in_every_table(there) -> None:
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found |= {(table, word) for row in cursor.fetchall() for word in SECRET.findall(repr(row))}
    assert ("documents_draft", "Canaryembargodrafttitle") in found
    sealed = ("Canaryoutlet", "Canarywithheldname", "Canaryconfidentialname")
    assert {pair for pair in found if pair[1].startswith(sealed)} == set()


def test_what_is_lifted_can_be_read_and_what_waits_cannot_by_anybody_or_any_command(there, capsys) -> None:
    seen = set()
    for path in ("/sitemap.xml", "/calendar.ics", *(f"/kk/{name}" for name in PUBLIC)):
        seen |= set(SECRET.findall(unfolded(Client().get(path).content.decode())))
    assert "Canaryliftedtitle" in seen
    assert {word for word in seen if not re.match("Canarylifted(title|lead|body|picture)", word)} == set()
    for state in TOLD:
        sheet = f"/kk/publications/{there.world.things[state]['publication']}"
        codes = {Client().get(f"{sheet}{end}").status_code for end in ("/", ".json")}
        assert codes == ({200} if state == "lifted" else {404})
    for name, words in (("verify_publication", ["--all"]), ("check_grants", [])):
        call_command(name, *words)
    assert SECRET.findall(capsys.readouterr().out) == []
