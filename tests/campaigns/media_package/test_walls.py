"""What people of the same workspace may not read of a package, and files that must stay while it is given."""

from io import BytesIO

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import localdate

from coalition.accounts.models import OfficeKind
from coalition.accounts.naming import Viewer
from coalition.campaigns.media_package.actions.renditions import (
    add_rendition,
    remove_rendition,
    restore_rendition,
)
from coalition.campaigns.media_package.enums import Format, NoticeKind
from coalition.campaigns.media_package.models import MediaItem, Rendition
from coalition.campaigns.media_package.notices.actions import send_notice
from coalition.campaigns.media_package.notices.dashboard import outlets_to_call
from coalition.campaigns.media_package.notices.queries import SILENCE
from coalition.campaigns.media_package.outlets.coverage import log_airing
from coalition.core.clock import freeze_clock_at, now
from coalition.core.errors import Refused
from coalition.roles import SeatRole
from coalition.workspaces.permissions import access_to
from documents.drafts.actions.manage import change_draft
from documents.drafts.models import Handling
from documents.files.actions import delete_file, describe_file, restore_file, upload_file
from documents.models import StoredFile
from events.press.coverage.models import CoverageKind
from tests.campaigns.media_package.builders import Press
from tests.campaigns.media_package.notices.builders import outlet_with
from tests.campaigns.media_package.outlets.builders import given, page_of, path_of
from tests.conftest import sign_in
from tests.factories import OfficeFactory, seat

pytestmark = pytest.mark.django_db


def url(name: str, *args: object) -> str:
    return reverse(f"campaigns:{name}", args=args)


@pytest.fixture
def other(here: Press) -> Client:
    """An editor of another organisation of the workspace."""
    return sign_in(Client(), seat(workspace=here.made.workspace, role=SeatRole.EDITOR).person)


def keep_to_own(here: Press, item: MediaItem) -> None:
    """Limit the item's text to the coordinator's organisation."""
    draft = item.draft
    change_draft(
        access=here.access,
        draft=draft,
        title=draft.title,
        kind=draft.kind,
        handling=draft.handling,
        restricted_to=[here.access.organisation],
    )


def stored(made: Rendition) -> StoredFile:
    assert made.file is not None
    return made.file


def limit(here: Press, made: Rendition) -> None:
    """Let the own organisation alone read the file from now on."""
    file = stored(made)
    words = {"alt": file.alt, "caption": file.caption, "credit": file.credit}
    describe_file(access=here.access, file=file, handling=Handling.ORGANISATION, **words)


def test_an_item_whose_text_is_limited_is_not_shown_to_other_organisations(
    here: Press, other: Client
) -> None:
    item, open_item = here.item("secret"), here.item("open")
    made = here.file(item)
    keep_to_own(here, item)
    page = other.get(url("media_package", here.package.uuid)).content.decode()
    assert open_item.draft.title in page
    assert item.draft.title not in page
    for path in (
        url("media_item", item.uuid),
        url("media_item_edit", item.uuid),
        url("media_file", made.uuid),
        url("media_item_notices", item.uuid),
    ):
        assert other.get(path).status_code == 404
    coverage = other.get(url("media_package_coverage", here.package.uuid)).content.decode()
    assert open_item.draft.title in coverage
    assert item.draft.title not in coverage
    own = sign_in(Client(), here.made.coordinator)
    assert item.draft.title in own.get(url("media_package", here.package.uuid)).content.decode()


def test_a_limited_file_is_neither_read_by_others_nor_given_out(here: Press, other: Client) -> None:
    item = here.item()
    made = here.file(item)
    here.approve(item)
    assert other.get(url("media_file", made.uuid)).status_code == 200
    assert here.judge(item).file(made.uuid) is not None
    limit(here, made)
    assert other.get(url("media_file", made.uuid)).status_code == 404
    assert sign_in(Client(), here.made.coordinator).get(url("media_file", made.uuid)).status_code == 200
    assert here.judge(item).file(made.uuid) is None


def test_airings_that_wait_are_for_the_press_desk(open_package: Press) -> None:
    link = given(open_package, "Canary TV")
    log_airing(
        source=link,
        item=open_package.items[0],
        title="The film",
        kind=CoverageKind.TELEVISION,
        on=localdate(now()),
        aired_at=None,
        programme="Evening",
        link="",
    )
    path = url("media_package_coverage", open_package.package.uuid)
    reviewer = seat(workspace=open_package.made.workspace, role=SeatRole.REVIEWER).person
    assert "Canary TV" not in sign_in(Client(), reviewer).get(path).content.decode()
    assert "Canary TV" in sign_in(Client(), open_package.made.coordinator).get(path).content.decode()


def test_a_file_of_an_item_is_not_deleted_before_it_is_taken_out(here: Press) -> None:
    item = here.item()
    made = here.file(item)
    with pytest.raises(Refused, match="media package"):
        delete_file(access=here.access, file=stored(made))
    remove_rendition(access=here.access, rendition=made)
    delete_file(access=here.access, file=stored(made))
    with pytest.raises(Refused, match="deleted"):
        restore_rendition(access=here.access, rendition=made)
    restore_file(access=here.access, file=stored(made))
    assert restore_rendition(access=here.access, rendition=made).removed_at is None


def test_a_file_that_is_gone_in_another_way_is_not_given_out(open_package: Press, client: Client) -> None:
    item = open_package.items[0]
    made = item.renditions.get()
    link = given(open_package)
    public = f"/en/media/{open_package.package.slug}/"
    addresses = (f"{public}files/{made.uuid}/{made.file_name}", path_of(link, made), f"{public}all.zip")
    assert [client.get(one).status_code for one in addresses] == [200, 200, 200]
    StoredFile.objects.filter(pk=stored(made).pk).update(deleted_at=now())
    assert [client.get(one).status_code for one in addresses] == [404, 404, 404]
    for page in (client.get(public).content.decode(), page_of(link)):
        assert path_of(link, made) not in page
        assert f"/files/{made.uuid}/" not in page
    assert open_package.judge(item).file(made.uuid) is None


def test_a_notice_about_a_limited_item_is_not_read_by_another_press_officer(
    open_package: Press,
) -> None:
    item = open_package.items[0]
    officer = seat(workspace=open_package.made.workspace, role=SeatRole.EDITOR)
    OfficeFactory(kind=OfficeKind.PRESS_OFFICER, person=officer.person, organisation=officer.organisation)
    outlet_with(item.renditions.get())
    with freeze_clock_at(now() - 2 * SILENCE):
        notice = send_notice(access=open_package.access, item=item, kind=NoticeKind.CORRECTION)
    desk = sign_in(Client(), officer.person)
    pages = [
        url("media_calls", open_package.made.workspace.uuid),
        url("media_notice", notice.uuid),
        url("media_recipient", notice.recipients.get().uuid),
    ]
    assert all("Oral TV" in desk.get(one).content.decode() for one in pages)
    assert list(outlets_to_call(officer.person, Viewer(signed_in=True)))
    keep_to_own(open_package, item)
    calls, *about = [desk.get(one) for one in pages]
    assert [one.status_code for one in about] == [404, 404]
    assert item.name not in calls.content.decode()
    assert not list(outlets_to_call(officer.person, Viewer(signed_in=True)))
    own = sign_in(Client(), open_package.made.coordinator)
    assert item.name in own.get(pages[0]).content.decode()


def test_the_desk_says_why_a_file_stays(here: Press) -> None:
    made = here.file(here.item())
    desk = sign_in(Client(), here.made.coordinator)
    answer = desk.post(reverse("documents:delete", args=[stored(made).uuid]), follow=True)
    assert "media package" in answer.content.decode()
    stored(made).refresh_from_db()
    assert stored(made).deleted_at is None


def test_a_file_that_was_deleted_meanwhile_is_not_added(here: Press) -> None:
    item = here.item()
    file = upload_file(access=here.access, content=BytesIO(b"words"), size=5, name="words.txt")
    delete_file(access=access_to(here.made.coordinator, here.made.workspace.uuid), file=file)
    file.deleted_at = None  # as it was when the page was loaded
    with pytest.raises(Refused):
        add_rendition(access=here.access, item=item, file=file, rendition_format=Format.DOCUMENT)
