"""The form of an upload, and the list of what a person has not finished."""

import pytest
from django.template.loader import render_to_string
from django.test import RequestFactory
from lxml import html

from coalition.campaigns.media_package.models import FileUpload
from coalition.campaigns.media_package.uploads.forms import UploadForm
from coalition.campaigns.media_package.uploads.pieces import PIECE_BYTES
from coalition.campaigns.media_package.uploads.presenters import unfinished_rows
from tests.campaigns.media_package.builders import Press
from tests.campaigns.media_package.uploads.builders import PIECE, Sender, film

pytestmark = pytest.mark.django_db


def drawn(name: str, context: dict[str, object]) -> html.HtmlElement:
    text = render_to_string(f"campaigns/media_package/{name}", context, RequestFactory().get("/"))
    return html.fragment_fromstring(text, create_parent="div")


def test_the_form_works_without_script_and_says_where_pieces_go(sender: Sender) -> None:
    page = drawn("_upload.html", {"item": sender.item, "upload_form": UploadForm(item=sender.item)})
    (form,) = page.xpath(".//form")
    assert form.get("action") == f"/workspaces/media/items/{sender.item.uuid}/files/#upload"
    assert (form.get("method"), form.get("enctype")) == ("post", "multipart/form-data")
    assert form.get("data-uploads-url") == f"/workspaces/media/items/{sender.item.uuid}/uploads/"
    assert form.get("data-piece-bytes") == str(PIECE_BYTES)
    names = {one.get("name") for one in form.xpath(".//*[@name]")}
    assert {"csrfmiddlewaretoken", "format", "language", "file"} <= names
    ids = [one.get("id") for one in form.xpath(".//*[@id]")]
    assert len(ids) == len(set(ids))
    assert form.xpath(".//label[@for='upload_file']")


def test_unfinished_uploads_are_listed_with_what_to_do(sender: Sender, here: Press) -> None:
    upload = sender.begun(3 * PIECE)
    sender.send(upload, 0, film()[:PIECE])
    page = drawn("_unfinished_uploads.html", {"unfinished": unfinished_rows(here.access, sender.item)})
    text = " ".join(page.text_content().split())
    assert "film.mp4" in text
    assert "64.0" in text.replace("\xa0", " ")
    assert page.xpath(".//button/@data-cancel-upload") == [sender.path(upload)]

    FileUpload.objects.update(failure="No captions.")
    page = drawn("_unfinished_uploads.html", {"unfinished": unfinished_rows(here.access, sender.item)})
    assert "No captions." in page.text_content()


def test_nothing_is_listed_without_uploads(sender: Sender, here: Press) -> None:
    page = drawn("_unfinished_uploads.html", {"unfinished": unfinished_rows(here.access, sender.item)})
    assert page.text_content().strip() == ""


def test_three_unfinished_uploads_take_as_many_queries_as_one(
    sender: Sender, here: Press, django_assert_num_queries
) -> None:
    sender.begun(PIECE)
    with django_assert_num_queries(4):
        assert len(unfinished_rows(here.access, sender.item)) == 1
    sender.begun(PIECE)
    sender.begun(PIECE)
    with django_assert_num_queries(4):
        assert len(unfinished_rows(here.access, sender.item)) == 3
