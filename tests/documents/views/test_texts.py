"""Writing, reading, naming, comparing and deciding, as a browser does it."""

import json
import re

import pytest
from django.urls import reverse

from coalition.partners.enums import Language
from documents.domain.name_version import name_version
from documents.domain.tend import archive_draft
from documents.models import SetAside, Version
from tests.documents.conftest import body


def _url(text):
    return reverse("documents:text", args=[text.draft.uuid, text.language])


def _sent(words="We ask for a law.", *, title="A title", base=0, **given):
    return {"title": title, "lead": "", "body": json.dumps(body(words)), "base_revision": base, **given}


def test_an_editor_saves_and_comes_back_to_the_text(room, text, client_of):
    client = client_of(room.user("editor"))
    answer = client.post(_url(text), _sent(), follow=True)
    assert answer.redirect_chain == [(_url(text), 302)]
    assert "We ask for a law." in answer.content.decode()
    text.refresh_from_db()
    assert text.revision == 1


def test_without_script_the_plain_field_counts(room, text, client_of):
    client = client_of(room.user("editor"))
    client.post(_url(text), _sent(body="", plain="One.\r\n\r\nTwo."))
    text.refresh_from_db()
    assert text.body == body("One.", "Two.")
    assert "One.\n\nTwo." in client.get(_url(text)).content.decode()


def test_without_script_a_richer_text_is_not_flattened(room, text, client_of):
    heading = {
        "type": "doc",
        "content": [
            {"type": "heading", "attrs": {"level": 2}, "content": [{"type": "text", "text": "Why now"}]}
        ],
    }
    room.write(text, "editor", body=heading)
    client = client_of(room.user("editor"))
    page = client.get(_url(text)).content.decode()
    assert 'name="plain"' not in page
    assert "<noscript>" in page
    answer = client.post(_url(text), _sent(plain="Flat.", base=1))
    assert answer.status_code == 422
    text.refresh_from_db()
    assert text.body == heading


def test_a_save_in_between_shows_both_and_loses_nothing(room, text, client_of):
    room.write(text, "coordinator", "Theirs stands.")
    client = client_of(room.user("editor"))
    answer = client.post(_url(text), _sent("Mine waits."))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Theirs stands." in re.sub(r"<[^>]+>", "", page)
    assert "Mine waits." in page
    kept = SetAside.objects.get()
    assert kept.get_absolute_url() in client.get(_url(text)).content.decode()


@pytest.mark.parametrize(
    ("outcome", "expected", "revision"),
    [("mine", "Mine.", 2), ("theirs", "Theirs.", 1), ("merged", "Both.", 2)],
)
def test_the_person_decides(room, text, client_of, outcome, expected, revision):
    room.write(text, "coordinator", "Theirs.")
    client = client_of(room.user("editor"))
    client.post(_url(text), _sent("Mine."))
    kept = SetAside.objects.get()
    assert client.get(kept.get_absolute_url()).status_code == 200
    answer = client.post(kept.get_absolute_url(), _sent("Both.", base=1, outcome=outcome))
    assert answer["Location"] == _url(text)
    text.refresh_from_db()
    assert text.body == body(expected)
    assert text.revision == revision
    assert client.get(kept.get_absolute_url()).status_code == 404


def test_a_decision_on_an_old_page_is_asked_again(room, text, client_of):
    room.write(text, "coordinator", "Theirs.")
    client = client_of(room.user("editor"))
    client.post(_url(text), _sent("Mine."))
    text.refresh_from_db()
    room.write(text, "coordinator", "Theirs, later.")
    kept = SetAside.objects.get()
    answer = client.post(kept.get_absolute_url(), _sent("Both.", base=1, outcome="merged"))
    assert answer["Location"] == kept.get_absolute_url()
    kept.refresh_from_db()
    assert kept.body == body("Both.")
    assert SetAside.objects.count() == 1


def test_nobody_else_decides(room, text, client_of):
    room.write(text, "coordinator", "Theirs.")
    client_of(room.user("editor")).post(_url(text), _sent("Mine."))
    kept = SetAside.objects.get()
    assert client_of(room.user("coordinator")).get(kept.get_absolute_url()).status_code == 404


BROKEN = ["{", "[" * 100_000, "null", '"words"', "7", '{"type": "doc", "content": 5}']


@pytest.mark.parametrize("body_sent", BROKEN)
def test_a_broken_body_is_refused_in_words_and_what_was_written_stays_on_the_page(
    room, text, client_of, body_sent
):
    client = client_of(room.user("editor"))
    answer = client.post(_url(text), _sent(title="Kept title", body=body_sent))
    assert answer.status_code == 422
    assert "Kept title" in answer.content.decode()
    text.refresh_from_db()
    assert text.revision == 0


def test_a_refused_text_stays_on_the_page(room, text, client_of):
    bad = body("Press here")
    bad["content"][0]["content"][0]["marks"] = [{"type": "link", "attrs": {"href": "javascript:alert(1)"}}]
    client = client_of(room.user("editor"))
    answer = client.post(_url(text), _sent(title="T" * 10_000, body=json.dumps(bad)))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Press here" in page
    assert "T" * 10_000 in page
    assert 'href="javascript:' not in page


def test_script_tags_are_shown_as_words(room, text, client_of):
    room.write(text, "editor", "<script>alert(1)</script>", title="<script>alert(2)</script>")
    name_version(access=room.access("editor"), text=text, name="<script>alert(3)</script>")
    for name in ("editor", "reviewer"):
        client = client_of(room.user(name))
        for address in (
            _url(text),
            reverse("documents:versions", args=[text.draft.uuid, text.language]),
            reverse("documents:compare", args=[text.draft.uuid, text.language]),
            Version.objects.get().get_absolute_url(),
        ):
            page = client.get(address).content.decode()
            assert "<script>alert" not in page
            assert "&lt;script&gt;alert" in page


def test_a_reviewer_reads_and_cannot_write(room, text, client_of):
    room.write(text, "editor", "Words to read.")
    client = client_of(room.user("reviewer"))
    page = client.get(_url(text)).content.decode()
    assert "Words to read." in page
    assert "data-editor " not in page
    assert client.post(_url(text), _sent("Changed.", base=1)).status_code == 403
    text.refresh_from_db()
    assert text.body == body("Words to read.")


def test_naming_and_going_back(room, text, client_of):
    room.write(text, "editor", "First words.")
    client = client_of(room.user("editor"))
    versions = reverse("documents:versions", args=[text.draft.uuid, text.language])
    answer = client.post(versions, {"name": "First", "seen_revision": 1}, follow=True)
    assert "First words." in answer.content.decode()
    version = Version.objects.get()
    text.refresh_from_db()
    room.write(text, "editor", "Second words.")
    compared = client.get(
        reverse("documents:compare", args=[text.draft.uuid, text.language])
    ).content.decode()
    assert "<ins" in compared
    text.refresh_from_db()
    client.post(reverse("documents:restore", args=[version.uuid]), {"base_revision": text.revision})
    text.refresh_from_db()
    assert text.content_hash == version.hash
    assert text.revision == 3


def test_a_text_without_title_gets_no_version(room, text, client_of):
    room.write(text, "editor", title="")
    client = client_of(room.user("editor"))
    versions = reverse("documents:versions", args=[text.draft.uuid, text.language])
    answer = client.post(versions, {"name": "First", "seen_revision": 1})
    assert answer.status_code == 422
    assert "no title yet" in answer.content.decode()
    assert not Version.objects.exists()


def test_a_stale_translation_says_so_and_can_be_marked(room, draft, text, client_of):
    room.write(text, "editor", "One.")
    russian = room.write(draft.texts.get(language=Language.RU), "editor", "Один.")
    text.refresh_from_db()
    room.write(text, "editor", "Two.")
    client = client_of(room.user("editor"))
    assert "1 change behind" in client.get(_url(russian)).content.decode()
    client.post(reverse("documents:up_to_date", args=[draft.uuid, "ru"]), {"seen_revision": 2})
    assert "1 change behind" not in client.get(_url(russian)).content.decode()


def test_an_archived_draft_is_read_only_and_comes_back(room, draft, text, client_of):
    room.write(text, "editor")
    client = client_of(room.user("editor"))
    answer = client.post(reverse("documents:archive", args=[draft.uuid]), follow=True)
    assert reverse("documents:bring_back", args=[draft.uuid]) in answer.content.decode()
    assert "data-editor " not in client.get(_url(text)).content.decode()
    client.post(reverse("documents:bring_back", args=[draft.uuid]))
    draft.refresh_from_db()
    assert draft.archived_at is None


def test_the_draft_opens_in_the_language_of_the_person_if_it_is_written(room, draft, client_of):
    client = client_of(room.user("reviewer"))
    address = reverse("documents:draft", args=[draft.uuid])
    assert client.get(address)["Location"].endswith("/kk/")
    room.write(draft.texts.get(language=Language.EN))
    assert client.get(address)["Location"].endswith("/en/")


def test_the_text_page_takes_few_queries(room, text, client_of, django_assert_max_num_queries):
    room.write(text)
    client = client_of(room.user("editor"))
    client.get(_url(text))
    with django_assert_max_num_queries(30):
        client.get(_url(text))


def test_other_pages_of_a_draft_open(room, draft, client_of):
    client = client_of(room.user("contributor"))
    new = reverse("documents:create", args=[room.workspace.uuid])
    assert client.get(new).status_code == 200
    answer = client.post(
        new,
        {"title": "A letter", "kind": "letter", "first_language": "ru", "handling": "amber"},
        follow=True,
    )
    assert "A letter" in answer.content.decode()
    made = room.workspace.drafts.get(title="A letter")
    settings = reverse("documents:draft_settings", args=[made.uuid])
    assert client.get(settings).status_code == 200
    client.post(
        settings,
        {
            "title": "An appeal",
            "kind": "appeal",
            "handling": "green",
            "restricted_to": [room.organisation("contributor").pk],
        },
    )
    made.refresh_from_db()
    assert (made.title, made.restricted) == ("An appeal", True)
    assert client_of(room.user("coordinator")).get(settings).status_code == 404
    assert client.get(reverse("documents:draft_settings", args=[draft.uuid])).status_code == 403


def test_archiving_twice_is_one(room, draft):
    first = archive_draft(access=room.access("editor"), draft=draft).archived_at
    assert archive_draft(access=room.access("editor"), draft=draft).archived_at == first
