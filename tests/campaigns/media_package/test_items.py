"""Names of items, and who takes them out."""

import datetime

import pytest
from django.urls import reverse

from coalition.accounts.models import OfficeKind
from coalition.audit.models import AuditEntry
from coalition.campaigns.media_package.actions.items import change_item, remove_item, restore_item
from coalition.campaigns.media_package.actions.renditions import remove_rendition, restore_rendition
from coalition.campaigns.media_package.models import Rendition
from coalition.core.errors import Refused
from coalition.roles import SeatRole
from coalition.workspaces.permissions import Access, NotAllowed, access_to
from documents.drafts.actions.manage import change_draft
from documents.drafts.models import Draft, Handling, TextKind
from documents.drafts.queries import LockedSetting
from tests.campaigns.media_package.builders import Press
from tests.campaigns.media_package.notices.builders import outlet_with
from tests.factories import DraftFactory, OfficeFactory, seat

TODAY = datetime.date(2030, 1, 2)

pytestmark = pytest.mark.django_db


def test_a_name_by_which_files_are_known_stays_with_its_item(here: Press) -> None:
    item, other = here.item("film"), here.item("film-2")
    made = here.file(item)
    change_item(access=here.access, item=item, name="renamed")
    with pytest.raises(Refused, match="Another item has this name"):
        here.item("film")
    with pytest.raises(Refused, match="Another item has this name"):
        change_item(access=here.access, item=other, name="film")
    here.file(other)
    assert here.package.items.count() == 2
    change_item(access=here.access, item=item, name="film")
    assert (made.file_name, here.file(item).file_name) == ("film_document_v1.txt", "film_document_v2.txt")


def member(here: Press, role: SeatRole, *, is_press_officer: bool = False) -> Access:
    """Somebody with this seat of an organisation of their own."""
    found = seat(workspace=here.made.workspace, role=role)
    access = access_to(found.person, here.made.workspace.uuid)
    if is_press_officer:
        OfficeFactory(kind=OfficeKind.PRESS_OFFICER, person=found.person, organisation=access.organisation)
    return access_to(found.person, here.made.workspace.uuid)


def test_editors_take_out_what_was_not_given_out(here: Press) -> None:
    item, editor = here.item(), member(here, SeatRole.EDITOR)
    made, officer = here.file(item), member(here, SeatRole.REVIEWER, is_press_officer=True)
    with pytest.raises(NotAllowed):
        remove_item(access=officer, item=item)
    with pytest.raises(NotAllowed):
        remove_rendition(access=officer, rendition=made)
    remove_rendition(access=editor, rendition=made)
    restore_rendition(access=editor, rendition=made)
    remove_item(access=editor, item=item)
    assert restore_item(access=editor, item=item).removed_at is None


def test_press_officers_take_out_what_was_given_out(open_package: Press) -> None:
    item, made = open_package.items[0], Rendition.objects.get()
    editor = member(open_package, SeatRole.EDITOR)
    with pytest.raises(NotAllowed, match="Press officers and coordinators"):
        remove_item(access=editor, item=item)
    with pytest.raises(NotAllowed, match="Press officers and coordinators"):
        remove_rendition(access=editor, rendition=made)
    officer = member(open_package, SeatRole.REVIEWER, is_press_officer=True)
    remove_rendition(access=officer, rendition=made)
    with pytest.raises(NotAllowed):
        restore_rendition(access=editor, rendition=made)
    restore_rendition(access=officer, rendition=made)
    remove_item(access=officer, item=item)
    with pytest.raises(NotAllowed):
        restore_item(access=editor, item=item)
    assert restore_item(access=officer, item=item).removed_at is None


def test_what_an_outlet_took_under_embargo_was_given_out(here: Press) -> None:
    item = here.item()
    made = here.file(item)
    outlet_with(made)
    editor = member(here, SeatRole.EDITOR)
    with pytest.raises(NotAllowed):
        remove_item(access=editor, item=item)
    with pytest.raises(NotAllowed):
        remove_rendition(access=editor, rendition=made)


def test_a_press_officer_finds_notices_and_what_was_taken_out(open_package: Press, client_of) -> None:
    item, made = open_package.items[0], Rendition.objects.get()
    officer = member(open_package, SeatRole.REVIEWER, is_press_officer=True)
    client, editor = client_of(officer.user), client_of(member(open_package, SeatRole.EDITOR).user)
    page = reverse("campaigns:media_item", args=[item.uuid])
    package = reverse("campaigns:media_package", args=[open_package.package.uuid])
    back = f'action="{reverse("campaigns:media_item_restore", args=[item.uuid])}"'
    assert reverse("campaigns:media_item_notices", args=[item.uuid]) in client.get(page).content.decode()
    assert back not in client.get(package).content.decode()

    remove_rendition(access=officer, rendition=made)
    file_back = f'action="{reverse("campaigns:media_file_restore", args=[made.uuid])}"'
    assert file_back in client.get(page).content.decode()
    words = editor.get(page).content.decode()
    assert made.file_name in words
    assert file_back not in words

    remove_item(access=officer, item=item)
    assert back in client.get(package).content.decode()
    assert back in client.get(page).content.decode()
    words = editor.get(package).content.decode()
    assert item.draft.title in words
    assert back not in words


def test_marks_of_what_was_given_out_are_changed_by_coordinators(open_package: Press, client_of) -> None:
    item, editor = open_package.items[0], member(open_package, SeatRole.EDITOR)
    draft = open_package.item("later")
    assert change_item(access=editor, item=draft, ai_mark="generated").ai_mark == "generated"
    for fields in ({"ai_mark": "assisted"}, {"age_mark": 16}, {"kind": "audio"}, {"licence_until": TODAY}):
        with pytest.raises(NotAllowed, match="Coordinators change"):
            change_item(access=editor, item=item, **fields)
    page = reverse("campaigns:media_item_edit", args=[item.uuid])
    said = {"name": "film", "kind": "audio", "ai_mark": "generated", "age_mark": "0", "sets_formats": ["web"]}
    assert client_of(editor.user).post(page, said).status_code == 302
    item.refresh_from_db()
    assert (item.kind, item.ai_mark, item.sets_formats) == ("video", "none", ["web"])
    assert client_of(open_package.made.coordinator).post(page, said).status_code == 302
    item.refresh_from_db()
    assert (item.kind, item.ai_mark) == ("audio", "generated")


def test_the_text_of_an_item_stays_of_its_kind(here: Press) -> None:
    """Files, posters and the news ask for the kind alone, so that other texts cost no query."""
    draft = here.item("film").draft
    with pytest.raises(LockedSetting, match="stays of this kind"):
        _change_kind(here.access, draft, TextKind.STATEMENT)
    assert _change_kind(here.access, draft, TextKind.MEDIA_ITEM).kind == TextKind.MEDIA_ITEM
    other = DraftFactory(workspace=here.package.workspace, organisation=here.access.organisation)
    _change_kind(here.access, other, TextKind.MEDIA_ITEM)
    assert _change_kind(here.access, other, TextKind.STATEMENT).kind == TextKind.STATEMENT


def _change_kind(access: Access, draft: Draft, kind: TextKind) -> Draft:
    return change_draft(
        access=access, draft=draft, title=draft.title, kind=kind, handling=Handling(draft.handling)
    )


def test_the_audit_log_has_what_was_changed_of_an_item(here: Press) -> None:
    item = here.item()
    change_item(access=here.access, item=item, name="film", age_mark=16, licence_until=TODAY)
    entry = AuditEntry.objects.get(action="media_item.changed", target=item.uuid)
    assert entry.detail["changed"] == {"age_mark": [0, 16], "licence_until": [None, TODAY.isoformat()]}
