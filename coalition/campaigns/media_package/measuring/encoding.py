"""Encode a copy of a film: a smaller one, a preview, or 1080i50 for air.

Each has a constant quality and an upper limit of its bit rate: `-maxrate` with `-bufsize` (the buffer of the
decoder's model) bounds the bits of every part, so the size is at most rate × seconds + buffer. It is checked
nevertheless, and the film encoded again with less.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any, Final

from coalition.campaigns.media_package.enums import Format
from coalition.campaigns.media_package.measuring.ffmpeg import run_ffmpeg
from coalition.campaigns.media_package.measuring.warnings import (
    MAX_FILE_BYTES,
    MAX_LIGHT_COPY_BYTES,
    MAX_PREVIEW_BYTES,
)

MAX_CPU_SECONDS: Final = 6 * 3600
_ATTEMPTS: Final = 4
_USED_SHARE: Final = 0.93  # of the size: the rest is for the container and the buffer
_LEAST_SOUND_RATE: Final = 32_000
_KEPT_SOUND: Final = ("aac", "pcm_s16le", "pcm_s24le")  # stay as they are in 1080i50


class TooLong(Exception):
    """The film does not fit into the size of this copy, even at the lowest quality."""


@dataclass(frozen=True)
class CopyProfile:
    """How a copy is encoded. `most_bytes`: of the file; rates in bits a second; `height` and `width`: the
    largest; `is_cut`: a film that does not fit at the lowest rate is cut at the end, instead of refused."""

    most_bytes: int
    most_rate: int
    least_rate: int
    sound_rate: int
    height: int
    width: int
    quality: int  # constant rate factor of x264: less is better
    is_cut: bool = False


PROFILES: Final[Mapping[Format, CopyProfile]] = {
    Format.LIGHT_COPY: CopyProfile(
        MAX_LIGHT_COPY_BYTES, 6_000_000, 150_000, 128_000, height=1080, width=1920, quality=22
    ),
    Format.PREVIEW: CopyProfile(
        MAX_PREVIEW_BYTES, 900_000, 90_000, 48_000, height=640, width=1136, quality=27, is_cut=True
    ),
    Format.INTERLACED: CopyProfile(
        MAX_FILE_BYTES, 25_000_000, 4_000_000, 256_000, height=1080, width=1920, quality=16
    ),
}
_HEIGHTS: Final = ((2_500_000, 1080), (1_000_000, 720), (350_000, 480), (0, 360))  # lines by bits a second


@contextmanager
def encoded_copy(
    source: IO[bytes],
    content_type: str,
    copy_format: Format,
    measurements: Mapping[str, Any],
    *,
    in_progress: Callable[[], object] = lambda: None,
) -> Iterator[IO[bytes]]:
    """Yield a temporary file with the copy, an MP4 within the size of its format.

    `measurements` of the source: see `measure_file`. Raises TooLong, and `SandboxFailed` as `run_on_file`.
    """
    profile = PROFILES[copy_format]
    with tempfile.TemporaryFile() as target:
        for attempt in range(_ATTEMPTS):
            arguments = copy_arguments(copy_format, measurements, share=0.75**attempt)
            target.seek(0)
            target.truncate()
            run_ffmpeg(
                source,
                content_type,
                ["-v", "error", *arguments],
                target=target,
                seconds=_cpu_seconds(measurements["seconds"]),
                most=2 * profile.most_bytes,
                in_progress=in_progress,
            )
            if _size(target) <= profile.most_bytes:
                yield target
                return
    raise TooLong


def copy_arguments(copy_format: Format, measurements: Mapping[str, Any], *, share: float = 1.0) -> list[str]:
    """Return the options of the output. `share`: of the bit rate that the size allows. Raises TooLong."""
    profile = PROFILES[copy_format]
    seconds, with_sound = float(measurements["seconds"]), bool(measurements["has_sound"])
    total = int(profile.most_bytes * 8 * _USED_SHARE / seconds * share)
    sound = max(_LEAST_SOUND_RATE, min(profile.sound_rate, total // 5)) if with_sound else 0
    rate = total - sound
    cut: list[str] = []
    if rate < profile.least_rate:
        if not profile.is_cut:
            raise TooLong
        rate = profile.least_rate
        fits = int(profile.most_bytes * 8 * _USED_SHARE * share / (rate + sound))
        cut = ["-t", str(fits)]
    rate = min(rate, profile.most_rate)
    arguments = [
        "-map",
        "0:V:0",
        "-map",
        "0:a:0?",
        "-sn",
        "-dn",
        "-map_metadata",
        "-1",
        "-map_chapters",
        "-1",
    ]
    arguments += [*cut, "-c:v", "libx264", "-preset", "veryfast", "-crf", str(profile.quality)]
    arguments += ["-maxrate", str(rate), "-bufsize", str(rate), "-pix_fmt", "yuv420p"]
    arguments += _field_arguments(copy_format, profile, measurements, rate)
    is_kept = copy_format == Format.INTERLACED and measurements.get("audio_codec") in _KEPT_SOUND
    arguments += ["-c:a", "copy"] if is_kept else ["-c:a", "aac", "-b:a", str(sound), "-ac", "2"]
    bit_exact = ["-fflags", "+bitexact", "-flags:a", "+bitexact"]  # no name of a program in the file
    # `fd:` would be read as the input when the index is moved to the start: the output is named by its path.
    return [*arguments, *bit_exact, "-movflags", "+faststart", "-f", "mp4", "-y", "/dev/stdout"]


def _field_arguments(
    copy_format: Format, profile: CopyProfile, measurements: Mapping[str, Any], rate: int
) -> list[str]:
    """Return size, frame rate and fields of the picture."""
    if copy_format == Format.INTERLACED:
        # 25 pictures a second carried as fields (PsF): both fields of one picture are of one moment.
        fit = "scale=1920:1080:force_original_aspect_ratio=decrease,pad=1920:1080:-1:-1"
        fields = ["-flags:v", "+ildct+ilme+bitexact", "-x264-params", "tff=1"]
        return ["-vf", f"fps=25,{fit},setsar=1,setfield=tff", *fields]
    lines = next(height for least, height in _HEIGHTS if rate >= least)
    height = min(profile.height, lines)
    width = min(profile.width, height * 16 // 9 // 2 * 2)
    if (measurements.get("height") or 0) > (measurements.get("width") or 0):
        width, height = height, min(profile.height, width)
    steps = ["yadif=deint=interlaced"] if measurements.get("interlaced") else []
    fit = f"scale='min({width},iw)':'min({height},ih)'"
    fit += ":force_original_aspect_ratio=decrease:force_divisible_by=2"
    return ["-vf", ",".join([*steps, fit, "setsar=1"]), "-flags:v", "+bitexact"]


def _cpu_seconds(seconds: float) -> int:
    """Return the limit for a film of this length: a second of 1080 lines takes half a second or less."""
    return min(MAX_CPU_SECONDS, 60 + int(seconds * 6))


def _size(file: IO[bytes]) -> int:
    size = file.seek(0, 2)
    file.seek(0)
    return size
