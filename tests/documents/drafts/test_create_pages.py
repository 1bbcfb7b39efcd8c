"""The page on which a draft is started."""

import pytest
from django.urls import reverse

from documents.text_templates.choices import load_text_template
from tests.markup import squeezed

pytestmark = pytest.mark.django_db

GIVEN = {"title": "Canary", "first_language": "ru", "handling": "amber"}


@pytest.fixture
def new(room):
    return reverse("documents:create", args=[room.workspace.uuid])


def test_every_kind_is_offered_with_what_it_is_for(room, new, client_of):
    page = client_of(room.user("contributor")).get(new).content.decode()
    assert page.count('name="kind"') == 15
    assert load_text_template("minutes", "en").about in page
    assert load_text_template("statement", "en").title in page


def test_the_template_is_shown_in_the_language_asked_for(room, new, client_of):
    client = client_of(room.user("contributor"))
    page = client.get(f"{new}?kind=minutes&language=kk").content.decode()
    assert load_text_template("minutes", "kk").lead in page
    part = client.get(f"{new}?kind=minutes&language=ru", headers={"HX-Target": "template"}).content.decode()
    assert load_text_template("minutes", "ru").lead in part
    assert "<form" not in part
    assert client.get(f"{new}?kind=%00&language=%00").status_code == 200


def test_the_draft_begins_with_the_template_or_empty(room, new, client_of):
    client = client_of(room.user("contributor"))
    answer = client.post(new, {**GIVEN, "kind": "fact_sheet", "from_template": "on"})
    made = room.workspace.drafts.get()
    assert answer["Location"] == reverse("documents:text", args=[made.uuid, "ru"])
    assert made.texts.get(language="kk").title == load_text_template("fact_sheet", "kk").title
    client.post(new, {**GIVEN, "kind": "fact_sheet", "title": "Empty"})
    assert not room.workspace.drafts.get(title="Empty").texts.exclude(title="").exists()


def test_what_is_wrong_keeps_the_choice(room, new, client_of):
    client = client_of(room.user("contributor"))
    answer = client.post(new, {**GIVEN, "title": "", "kind": "op_ed"})
    assert answer.status_code == 422
    assert 'value="op_ed" aria-describedby="about-op_ed" checked' in squeezed(answer.content.decode())


def test_who_may_not_create_sees_no_template(room, new, client_of):
    answer = client_of(room.user("reviewer")).get(new)
    assert answer.status_code == 403
    assert load_text_template("statement", "en").title not in answer.content.decode()
