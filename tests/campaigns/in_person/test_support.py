"""The page behind a single-use code: GET shows, one POST counts."""

import datetime
import re

import pytest
import time_machine
from django.test import Client

from coalition.campaigns.appeals.actions.manage import close_appeal
from coalition.campaigns.in_person.links import code_address
from coalition.campaigns.in_person.models import Table
from coalition.campaigns.in_person.queries import table_totals
from coalition.campaigns.in_person.views import support
from coalition.core.clock import now
from documents.models import Publication
from tests.campaigns.appeals.factories import open_appeal
from tests.campaigns.in_person.builders import code_for, opened, support_path, table_stage

pytestmark = pytest.mark.django_db


def browser() -> Client:
    return Client(enforce_csrf_checks=True)


def text_of(answer) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())


def fields(answer) -> dict[str, str]:
    found = dict(re.findall(r'name="(version|stamp)" value="([^"]+)"', answer.content.decode()))
    return found | {"leave_empty": ""}


def counted(table: Table) -> int:
    return table_totals([table.pk])[table.pk].codes


def test_one_press_counts_and_looking_does_not() -> None:
    made, version = table_stage()
    table = opened(made, version)
    path = support_path(version, code_for(table))
    visitor = browser()
    for _time in range(3):
        page = visitor.get(path, headers={"Sec-Purpose": "prefetch"})
        visitor.head(path)
    assert counted(table) == 0
    text = text_of(page)
    assert "A law on harassment" in text
    assert "It is not an official petition under the law." in text
    assert not page.cookies
    assert "no-store" in page["Cache-Control"]
    answer = visitor.post(path, fields(page), follow=True)
    assert "Your support is counted" in text_of(answer)
    assert "no-store" in answer["Cache-Control"]
    assert counted(table) == 1
    again = visitor.post(path, fields(page))
    assert again.status_code == 409
    assert "it was counted once, and counts no more" in text_of(again)
    assert visitor.get(path).status_code == 410
    assert counted(table) == 1


def test_the_short_address_leads_to_the_readers_language() -> None:
    made, version = table_stage()
    code = code_for(opened(made, version))
    assert code_address(code).endswith(f"/AT/{code}")
    for written in (f"/AT/{code}", f"/at/{code.lower()}"):
        for language in ("kk", "ru", "en"):
            answer = browser().get(written, headers={"Accept-Language": language})
            assert answer.status_code == 302
            assert answer["Location"] == f"/{language}/support/for-a-law/at/{code}/"
            assert "no-store" in answer["Cache-Control"]
    assert browser().get("/AT/FORGED").status_code == 410


@pytest.mark.parametrize(
    ("headers", "changed", "status"),
    [
        ({"Sec-Fetch-Site": "cross-site"}, {}, 403),
        ({"Origin": "https://elsewhere.example"}, {}, 403),
        ({}, {"stamp": ""}, 409),
        ({}, {"stamp": "1.forged"}, 409),
        ({}, {"leave_empty": "x"}, 302),
        ({}, {"version": ""}, 409),
    ],
)
def test_a_post_that_is_not_a_press_on_our_page_counts_nothing(headers, changed, status) -> None:
    made, version = table_stage()
    table = opened(made, version)
    path = support_path(version, code_for(table))
    sent = fields(browser().get(path)) | changed
    assert browser().post(path, sent, headers=headers).status_code == status
    assert counted(table) == 0


def test_the_reason_is_said_in_words() -> None:
    made, version = table_stage()
    table = opened(made, version)
    path = support_path(version, code_for(table))
    sent = fields(browser().get(path))

    def refusal_text() -> str:
        shown, posted = browser().get(path), browser().post(path, sent)
        assert (shown.status_code, posted.status_code) == (410, 409)
        assert counted(table) == 0
        return text_of(posted)

    Table.objects.filter(pk=table.pk).update(closed_at=now())
    closed = refusal_text()
    assert "This table is closed" in closed
    assert "You can also support it there by e-mail" in closed
    Table.objects.filter(pk=table.pk).update(closed_at=None, organisation=made.organisation())
    made.organisations[-1].participations.update(ended_at=now())
    assert "This table takes no support now." in refusal_text()
    Table.objects.filter(pk=table.pk).update(organisation=made.organisations[0])
    Publication.objects.filter(pk=version.publication_id).update(state="withdrawn")
    withdrawn = refusal_text()
    assert "The text of this appeal was withdrawn" in withdrawn
    assert "A law on harassment" not in withdrawn
    Publication.objects.filter(pk=version.publication_id).update(state="public")
    close_appeal(access=made.access, appeal=version.appeal)
    over = refusal_text()
    assert "This appeal is closed" in over
    assert "by e-mail" not in over


def test_an_expired_and_a_forged_code_say_so() -> None:
    made, version = table_stage()
    path = support_path(version, code_for(opened(made, version)))
    with time_machine.travel(now() + datetime.timedelta(minutes=16), tick=False):
        answer = browser().get(path)
    assert answer.status_code == 410
    assert "This code has expired" in text_of(answer)
    forged = browser().get(support_path(version, "FORGED"))
    assert forged.status_code == 410
    assert "There is no such code" in text_of(forged)


def test_a_code_supports_its_own_appeal_alone() -> None:
    made, version = table_stage()
    table = opened(made, version)
    code = code_for(table)
    other = open_appeal("en", slug="another")
    path = support_path(other, code)
    assert browser().get(path).status_code == 410
    sent = fields(browser().get(support_path(version, code)))
    assert browser().post(path, sent).status_code == 409
    assert counted(table) == 0


def test_many_posts_from_one_place_are_slowed_down(monkeypatch) -> None:
    monkeypatch.setattr(support, "MOST_FROM_ONE_PLACE", 2)
    made, version = table_stage()
    path = support_path(version, code_for(opened(made, version)))
    assert [browser().get(path).status_code for _time in range(3)] == [200, 200, 429]


def test_the_page_after_it_names_no_withdrawn_text() -> None:
    _made, version = table_stage()
    path = f"/en/support/{version.appeal.slug}/counted/"
    assert "A law on harassment" in text_of(browser().get(path))
    Publication.objects.filter(pk=version.publication_id).update(state="withdrawn")
    assert "A law on harassment" not in text_of(browser().get(path))
