"""What a station would refuse, in words; and when an item is ready for TV."""

import pytest
from django.utils.translation import override

from coalition.campaigns.media_package.enums import Format, RenditionState
from coalition.campaigns.media_package.measuring.presenters import measurements_in_words
from coalition.campaigns.media_package.measuring.warnings import MEGABYTE, is_ready_for_tv, station_warnings
from coalition.campaigns.media_package.models import Rendition
from documents.files.models import StoredFile

GOOD = {
    "seconds": 90.0,
    "width": 1920,
    "height": 1080,
    "fps": 25.0,
    "interlaced": False,
    "field_order": "progressive",
    "video_codec": "h264",
    "audio_codec": "aac",
    "loudness": -23.1,
    "peak": -6.0,
    "has_sound": True,
    "has_picture": True,
}


@pytest.fixture(autouse=True)
def _english():
    with override("en"):
        yield


def rendition(
    rendition_format: Format = Format.MASTER,
    *,
    language: str = "kk",
    size: int = MEGABYTE,
    content_type: str = "video/mp4",
    measurements: dict | None = None,
    **values,
) -> Rendition:
    return Rendition(
        format=rendition_format,
        language=language,
        size=size,
        state=RenditionState.READY,
        file=StoredFile(content_type=content_type),
        measurements={**GOOD, **values} if measurements is None else measurements,
    )


class TestWarnings:
    def test_a_good_master_has_none(self) -> None:
        assert station_warnings(rendition()) == []

    @pytest.mark.parametrize(
        ("file", "words"),
        [
            (rendition(loudness=-18.2), "Loudness −18.2 LUFS; stations take −23 LUFS ±1."),
            (rendition(loudness=-24.1), "Loudness −24.1 LUFS; stations take −23 LUFS ±1."),
            (
                rendition(loudness=-23.8, seconds=20.0),
                "Loudness −23.8 LUFS; some stations take −23 LUFS ±0.5 for short clips.",
            ),
            (rendition(loudness=-70.0), "The sound is silent from beginning to end."),
            (rendition(loudness=None), "The loudness could not be measured."),
            (rendition(has_sound=False, loudness=None), "The file has no sound."),
            (rendition(peak=-0.3), "True peak −0.3 dBTP; the limit is −1 dBTP."),
            (rendition(fps=29.97), "29.97 frames a second; stations take 25."),
            (rendition(width=1280, height=720), "1280 × 720 pixels; stations take 1920 × 1080."),
            (rendition(interlaced=True, field_order="tff"), "Interlaced; this file should be progressive."),
            (
                rendition(Format.INTERLACED),
                "Progressive; 1080i50 is interlaced, top field first.",
            ),
            (
                rendition(Format.INTERLACED, interlaced=True, field_order="bff"),
                "Bottom field first; 1080i50 is interlaced, top field first.",
            ),
            (rendition(Format.BITES, has_picture=False), "The file has no moving picture."),
            (
                rendition(Format.WEB, loudness=-23.0),
                "Loudness −23 LUFS; for the web and social networks about −14 LUFS.",
            ),
            (rendition(size=1_901 * MEGABYTE), "The file has 1901 MB; the limit is 1900 MB."),
            (
                rendition(Format.LIGHT_COPY, size=200 * MEGABYTE + 1),
                "The file has 201 MB; the limit is 200 MB.",
            ),
            (rendition(Format.PREVIEW, size=17 * MEGABYTE), "The file has 17 MB; the limit is 16 MB."),
            (rendition(measurements={}), "Not measured on this machine."),
            (
                rendition(measurements={"problem": "unreadable"}),
                "The file cannot be read: it may be broken or incomplete. Export it again.",
            ),
            (
                rendition(measurements={"problem": "too_long"}),
                "Measuring the file took too long. Check it before you send it to stations.",
            ),
        ],
    )
    def test_each_is_said_with_its_figure(self, file, words) -> None:
        assert station_warnings(file) == [words]

    def test_at_the_limits_nothing_is_said(self) -> None:
        assert station_warnings(rendition(loudness=-24.0, peak=-1.0, size=1_900 * MEGABYTE)) == []
        assert station_warnings(rendition(Format.INTERLACED, interlaced=True, field_order="tff")) == []
        assert station_warnings(rendition(Format.WEB, loudness=-14.5, width=640)) == []

    def test_a_story_of_film_is_measured_and_a_drawn_one_is_not(self) -> None:
        story = rendition(Format.STORY, loudness=-14.0, seconds=31.0, size=17 * MEGABYTE)
        assert station_warnings(story) == [
            "The file has 17 MB; the limit is 16 MB.",
            "1920 × 1080 pixels; the format is 9:16.",
            "31 seconds; stories have 30 at most.",
        ]
        drawn = rendition(Format.STORY, content_type="image/png", measurements={}, size=17 * MEGABYTE)
        assert station_warnings(drawn) == []

    def test_pictures_have_the_shape_of_their_format(self) -> None:
        drawn = rendition(Format.SQUARE, content_type="image/png", measurements={})
        drawn.file.width, drawn.file.height = 1080, 1080
        assert station_warnings(drawn) == []
        drawn.file.height = 1350
        assert station_warnings(drawn) == ["1080 × 1350 pixels; the format is 1:1."]

    @pytest.mark.parametrize(
        ("rendition_format", "content_type"),
        [
            (Format.MASTER, "text/plain"),
            (Format.MASTER, "audio/wav"),
            (Format.CLEAN_SOUND, "application/pdf"),
            (Format.VOICE_OVER, "text/plain"),
            (Format.A3, "video/mp4"),
        ],
    )
    def test_a_file_of_another_kind_is_no_file_of_the_format(self, rendition_format, content_type) -> None:
        file = rendition(rendition_format, content_type=content_type, measurements={})
        assert station_warnings(file) == ["This kind of file does not fit its format."]
        assert not is_ready_for_tv([file])

    def test_documents_have_none(self) -> None:
        assert station_warnings(rendition(Format.DOCUMENT, content_type="text/plain", measurements={})) == []


class TestReadyForTv:
    @pytest.mark.parametrize("rendition_format", [Format.MASTER, Format.INTERLACED])
    def test_kazakh_sound_is_ready(self, rendition_format) -> None:
        assert is_ready_for_tv([rendition(rendition_format)])
        assert not is_ready_for_tv([rendition(rendition_format, language="ru")])
        assert not is_ready_for_tv([rendition(rendition_format, language="")])
        assert not is_ready_for_tv([rendition(rendition_format, has_sound=False)])

    def test_short_answers_in_kazakh_are_no_film(self) -> None:
        assert not is_ready_for_tv([rendition(language="ru"), rendition(Format.BITES)])

    def test_clean_sound_needs_a_timed_kazakh_script(self) -> None:
        clean = rendition(Format.CLEAN_SOUND, language="", content_type="audio/wav")

        def script(language="kk", cues=3, content_type="text/vtt"):
            return rendition(
                Format.VOICE_OVER, language=language, content_type=content_type, measurements={"cues": cues}
            )

        assert is_ready_for_tv([clean, script()])
        assert not is_ready_for_tv([clean])
        assert not is_ready_for_tv([script()])
        assert not is_ready_for_tv([clean, script(language="ru")])
        assert not is_ready_for_tv([clean, script(cues=0)])
        assert not is_ready_for_tv([clean, script(content_type="text/plain")])

    def test_subtitles_alone_do_not_count(self) -> None:
        subtitles = rendition(Format.SUBTITLES, content_type="text/vtt", measurements={"cues": 9})
        assert not is_ready_for_tv([rendition(language="ru"), subtitles])
        assert not is_ready_for_tv([rendition(Format.CLEAN_SOUND), subtitles])


class TestWords:
    def test_what_was_measured_is_said(self) -> None:
        assert measurements_in_words(rendition(seconds=12.0)) == [
            "0:12",
            "1920 × 1080",
            "25 frames a second, progressive",
            "−23.1 LUFS",
            "true peak −6 dBTP",
        ]
        sound = rendition(Format.AUDIO, has_picture=False, seconds=3723.4, peak=None)
        assert measurements_in_words(sound) == ["1:02:03", "−23.1 LUFS"]
        fields = rendition(interlaced=True, fps=29.97)
        assert "29.97 frames a second, interlaced" in measurements_in_words(fields)

    @pytest.mark.parametrize("values", [{}, {"problem": "unreadable"}, {"cues": 4}])
    def test_what_was_not_measured_is_not_said(self, values) -> None:
        assert measurements_in_words(rendition(measurements=values)) == []
