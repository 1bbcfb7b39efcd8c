"""The demo's clip is what a station takes, and small."""

import resource

import pytest

from coalition.campaigns.media_package.enums import Format, RenditionState
from coalition.campaigns.media_package.measuring.measure import measure_file
from coalition.campaigns.media_package.measuring.warnings import station_warnings
from coalition.campaigns.media_package.models import Rendition
from demo import clip
from documents.files.models import StoredFile
from documents.files.types import detect_file_type
from tests.campaigns.media_package.measuring.clips import stored, with_ffmpeg


def warnings_of(content: bytes, rendition_format: Format, measured: dict) -> list[str]:
    return station_warnings(
        Rendition(
            format=rendition_format,
            language="kk",
            size=len(content),
            state=RenditionState.READY,
            file=StoredFile(content_type="video/mp4"),
            measurements=measured,
        )
    )


@with_ffmpeg
@pytest.mark.parametrize("language", ["kk", "ru"])
def test_the_clip_can_go_on_air(language, tmp_path) -> None:
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    content = clip.make_clip(language)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before <= 20
    assert len(content) <= 1_500_000
    measured = measure_file(stored(content), "video/mp4")
    assert measured["loudness"] == pytest.approx(-23, abs=1)
    assert (measured["fps"], measured["interlaced"], measured["seconds"]) == (25.0, False, 12.0)
    assert (measured["width"], measured["height"]) == (1920, 1080)
    assert warnings_of(content, Format.MASTER, measured) == []
    path = tmp_path / "clip.mp4"
    path.write_bytes(content)
    with path.open("rb") as file:
        assert detect_file_type(file, path.name).media_type == "video/mp4"


@with_ffmpeg
def test_the_story_fits_into_messengers() -> None:
    content = clip.make_story_clip("ru")
    measured = measure_file(stored(content), "video/mp4")
    assert (measured["width"], measured["height"]) == (1080, 1920)
    assert warnings_of(content, Format.STORY, measured) == []


@with_ffmpeg
def test_the_same_language_gives_the_same_bytes() -> None:
    assert clip.make_clip("en") == clip.make_clip("en")


def test_without_the_program_there_is_none(monkeypatch) -> None:
    monkeypatch.setattr(clip, "find_ffmpeg", lambda: "")
    assert clip.make_clip("kk") is None
    assert clip.make_story_clip("kk") is None
