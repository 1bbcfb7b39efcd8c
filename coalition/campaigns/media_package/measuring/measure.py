"""Measure a file of sound or video: what a station looks at before it airs it."""

import logging
import re
from collections.abc import Callable
from typing import IO, Any, Final

from coalition.campaigns.media_package.measuring.ffmpeg import DEMUXERS, find_ffmpeg, opened_file, run_ffmpeg
from coalition.sandbox.run import SandboxFailed, SandboxStopped
from documents.files.public_copy import StoredBytes

TIMED_TEXT: Final = ("text/vtt", "application/x-subrip")
UNREADABLE, TOO_LONG = "unreadable", "too_long"  # values of "problem"

UNKNOWN: Final[dict[str, Any]] = {
    "seconds": None,
    "width": None,
    "height": None,
    "fps": None,
    "interlaced": None,
    "field_order": "",
    "video_codec": "",
    "audio_codec": "",
    "loudness": None,
    "peak": None,
    "has_sound": False,
    "has_picture": False,
}

# Seconds of CPU time, 120 in all. An hour of stereo sound takes about 25, 500 frames of 1080 lines about 3.
_PROBE_SECONDS: Final = 10
_PICTURE_SECONDS: Final = 40
_SOUND_SECONDS: Final = 70
_FRAMES: Final = 500  # looked at for interlacing
_COMBED_SHARE: Final = 0.4  # of the frames that tell; still pictures look progressive, fine lines combed
_MAX_TEXT_BYTES: Final = 1024**2

_DURATION: Final = re.compile(r"Duration: (\d+):(\d\d):(\d\d(?:\.\d+)?)")
_END: Final = re.compile(r"time=(\d+):(\d\d):(\d\d(?:\.\d+)?)")
_STREAM: Final = re.compile(r"^ +Stream #0:\d+.*?: (Video|Audio): (.+)$", re.MULTILINE)
_SIZE: Final = re.compile(r", (\d{2,5})x(\d{2,5})\b")
_RATE: Final = re.compile(r", ([\d.]+) fps\b")
_ORDERS: Final = {
    "progressive": "progressive",
    "top first": "tff",
    "bottom first": "bff",
    "top coded first (swapped)": "bff",  # shown bottom first
    "bottom coded first (swapped)": "tff",
}
_IDET: Final = re.compile(r"Multi frame detection: TFF: *(\d+) BFF: *(\d+) Progressive: *(\d+)")
_LOUDNESS: Final = re.compile(r"^ +I: +(-?[\d.]+) LUFS", re.MULTILINE)
_PEAK: Final = re.compile(r"^ +Peak: +(-?[\d.]+) dBFS", re.MULTILINE)
_CUE: Final = re.compile(r"^\s*[\d:]+[.,]\d{3}\s+-->\s+[\d:]+[.,]\d{3}", re.MULTILINE)

logger = logging.getLogger(__name__)


def measure_file(
    stored: StoredBytes, content_type: str, *, in_progress: Callable[[], object] = lambda: None
) -> dict[str, Any]:
    """Return the measurements of a file; {} for one without sound, moving pictures or timed text, and where
    there is no program to measure it.

    Sound and video: `seconds`, `width`, `height`, `fps`, `interlaced` (None if unknown), `field_order`
    ("progressive", "tff", "bff", ""), `video_codec`, `audio_codec`, `loudness` (integrated, in LUFS, by EBU
    R 128), `peak` (true peak in dBTP), `has_sound`, `has_picture`; what could not be measured is None. Timed
    text: `cues`, their number. Instead of them `problem`: UNREADABLE or TOO_LONG. Takes 120 seconds of CPU at
    most; `in_progress` is called every half minute.
    """
    if content_type in TIMED_TEXT:
        return {"cues": _count_cues(stored)}
    if content_type not in DEMUXERS or not find_ffmpeg():
        return {}
    try:
        with opened_file(stored) as source:
            return _measure(source, content_type, in_progress)
    except SandboxStopped as error:
        logger.warning("measuring a file was stopped: %s", error.said)
        return {"problem": TOO_LONG}
    except SandboxFailed as error:
        logger.warning("a file cannot be measured: %s", error.said)
        return {"problem": UNREADABLE}


def _measure(source: IO[bytes], content_type: str, in_progress: Callable[[], object]) -> dict[str, Any]:
    def run(*arguments: str, seconds: int, before: tuple[str, ...] = ()) -> str:
        return run_ffmpeg(
            source,
            content_type,
            [*arguments, "-f", "null", "-"],
            before=before,
            seconds=seconds,
            in_progress=in_progress,
        )

    head = run("-map", "0:v?", "-map", "0:a?", "-c", "copy", "-t", "0", seconds=_PROBE_SECONDS)
    found = read_streams(head)
    if found["has_picture"]:
        start = ("-ss", str(int(found["seconds"] / 3))) if (found["seconds"] or 0) > 60 else ()
        look = ("-map", "0:V:0", "-an", "-frames:v", str(_FRAMES), "-vf", "idet")
        said = _unless_failed(lambda: run(*look, seconds=_PICTURE_SECONDS, before=start))
        found |= read_interlacing(said, found["field_order"])
    if found["has_sound"]:
        listen = ("-map", "0:a:0", "-vn", "-af", "ebur128=peak=true:framelog=quiet")
        said = _unless_failed(lambda: run(*listen, seconds=_SOUND_SECONDS))
        found |= read_loudness(said)
        found["seconds"] = found["seconds"] or _seconds(_END, said)
    return found


def _unless_failed(run: Callable[[], str]) -> str:
    """Return the messages, "" if the program failed: what was measured before stays."""
    try:
        return run()
    except SandboxFailed as error:
        logger.warning("a part of a file cannot be measured: %s", error.said)
        return ""


def read_streams(said: str) -> dict[str, Any]:
    """Return what the program says about a file that it opened."""
    told = said.partition("Stream mapping:")[0]
    streams = _STREAM.findall(told)
    video = next((words for kind, words in streams if kind == "Video" and "(attached pic)" not in words), "")
    audio = next((words for kind, words in streams if kind == "Audio"), "")
    size, rate = _SIZE.search(video), _RATE.search(video)
    order = next(
        (code for words, code in _ORDERS.items() if re.search(rf"[(, ]{re.escape(words)}\)", video)), ""
    )
    return UNKNOWN | {
        "seconds": _seconds(_DURATION, told),
        "width": int(size[1]) if size else None,
        "height": int(size[2]) if size else None,
        "fps": float(rate[1]) if rate else None,
        "interlaced": {"": None, "progressive": False}.get(order, True),
        "field_order": order,
        "video_codec": _codec(video),
        "audio_codec": _codec(audio),
        "has_sound": bool(audio),
        "has_picture": bool(video),
    }


def read_interlacing(said: str, field_order: str) -> dict[str, Any]:
    """Return whether a picture is interlaced, and in which order: by its pictures, and by what the container
    says (`field_order`), which stands where they tell nothing."""
    found = _IDET.findall(said)
    top, bottom, progressive = (int(one) for one in found[-1]) if found else (0, 0, 0)
    telling = top + bottom + progressive
    if telling and (top + bottom) / telling >= _COMBED_SHARE:
        order = field_order if field_order in {"tff", "bff"} else ("tff" if top >= bottom else "bff")
        return {"interlaced": True, "field_order": order}
    if field_order or not telling:
        return {}
    return {"interlaced": False, "field_order": "progressive"}


def read_loudness(said: str) -> dict[str, Any]:
    """Return integrated loudness and true peak, None where there is none: silence has no peak."""
    summary = said.rpartition("Summary:")[2]
    loudness, peak = _LOUDNESS.search(summary), _PEAK.search(summary)
    return {"loudness": float(loudness[1]) if loudness else None, "peak": float(peak[1]) if peak else None}


def _codec(words: str) -> str:
    return re.split(r"[ ,(]", words, maxsplit=1)[0]


def _seconds(pattern: re.Pattern[str], said: str) -> float | None:
    found = pattern.findall(said)
    if not found:
        return None
    hours, minutes, seconds = found[-1]
    return round(int(hours) * 3600 + int(minutes) * 60 + float(seconds), 2)


def _count_cues(stored: StoredBytes) -> int:
    with stored.file.storage.open(str(stored.file.name), "rb") as opened:
        return len(_CUE.findall(opened.read(_MAX_TEXT_BYTES).decode("utf-8", "replace")))
