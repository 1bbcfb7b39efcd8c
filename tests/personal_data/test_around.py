"""Checks, pages, mail, backups and forgetting know of the second database."""

import io
import subprocess
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, connections
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client
from pyrage import x25519

from coalition.core.clock import now
from coalition.mail.models import OutboxMail
from coalition.mail.outbox import deliver_due
from coalition.personal_data import store
from coalition.personal_data.models import Held
from coalition.personal_data.store import ALIAS
from home import checks
from home.data_export.write import forget_person
from home.models import NewsByMail
from tests.architecture.test_production import NEEDED, _check
from tests.home.conftest import site
from tests.personal_data.apart import away, kept
from tests.personal_data.test_fields import OTHER, WORD, print_of, reader

__all__ = ["site"]


def found() -> list[str]:
    return [one.id for one in checks.check_production(None) if str(one.id).startswith("coalition.E")]


def test_the_check_says_what_is_wrong_with_it(apart: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert found() == []
    with away():
        assert found() == ["coalition.E001"]
    recorder = MigrationRecorder(connections[ALIAS])
    recorder.record_unapplied("vault", "0002_labels_of_addresses")
    assert found() == ["coalition.E003"]
    recorder.record_applied("vault", "0002_labels_of_addresses")
    assert found() == []
    with connections[ALIAS].schema_editor() as editor:
        editor.delete_model(Held)
    assert found() == ["coalition.E003"]
    own = connections[ALIAS].settings_dict
    connections[ALIAS].close()
    monkeypatch.setitem(own, "NAME", connection.settings_dict["NAME"])
    assert found() == ["coalition.E002"]


def test_production_wants_a_key_of_its_own_for_it(tmp_path: Path) -> None:
    given = NEEDED | {"CONTACTS_DATABASE_URL": f"sqlite:///{tmp_path}/contacts.sqlite3"}
    done: subprocess.CompletedProcess[str] = _check(tmp_path, given)
    assert done.returncode != 0
    assert done.stderr.startswith("CONTACTS_KEY is missing")
    done = _check(tmp_path, given | {"CONTACTS_KEY": NEEDED["NAMES_KEY"]})
    assert "CONTACTS_KEY is the same as another key" in done.stderr
    assert "migrate vault --database contacts" in done.stderr


def test_a_page_says_in_words_that_it_is_away(apart: None, site, client: Client) -> None:
    with away():
        answer = client.post("/en/news-by-mail/", {"address": WORD})
        assert answer.status_code == 503
        assert "cannot be reached at the moment" in answer.text
        assert "no-store" in answer.headers["Cache-Control"]
        assert client.get("/en/news-by-mail/").status_code == 200
        assert client.get("/readyz").status_code == 200
    assert not NewsByMail.objects.exists()
    assert not OutboxMail.objects.exists()
    assert client.post("/en/news-by-mail/", {"address": WORD}).status_code == 302
    assert NewsByMail.objects.get().address == WORD


def test_mail_waits_for_it_without_being_given_up(apart: None, mailoutbox: list) -> None:
    context = {"site_name": "x", "button_url": "https://x.example/"}
    for key, address in (("a", WORD), ("b", "")):
        OutboxMail.objects.create(
            key=key,
            address=address,
            template="home/news_confirm",
            language="en",
            context=context,
            created_at=now(),
            next_try_at=now(),
        )
    with away():
        deliver_due()
    row = OutboxMail.objects.get(key="a")
    assert (row.state, row.attempts, row.leased_until) == ("waiting", 0, None)
    assert row.next_try_at > now()
    assert OutboxMail.objects.get(key="b").state == "dropped"  # handled meanwhile: nobody's
    OutboxMail.objects.update(next_try_at=now())
    deliver_due()
    assert [one.to for one in mailoutbox] == [[WORD]]
    assert not kept()


def test_who_is_forgotten_is_forgotten_there(apart: None) -> None:
    reader()
    reader(OTHER)
    forget_person(WORD, dry=True)
    assert WORD in kept().values()
    forget_person(WORD.upper())
    assert WORD not in kept().values()
    assert OTHER in kept().values()


@pytest.fixture
def identity(tmp_path: Path) -> x25519.Identity:
    made = x25519.Identity.generate()
    (tmp_path / "key.txt").write_text(str(made))
    return made


def test_each_database_has_a_backup_of_its_own(
    apart: None, identity: x25519.Identity, tmp_path: Path
) -> None:
    reader()
    folder, key, to = tmp_path / "backups", tmp_path / "key.txt", [str(identity.to_public())]
    out = io.StringIO()
    call_command("backup", str(folder), recipient=to, stdout=out)
    assert "People outside the coalition are not in it" in out.getvalue()
    call_command("backup", str(folder), recipient=to, contacts=True, stdout=(out := io.StringIO()))
    assert "0 files" in out.getvalue()
    second, first = sorted(folder.iterdir(), key=lambda path: "contacts" not in path.name)
    with pytest.raises(CommandError, match="of the other database"):
        call_command("restore", str(first), identity=key, contacts=True, replace=True, yes=True)
    with pytest.raises(CommandError, match="of the other database"):
        call_command("restore", str(second), identity=key, replace=True, yes=True)
    with pytest.raises(CommandError, match="There are values in this database"):
        call_command("restore", str(second), identity=key, contacts=True)
    store.drop_values(list(kept()))
    reader(OTHER)
    call_command(
        "restore",
        str(second),
        identity=key,
        contacts=True,
        replace=True,
        yes=True,
        stdout=(out := io.StringIO()),
    )
    assert "every table has the rows that the backup counted" in out.getvalue()
    assert set(kept().values()) == {WORD, "token0"}
    assert NewsByMail.objects.get(address_print=print_of(WORD)).address == WORD
