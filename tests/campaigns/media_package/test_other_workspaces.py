"""Nobody acts on a package with the rights of another workspace."""

from collections.abc import Callable

import pytest

from coalition.campaigns.media_package.actions import items, packages, renditions
from coalition.campaigns.media_package.enums import Format, NoticeKind, PackageAudience
from coalition.campaigns.media_package.measuring.copies import make_copies
from coalition.campaigns.media_package.models import FileUpload, Rendition
from coalition.campaigns.media_package.notices.actions import send_notice, withdraw_item
from coalition.campaigns.media_package.posters.facts import update_fact_in_text
from coalition.campaigns.media_package.posters.setting import set_missing_files
from coalition.campaigns.media_package.uploads.actions import begin_upload, cancel_upload
from coalition.campaigns.media_package.uploads.assembly import try_again
from coalition.roles import SeatRole
from coalition.workspaces.permissions import Access, NotAllowed, access_to
from tests.campaigns.media_package.builders import Press
from tests.factories import seat

pytestmark = pytest.mark.django_db

type Act = Callable[[Access, Press], object]

ACTS: dict[str, Act] = {
    "change a package": lambda by, here: packages.change_package(
        access=by, package=here.package, contact_name="Somebody"
    ),
    "set the audience": lambda by, here: packages.set_access(
        access=by, package=here.package, audience=PackageAudience.OUTLETS, opens_at=None
    ),
    "open the page": lambda by, here: packages.publish_package(access=by, package=here.package),
    "close the page": lambda by, here: packages.unpublish_package(access=by, package=here.package),
    "order items": lambda by, here: items.order_items(access=by, package=here.package, order=[]),
    "add an item": lambda by, here: items.create_item(
        access=by, package=here.package, title="Other", kind="text", name="other"
    ),
    "change an item": lambda by, here: items.change_item(access=by, item=here.items[0], age_mark=16),
    "take an item out": lambda by, here: items.remove_item(access=by, item=here.items[0]),
    "put an item back": lambda by, here: items.restore_item(access=by, item=here.items[0]),
    "tell outlets": lambda by, here: send_notice(access=by, item=here.items[0], kind=NoticeKind.CORRECTION),
    "take an item out and tell": lambda by, here: withdraw_item(access=by, item=here.items[0]),
    "take new figures": lambda by, here: update_fact_in_text(access=by, item=here.items[0]),
    "set posters": lambda by, here: set_missing_files(access=by, item=here.items[0]),
    "add a file": lambda by, here: renditions.add_rendition(
        access=by, item=here.items[0], file=_file(here).file, rendition_format=Format.DOCUMENT
    ),
    "prepare a file again": lambda by, here: renditions.prepare_again(access=by, rendition=_file(here)),
    "take a file out": lambda by, here: renditions.remove_rendition(access=by, rendition=_file(here)),
    "put a file back": lambda by, here: renditions.restore_rendition(access=by, rendition=_file(here)),
    "make copies": lambda by, here: make_copies(access=by, rendition=_file(here), formats=[Format.PREVIEW]),
    "begin an upload": lambda by, here: _upload(by, here),  # noqa: PLW0108  defined below
    "cancel an upload": lambda by, here: cancel_upload(access=by, upload=_upload(here.access, here)),
    "try an upload again": lambda by, here: try_again(access=by, upload=_upload(here.access, here)),
}


def _file(here: Press) -> Rendition:
    return here.items[0].renditions.select_related("item", "file").get()


def _upload(by: Access, here: Press) -> FileUpload:
    return begin_upload(
        access=by, item=here.items[0], name="a.txt", size=5, rendition_format=Format.DOCUMENT, language=""
    )


@pytest.mark.parametrize("name", ACTS)
def test_a_coordinator_of_another_workspace_may_not(open_package: Press, name: str) -> None:
    stranger = seat(role=SeatRole.COORDINATOR)
    with pytest.raises(NotAllowed):
        ACTS[name](access_to(stranger.person, stranger.workspace.uuid), open_package)
