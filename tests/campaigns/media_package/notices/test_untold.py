"""What outlets took and was taken out: those who serve them are reminded to tell them."""

import pytest
from django.urls import reverse

from coalition.accounts.models import OfficeKind
from coalition.accounts.naming import Viewer
from coalition.campaigns.media_package.actions.items import remove_item, restore_item
from coalition.campaigns.media_package.actions.renditions import remove_rendition
from coalition.campaigns.media_package.enums import NoticeKind
from coalition.campaigns.media_package.models import Rendition
from coalition.campaigns.media_package.notices.actions import send_notice, withdraw_item
from coalition.campaigns.media_package.notices.untold import outlets_to_tell, untold_words
from coalition.roles import SeatRole
from coalition.workspaces.permissions import access_to
from tests.campaigns.media_package.builders import Press
from tests.campaigns.media_package.notices.builders import outlet, outlet_with, take
from tests.factories import OfficeFactory, seat

pytestmark = pytest.mark.django_db


@pytest.fixture
def film(open_package: Press) -> Rendition:
    """A file that two outlets took; a third took nothing."""
    found = Rendition.objects.get()
    outlet_with(found)
    outlet_with(found, "Caspian Radio")
    outlet(open_package.package, "Took Nothing")
    return found


def test_an_item_that_is_taken_out_is_told_of_or_put_back(open_package: Press, film: Rendition) -> None:
    access, item = open_package.access, open_package.items[0]
    assert untold_words(item) == ""
    remove_item(access=access, item=item)
    assert untold_words(item).startswith("2 outlets took")
    restore_item(access=access, item=item)
    assert untold_words(item) == ""
    remove_item(access=access, item=item)
    send_notice(access=access, item=item, kind=NoticeKind.WITHDRAWAL)
    assert untold_words(item) == ""
    restore_item(access=access, item=item)
    remove_item(access=access, item=item)
    assert untold_words(item).startswith("2 outlets took")  # what was sent spoke of the time before


def test_taking_out_and_telling_at_once_leaves_nobody(open_package: Press, film: Rendition) -> None:
    withdraw_item(access=open_package.access, item=open_package.items[0])
    assert untold_words(open_package.items[0]) == ""


def test_a_file_that_is_taken_out_counts_those_who_took_it(open_package: Press, film: Rendition) -> None:
    item = open_package.items[0]
    other = open_package.file(item, b"Other words.", language="kk")
    take(outlet(open_package.package, "Late Radio"), other)
    remove_rendition(access=open_package.access, rendition=other)
    assert untold_words(item).startswith("1 outlet took")


def test_only_those_who_serve_outlets_are_reminded(open_package: Press, film: Rendition, client_of) -> None:
    item, workspace = open_package.items[0], open_package.made.workspace
    remove_item(access=open_package.access, item=item)
    editor = seat(workspace=workspace, role=SeatRole.EDITOR).person
    page = reverse("campaigns:media_item", args=[item.uuid])
    assert "have not been told" not in client_of(editor).get(page).content.decode()
    assert not list(outlets_to_tell(editor, Viewer(signed_in=True)))
    stranger = seat(role=SeatRole.COORDINATOR).person
    assert not list(outlets_to_tell(stranger, Viewer(signed_in=True)))

    organisation = access_to(editor, workspace.uuid).organisation
    OfficeFactory(kind=OfficeKind.PRESS_OFFICER, person=editor, organisation=organisation)
    assert "have not been told" in client_of(editor).get(page).content.decode()
    [row] = outlets_to_tell(editor, Viewer(signed_in=True))
    assert row.url == reverse("campaigns:media_item_notices", args=[item.uuid])
    assert "2 outlets" in row.detail
