"""Files of sound and video are measured; a hostile one is an error in words, and opens nothing else."""

import http.server
import threading
from io import BytesIO

import pytest

from coalition.campaigns.media_package.measuring import ffmpeg, measure
from coalition.campaigns.media_package.measuring.measure import measure_file
from coalition.sandbox.run import SandboxStopped
from tests.campaigns.media_package.measuring.clips import clip, stored, with_ffmpeg

INTERLACED = ("-vf", "setfield=tff", "-flags", "+ildct+ilme", "-x264-params", "tff=1")


@with_ffmpeg
class TestMeasuring:
    def test_a_progressive_clip_with_a_tone(self) -> None:
        found = measure_file(stored(clip(size="640x360")), "video/mp4")
        assert found["loudness"] == pytest.approx(-24.8, abs=0.5)  # a sine of -18 dBFS at -3 dB
        assert found["loudness"] < found["peak"] < -18
        del found["loudness"], found["peak"]
        assert found == {
            "seconds": 2.0,
            "width": 640,
            "height": 360,
            "fps": 25.0,
            "interlaced": False,
            "field_order": "progressive",
            "video_codec": "h264",
            "audio_codec": "aac",
            "has_sound": True,
            "has_picture": True,
        }

    def test_fields_are_found_by_what_the_container_says(self) -> None:
        found = measure_file(stored(clip(*INTERLACED)), "video/mp4")
        assert (found["interlaced"], found["field_order"]) == (True, "tff")

    def test_fields_are_found_by_the_pictures_too(self) -> None:
        combed = ("-vf", "tinterlace=interleave_top,setfield=prog", "-r", "25")
        found = measure_file(stored(clip(*combed, rate=50)), "video/mp4")
        assert (found["interlaced"], found["field_order"]) == (True, "tff")

    @pytest.mark.parametrize(
        ("ending", "content_type"),
        [(".mp3", "audio/mpeg"), (".m4a", "audio/mp4"), (".wav", "audio/wav"), (".ogg", "audio/ogg")],
    )
    def test_sound_alone(self, ending, content_type) -> None:
        found = measure_file(stored(clip(picture=False, ending=ending)), content_type)
        assert (found["has_sound"], found["has_picture"], found["fps"]) == (True, False, None)
        assert found["loudness"] == pytest.approx(-24.8, abs=0.6)
        assert found["seconds"] == pytest.approx(2, abs=0.1)

    def test_a_picture_without_sound(self) -> None:
        found = measure_file(stored(clip(sound=False)), "video/mp4")
        assert (found["has_sound"], found["loudness"], found["peak"]) == (False, None, None)

    def test_silence_has_no_peak(self) -> None:
        found = measure_file(stored(clip(volume="0")), "video/mp4")
        assert (found["has_sound"], found["loudness"], found["peak"]) == (True, -70.0, None)

    def test_an_object_without_a_file_of_the_system_is_copied_first(self, monkeypatch) -> None:
        content = clip()
        monkeypatch.setattr(
            "django.core.files.storage.FileSystemStorage._open", lambda *_args: BytesIO(content)
        )
        assert measure_file(stored(content), "video/mp4")["seconds"] == 2.0


@with_ffmpeg
class TestHostileFiles:
    def test_a_playlist_under_another_name_opens_nothing(self, tmp_path) -> None:
        asked = []

        class Server(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                asked.append(self.path)

        server = http.server.HTTPServer(("127.0.0.1", 0), Server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        secret = tmp_path / "secret.ts"
        secret.write_bytes(clip())
        playlist = "#EXTM3U\n#EXT-X-TARGETDURATION:9\n" + "".join(
            f"#EXTINF:9,\n{address}\n"
            for address in (f"http://127.0.0.1:{server.server_port}/part.ts", f"file://{secret}", str(secret))
        )
        try:
            for content_type in ffmpeg.DEMUXERS:
                found = measure_file(stored(playlist.encode()), content_type)
                assert found.get("problem") == "unreadable", content_type
        finally:
            server.shutdown()
            server.server_close()
        assert not asked

    @pytest.mark.parametrize("keep", [0.3, 0.9])
    def test_a_file_that_breaks_off_is_unreadable(self, keep) -> None:
        content = clip()
        assert measure_file(stored(content[: int(len(content) * keep)]), "video/mp4") == {
            "problem": "unreadable"
        }

    def test_html_is_unreadable(self) -> None:
        assert measure_file(stored(b"<html>" * 500), "video/webm") == {"problem": "unreadable"}

    def test_a_file_that_takes_too_long(self, monkeypatch) -> None:
        def run(*_args, **_options):
            raise SandboxStopped("too long")

        monkeypatch.setattr(ffmpeg, "run_on_file", run)
        assert measure_file(stored(clip()), "video/mp4") == {"problem": "too_long"}

    def test_what_was_measured_before_a_part_failed_stays(self, monkeypatch) -> None:
        monkeypatch.setattr(measure, "_SOUND_SECONDS", 0)
        found = measure_file(stored(clip()), "video/mp4")
        assert (found["width"], found["loudness"]) == (320, None)


def test_without_the_program_nothing_is_measured(monkeypatch) -> None:
    monkeypatch.setattr(measure, "find_ffmpeg", lambda: "")
    assert measure_file(stored(b"\x00" * 100), "video/mp4") == {}


def test_other_files_are_not_measured() -> None:
    assert measure_file(stored(b"%PDF-1.7"), "application/pdf") == {}


def test_cues_of_timed_text_are_counted() -> None:
    vtt = b"WEBVTT\n\n00:01.000 --> 00:02.500\nOne\n\n00:00:03.000 --> 00:00:04.000\nTwo\n"
    assert measure_file(stored(vtt), "text/vtt") == {"cues": 2}
    assert measure_file(stored(b"1\n00:00:01,000 --> 00:00:02,000\nOne\n"), "application/x-subrip") == {
        "cues": 1
    }
    assert measure_file(stored(b"WEBVTT\n\nNo times here\n"), "text/vtt") == {"cues": 0}
