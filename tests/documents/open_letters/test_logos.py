"""The logo of an organisation that joined: only with its permission, checked as pictures, gone with it."""

import io

import pytest
from django.core.files.storage import storages
from PIL import Image

from coalition.accounts.models import Language
from coalition.audit.models import AuditEntry
from coalition.core.errors import Refused
from coalition.workspaces.models import Notification
from coalition.workspaces.permissions import NotAllowed, access_to
from documents.models import Joining, JoiningLogo, OpenLetter, Publication
from documents.open_letters.actions import (
    admit_logo,
    approve_joining,
    ask_to_join,
    confirm_joining,
    join_again,
    open_letter,
    refuse_logo,
    reject_joining,
    remove_joining_logo,
    upload_joining_logo,
    withdraw_joining,
)
from documents.open_letters.queries import joined_organisations
from documents.publication.actions import publish_approved
from tests.documents.approval.builders import Stage, stage
from tests.factories import seat

pytestmark = [
    pytest.mark.django_db(transaction=True),  # files go once the transaction is committed
    pytest.mark.usefixtures("no_pages"),
]


@pytest.fixture
def made() -> Stage:
    return stage()


def opened(made: Stage, **given: object) -> tuple[OpenLetter, Publication]:
    publication = made.publish()
    return open_letter(access=made.access, draft=made.draft, slug="for-a-law", **given), publication


def join(letter: OpenLetter, publication: Publication, *, is_listed: bool = True) -> Joining:
    said = {"name": "Union", "contact": "Somebody", "position": "Chair", "address": "chair@union.example"}
    row = ask_to_join(
        letter=letter, publication=publication, **said, is_listed=is_listed, language=Language.EN
    )
    return confirm_joining(joining=row)


def picture(
    form: str = "PNG", size: tuple[int, int] = (600, 300), mode: str = "RGB", **given: object
) -> bytes:
    out = io.BytesIO()
    Image.new(mode, size, "teal" if mode != "I;16" else 0x8000).save(out, form, **given)
    return out.getvalue()


def send(row: Joining, content: bytes | None = None, name: str = "logo.png") -> JoiningLogo:
    content = picture() if content is None else content
    return upload_joining_logo(joining=row, content=io.BytesIO(content), size=len(content), name=name)


def shown(letter: OpenLetter, publication: Publication) -> list[bool]:
    return [one.public_logo is not None for one in joined_organisations(letter, publication).named]


def files() -> int:
    """How many logos lie in the storage."""
    folder = storages["default"]
    if not folder.exists("logos"):
        return 0
    return sum(len(folder.listdir(f"logos/{one}")[1]) for one in folder.listdir("logos")[0])


def test_it_is_shown_with_permission_and_gone_without(made):
    before = files()
    letter, publication = opened(made, looks_first=False)
    row = join(letter, publication)
    assert shown(letter, publication) == [False]
    logo = send(row)
    row.refresh_from_db()
    assert row.logo_allowed
    assert (logo.width, logo.height) == (480, 240)
    assert shown(letter, publication) == [True]
    assert files() == before + 1
    send(row, picture("JPEG"), "logo.JPG")
    assert files() == before + 1, "the one before goes"
    remove_joining_logo(joining=row)
    remove_joining_logo(joining=row)
    row.refresh_from_db()
    assert not row.logo_allowed
    assert shown(letter, publication) == [False]
    assert joined_organisations(letter, publication).names == ["Union"]
    assert files() == before
    assert not AuditEntry.objects.filter(action__startswith="letter.logo", detail__icontains="Union").exists()


def test_where_names_are_looked_at_logos_are_too_each_newer_one_again(made):
    letter, publication = opened(made)
    row = join(letter, publication)
    approve_joining(access=made.access, joining=row)
    first = send(row)
    assert shown(letter, publication) == [False]
    assert Notification.objects.filter(kind="letter_logo", person=made.coordinator).count() == 1
    admit_logo(access=made.access, joining=row, logo=first.uuid)
    assert shown(letter, publication) == [True]
    second = send(row, picture(size=(50, 50)))
    assert shown(letter, publication) == [False]
    with pytest.raises(Refused, match="not there any more"):
        admit_logo(access=made.access, joining=row, logo=first.uuid)
    admit_logo(access=made.access, joining=row, logo=second.uuid)
    assert shown(letter, publication) == [True]
    refuse_logo(access=made.access, joining=row, logo=second.uuid)
    assert shown(letter, publication) == [False]
    assert joined_organisations(letter, publication).names == ["Union"]


@pytest.mark.parametrize("end", ["withdrawn", "refused"])
def test_it_goes_with_the_name(made, end):
    before = files()
    letter, publication = opened(made, looks_first=False)
    row = join(letter, publication)
    send(row)
    if end == "withdrawn":
        withdraw_joining(joining=row)
    else:
        reject_joining(access=made.access, joining=row)
    row.refresh_from_db()
    assert not row.logo_allowed
    assert not JoiningLogo.objects.exists()
    assert files() == before
    with pytest.raises(Refused, match="any more"):
        send(row)
    with pytest.raises(Refused, match="any more"):
        remove_joining_logo(joining=row)


def test_it_stays_when_the_corrected_words_are_joined(made):
    letter, first = opened(made, looks_first=False)
    row = join(letter, first)
    send(row)
    round_ = made.put(versions=[made.version("Corrected words.")])
    made.approve_all(round_)
    second = publish_approved(access=made.access, round_=round_)
    assert shown(letter, second) == []
    join_again(joining=row, publication=second.uuid)
    assert shown(letter, second) == [True]


def test_who_is_counted_and_not_named_has_none_and_a_wrong_link_neither(made):
    letter, publication = opened(made, looks_first=False)
    row = join(letter, publication, is_listed=False)
    with pytest.raises(Refused, match="not named"):
        send(row)
    assert not JoiningLogo.objects.exists()


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "logo.svg", "PNG, JPEG or WebP"),
        (picture("GIF"), "logo.gif", "PNG, JPEG or WebP"),
        (b"%PDF-1.7 not a picture", "logo.png", "png"),
        (picture()[:90], "logo.png", "broken"),
        (b"\x89PNG" + bytes(3 * 1024**2), "logo.png", "at most 2 MB"),
    ],
)
def test_what_is_no_logo_is_refused_in_words_and_nothing_stays(made, content, name, words):
    before = files()
    letter, publication = opened(made, looks_first=False)
    row = join(letter, publication)
    with pytest.raises(Refused, match=words):
        send(row, content, name)
    assert (files(), JoiningLogo.objects.count()) == (before, 0)


def test_nothing_hidden_in_it_is_kept(made):
    letter, publication = opened(made, looks_first=False)
    row = join(letter, publication)
    hidden = Image.Exif()
    hidden[0x010E] = "Canary"
    logo = send(row, picture("JPEG", exif=hidden, comment=b"Canary") + b"Canary tail", "logo.jpg")
    with logo.file.open("rb") as file:
        content = file.read()
    assert content.startswith(b"\x89PNG")
    assert b"Canary" not in content


def test_greys_of_sixteen_bits_stay_grey(made):
    letter, publication = opened(made, looks_first=False)
    row = join(letter, publication)
    logo = send(row, picture(size=(20, 10), mode="I;16"))
    with logo.file.open("rb") as file, Image.open(file) as drawn:
        assert drawn.getpixel((5, 5)) == (128, 128, 128, 255)


def test_only_coordinators_admit_and_delete(made):
    letter, publication = opened(made)
    row = join(letter, publication)
    logo = send(row)
    editor = access_to(seat(workspace=made.workspace, role="editor").person, made.workspace.uuid)
    for act in (admit_logo, refuse_logo):
        with pytest.raises(NotAllowed):
            act(access=editor, joining=row, logo=logo.uuid)
