"""Videos: own files, with captions that a browser shows and the words that are spoken."""

import io

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils.translation import override
from PIL import Image

from coalition.core.errors import Refused
from documents.files import captions as caption_rules
from documents.files.captions import check_captions
from home import videos
from home.models import NewsPage, PublicImage, PublicVideo
from home.models.blocks import StoryBlock
from tests.documents.files.metadata import media_samples
from tests.documents.files.metadata.media_samples import CANARY
from tests.documents.files.test_files_pages import read
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db
CAPTIONS = "WEBVTT\n\n1\n00:00.000 --> 00:01.500\nСәлем\n\n00:01.500 --> 00:03.000 align:start\nБіз\n"


def film(content: bytes | None = None, name: str = "film.mp4") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, media_samples.mp4() if content is None else content, "video/mp4")


def captions(text: str = CAPTIONS) -> SimpleUploadedFile:
    return SimpleUploadedFile("words.vtt", text.encode())


@pytest.fixture
def poster(db):
    content = io.BytesIO()
    Image.new("RGB", (160, 90), "red").save(content, "PNG")
    return PublicImage.objects.create(
        title="Poster", alt="A red field", file=SimpleUploadedFile("p.png", content.getvalue())
    )


@pytest.fixture
def video(poster):
    """`video(file=…)`: a video that is kept."""

    def make(**given: object) -> PublicVideo:
        told = {"captions_kk": captions(), "transcript_kk": "Сәлем. Біз.", "file": film(), **given}
        made = PublicVideo(title="Film", poster=poster, credit="Aru", **told)
        made.full_clean()
        made.save()
        return made

    return make


def faults(make, **given) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as caught:
        make(**given)
    assert not PublicVideo.objects.exists()
    return caught.value.message_dict


def test_a_video_is_kept_under_a_name_that_tells_nothing(video):
    made = video(file=film(name="Aigul at home.mp4"))
    assert made.media_type == "video/mp4"
    assert "igul" not in made.file.name
    assert made.captions_kk.name.endswith(".vtt")


@pytest.mark.parametrize(("name", "content"), [("a.mp4", b"<html>"), ("a.mov", b"x" * 99), ("a.webm", b"")])
def test_what_is_no_video_is_refused(video, name, content):
    assert "file" in faults(video, file=SimpleUploadedFile(name, content))


def test_a_sound_or_picture_is_no_video(video, poster):
    with poster.file.open("rb") as picture:
        assert "file" in faults(video, file=SimpleUploadedFile("a.png", picture.read()))


def test_too_large(video, monkeypatch):
    monkeypatch.setattr(videos, "MAX_VIDEO_BYTES", 50)
    assert "MB" in faults(video)["file"][0]


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.mp4", media_samples.mp4()), ("a.webm", media_samples.webm())],
    ids=["MP4", "WebM"],
)
def test_a_video_leaves_without_metadata(video, client, name, content):
    assert CANARY in content
    made = video(file=film(content, name))
    sent = read(client.get(made.file.url))
    assert len(sent) == len(content)
    assert CANARY not in sent
    for part in (media_samples.PICTURES, media_samples.SOUND):
        assert sent.index(part) == content.index(part)


def test_the_newsrooms_upload_is_cleaned_on_the_disk_too(newsroom, poster, settings):
    """Large uploads come as files on the disk, not in memory."""
    settings.FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.TemporaryFileUploadHandler"]
    posted = {"title": "Film", "credit": "Aru", "poster": poster.pk, "transcript_kk": "Сәлем"}
    posted |= {"file": film(media_samples.webm(), "a.webm"), "captions_kk": captions()}
    address = reverse(PublicVideo.snippet_viewset.get_url_name("add"))
    assert newsroom.post(address, posted).status_code == 302
    with PublicVideo.objects.get().file.open("rb") as stored:
        assert CANARY not in stored.read()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (media_samples.mp4() + b"\0\0\0\x03moov", "cannot be read"),
        (media_samples.mp4() + media_samples.box(b"moof"), "more than pictures and sound"),
    ],
)
def test_a_video_whose_metadata_cannot_be_removed_is_refused(video, content, words):
    assert words in faults(video, file=film(content))["file"][0]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"captions_kk": ""}, "captions_kk"),
        ({"transcript_kk": "  "}, "transcript_kk"),
        ({"captions_kk": "", "transcript_kk": ""}, "captions_kk"),
        ({"transcript_ru": "Привет"}, "captions_ru"),
    ],
)
def test_captions_and_transcript_come_together(video, given, field):
    assert field in faults(video, **given)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1\n00:00:01,000 --> 00:00:02,000\nSrt\n",
        "WEBVTTX\n\n00:00.000 --> 00:01.000\nA\n",
        "WEBVTT\n\nNothing\n",
        "WEBVTT\n\n00:02.000 --> 00:01.000\nBackwards\n",
        "WEBVTT\n\n00:05.000 --> 00:06.000\nA\n\n00:01.000 --> 00:02.000\nEarlier\n",
        "WEBVTT\n\n00:00.000 --> 00:01.000\n\nNo words\n",
        "WEBVTT\n\n0:0.0 --> 1\nTimes\n",
        "WEBVTT\n\n00:61.000 --> 01:99.000\nA\n",
        "WEBVTT\n\n00:00.000 --> 00:01.000\n\x00\n",
    ],
)
def test_captions_that_no_browser_would_show_are_refused(video, text):
    with pytest.raises(Refused):
        check_captions(text.encode())
    assert "captions_kk" in faults(video, captions_kk=captions(text))


def test_captions_in_other_letters_or_too_many_are_refused(monkeypatch):
    with pytest.raises(Refused, match="UTF-8"):
        check_captions(CAPTIONS.encode("cp1251", "replace").replace(b"?", b"\xff"))
    monkeypatch.setattr(caption_rules, "MAX_CAPTIONS_BYTES", 10)
    with pytest.raises(Refused, match="megabyte"):
        check_captions(CAPTIONS.encode())


@pytest.mark.parametrize("text", [CAPTIONS, "\ufeff" + CAPTIONS.replace("\n", "\r\n"), CAPTIONS.rstrip()])
def test_captions_that_are_good(text):
    assert check_captions(text.encode()) == 2


def test_the_newsroom_sends_a_video_in(newsroom, poster):
    posted = {"title": "Film", "credit": "Aru", "poster": poster.pk}
    posted |= {"file": film(), "captions_kk": captions()}
    address = reverse(PublicVideo.snippet_viewset.get_url_name("add"))
    refused = newsroom.post(address, posted)
    assert "Captions and transcript come together." in refused.content.decode()
    posted.update(file=film(), captions_kk=captions(), transcript_kk="Сәлем")
    assert newsroom.post(address, posted).status_code == 302
    assert PublicVideo.objects.get().languages() == ["kk"]


def test_every_block_with_hostile_words_leaves_the_page_whole(news, video, poster, client):
    evil = '"><script>alert(1)</script></div></article>'
    named = OrganisationFactory()
    body = [
        ("text", f"<p>{'ұ' * 300}</p>"),
        ("quote", {"words": evil, "speaker": evil, "role": evil}),
        ("number", dict.fromkeys(("numeral", "sentence", "scope", "source", "how_we_know"), evil)),
        ("video", {"video": video(transcript_kk=evil), "caption": evil}),
        ("box", {"heading": evil, "text": "<p>Here</p>"}),
        ("call", {"text": evil, "words": evil, "page": None, "address": "https://example.org/"}),
        ("organisations", {"heading": evil, "organisations": [str(named.uuid)]}),
    ]
    page = news("Every block", "kk", body=body)
    answer = client.get(page.get_url()).content.decode()
    assert "<script>alert" not in answer
    assert answer.count("</article>") == 1
    assert '<video controls preload="none"' in answer
    assert 'kind="captions"' in answer
    assert "autoplay" not in answer
    assert f"/kk/partners/{named.slug}/" in answer


def test_a_video_and_organisations_that_are_gone_leave_no_hole(news, client):
    body = [
        ("video", {"video": None, "caption": "Gone"}),
        ("organisations", {"heading": "Nobody", "organisations": ["nothing"]}),
        ("call", {"text": "", "words": "W", "page": None, "address": ""}),
    ]
    answer = client.get(news("Holes", body=body).get_url())
    assert answer.status_code == 200
    assert "Nobody" not in answer.content.decode()


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("call", {"text": "", "words": "W", "page": None, "address": ""}),
        ("call", {"text": "", "words": "", "page": None, "address": "https://example.org/"}),
        ("call", {"text": "", "words": "W", "page": None, "address": "javascript:alert(1)"}),
        ("video", {"video": None, "caption": ""}),
        ("box", {"heading": "", "text": "<p>A</p>"}),
        ("organisations", {"heading": "H", "organisations": []}),
        ("organisations", {"heading": "H", "organisations": ["nothing"]}),
    ],
)
def test_what_is_not_complete_is_not_kept(site, kind, value):
    block = StoryBlock().child_blocks[kind]
    with override("en"), pytest.raises(ValidationError):
        block.clean(block.normalize(value) if kind != "box" else block.to_python(value))


def test_the_captions_of_the_pages_language_come_first(news, video, client):
    film_of_two = video(captions_en=captions(), transcript_en="Hello")
    page = news("Film", "en", body=[("video", {"video": film_of_two, "caption": ""})])
    answer = client.get(page.get_url()).content.decode()
    assert '<div lang="en"><p>Hello</p>' in answer
    assert answer.count(" default>") == 1
    assert NewsPage.objects.count() == 1
