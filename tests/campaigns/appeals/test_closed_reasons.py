"""Why an appeal takes no support: text and comparative table both count; what is checked is not shown."""

import json

import pytest

from coalition.campaigns.appeals.actions.confirm import confirm_support, withdraw_support
from coalition.campaigns.appeals.counting import count_of
from coalition.campaigns.appeals.flow import SUPPORT
from coalition.campaigns.appeals.public_queries import ACTION, appeals_open_now
from coalition.campaigns.models import AppealVersion
from coalition.campaigns.referrals.targets import action_of
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.models import Workspace
from documents.drafts.models import PublicationState, TextKind
from documents.models import Version
from documents.publication.models import Publication, TakenOff
from tests.campaigns.appeals.builders import ask, support
from tests.campaigns.appeals.desk.conftest import publish_text
from tests.campaigns.appeals.factories import AppealVersionFactory, SupportFactory, open_appeal
from tests.campaigns.appeals.test_public_pages import PAGE, post, text
from tests.campaigns.appeals.test_support import close
from tests.documents.approval.builders import Stage, stage
from tests.filled import filled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]
TABLE, TITLE = "Canary of the table", "A law on harassment"


@pytest.fixture
def made() -> Stage:
    return stage()


@pytest.fixture
def version(made: Stage) -> AppealVersion:
    found = open_appeal("en", made=made)
    found.table = publish_text(made, TextKind.COMPARATIVE_TABLE, TABLE)
    found.save()
    return found


def change_publication(publication: Publication, **values: object) -> None:
    Publication.objects.filter(pk=publication.pk).update(**values)


def test_the_table_is_part_of_what_is_supported(client, version):
    assert TABLE in text(client.get(PAGE))
    assert post(client, version).status_code == 302


def test_a_table_that_is_checked_is_off_the_page_and_nothing_is_taken(client, version):
    filled(TakenOff, publication=version.table)
    for answer in (client.get(PAGE), post(client, version)):
        assert answer.status_code == 503
        assert TABLE not in text(answer)


@pytest.mark.parametrize(
    ("change_to", "said"),
    [
        ({"state": PublicationState.WITHDRAWN}, "The comparative table of this appeal was withdrawn"),
        ({"awaiting_since": "2026-01-01T00:00Z"}, "A decision about the text of this appeal is awaited"),
    ],
)
def test_a_table_that_is_not_as_it_was_stops_support_and_is_said(client, version, change_to, said):
    change_publication(version.table, **change_to)
    page = text(client.get(PAGE))
    assert said in page
    assert TITLE in page
    assert (TABLE in page) is ("state" not in change_to)
    assert post(client, version).status_code == 409


def test_a_corrected_table_stops_support(client, version, made):
    other = publish_text(made, TextKind.COMPARATIVE_TABLE, "Another table")
    change_publication(other, replaces=version.table)
    assert "was corrected" in text(client.get(PAGE))
    assert post(client, version).status_code == 409


def test_an_archived_workspace_takes_no_support_and_its_count_stays(client, version):
    support(version)
    token = ask(version, "later@mail.example")
    Workspace.objects.update(archived_at=now())
    page = text(client.get(PAGE))
    assert "put it into their archive" in page
    assert TITLE in page
    assert "<b>1</b>" in page
    assert 'name="address"' not in page
    assert post(client, version).status_code == 409
    with pytest.raises(Refused, match="into their archive"):
        confirm_support(token=token)
    assert count_of(version) == 1


def test_a_supporter_can_leave_an_archived_appeal(version):
    token = ask(version)
    confirm_support(token=token)
    Workspace.objects.update(archived_at=now())
    withdraw_support(token=token)
    assert count_of(version) == 0


def test_an_archived_appeal_is_open_to_no_code(version):
    address = action_of(ACTION).address
    assert address(version.appeal.uuid, "en", "")
    Workspace.objects.update(archived_at=now())
    assert address(version.appeal.uuid, "en", "") == ""
    assert action_of(ACTION).after(version.appeal.uuid, "en") == PAGE
    assert appeals_open_now() == []


def test_while_the_text_of_a_closed_appeal_is_checked_no_page_shows_its_title(client, version):
    own = SUPPORT.path(support(version, name="Canary Name", is_listed=True))
    close(version)
    paths = (PAGE, f"{PAGE}names/", f"{PAGE}sent/", own)
    assert all(TITLE in text(client.get(path)) for path in paths)
    filled(TakenOff, publication=version.publication)
    for path in paths:
        page = text(client.get(path))
        assert TITLE not in page, path
        assert "Canary Name" not in page or path == own


@pytest.mark.parametrize("state", ["unconfirmed", "counted"])
def test_who_supports_an_earlier_text_reads_its_title_and_passes_no_other_on(client, version, made, state):
    version.table = None
    version.save()
    row = SupportFactory(version=version, state=state, address="a@mail.example")
    newer = publish_text(made, TextKind.APPEAL, "A newer text")
    AppealVersionFactory(appeal=version.appeal, publication=newer, number=2)
    written = newer.texts.get().version
    title = {**json.loads(written.canonical), "title": "Another title"}
    Version.objects.filter(pk=written.pk).update(canonical=json.dumps(title))
    assert "Another title" in text(client.get(PAGE))
    page = text(client.get(SUPPORT.path(row)))
    assert TITLE in page
    assert "Another title" not in page
    assert "The words of this appeal are others now" in page
    assert "I support the appeal" not in page


def test_a_table_that_is_withdrawn_is_named_also_while_it_is_checked(client, version):
    change_publication(version.table, state=PublicationState.WITHDRAWN)
    filled(TakenOff, publication=version.table)
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "The comparative table of this appeal was withdrawn" in text(page)


@pytest.mark.parametrize(
    ("change_to", "said"),
    [
        ({"awaiting_since": "2026-01-01T00:00Z"}, "A decision about the text of this appeal is awaited"),
        ({"state": PublicationState.WITHDRAWN}, "The comparative table of this appeal was withdrawn"),
        ({}, "or the comparative table, was corrected since"),
    ],
)
def test_the_desk_says_why_an_open_appeal_takes_nothing(client_of, version, made, change_to, said):
    if change_to:
        change_publication(version.table, **change_to)
    else:
        change_publication(publish_text(made, TextKind.COMPARATIVE_TABLE, "Newer"), replaces=version.table)
    page = client_of(made.coordinator).get(f"/workspaces/appeals/{version.appeal.uuid}/").content.decode()
    assert said in page


def test_ask_works_again_once_it_was_decided(version):
    change_publication(version.table, awaiting_since=now())
    change_publication(version.table, awaiting_since=None)
    assert ask(version)
