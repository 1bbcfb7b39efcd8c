"""A short clip for the demo's media package: three pictures set with typst, and tones made here.

The same language gives the same bytes every time. Without ffmpeg on the machine there is no clip.
"""

import math
import tempfile
import wave
from array import array
from functools import cache
from pathlib import Path
from typing import IO, Final

from coalition.campaigns.core.typesetting import draw_template
from coalition.campaigns.media_package.measuring.ffmpeg import find_ffmpeg, run_ffmpeg
from coalition.campaigns.media_package.measuring.measure import read_loudness
from coalition.campaigns.media_package.measuring.warnings import AIR_LOUDNESS, WEB_LOUDNESS

TEMPLATE: Final = Path(__file__).with_name("clip.typ")
SECONDS: Final = 12
WIDE, TALL = (1920, 1080), (1080, 1920)

_FADE: Final = 0.75  # seconds in which a picture becomes the next one
_RATE: Final = 48_000  # samples a second
_CPU_SECONDS: Final = 60
_MOST_BYTES: Final = 16_000_000

# Number, words, source of each picture. The figure is a fact of the demo's register (`facts.toml`).
PICTURES: Final[dict[str, tuple[tuple[str, str, str], ...]]] = {
    "kk": (
        ("", "Бір бап.", ""),
        ("25", "айыптау үкімі 20\N{NO-BREAK SPACE}жыл ішінде.", "123-бап. Дереккөз: Internews, 2018 жыл"),
        ("", "Жұмыста қудалауға жол жоқ.", "KORGAU123"),
    ),
    "ru": (
        ("", "Одна статья.", ""),
        (
            "25",
            "обвинительных приговоров за 20\N{NO-BREAK SPACE}лет.",
            "Статья 123. Источник: Internews, 2018 год",
        ),
        ("", "Домогательствам на работе\N{NO-BREAK SPACE}— нет.", "KORGAU123"),
    ),
    "en": (
        ("", "One article.", ""),
        ("25", "convictions in 20\N{NO-BREAK SPACE}years.", "Article 123. Source: Internews, 2018"),
        ("", "No harassment at work.", "KORGAU123"),
    ),
}
# Start in seconds, frequency in Hz: a pentatonic, in fifths.
_NOTES: Final = (
    (0.0, 220.0),
    (0.0, 330.0),
    (1.5, 440.0),
    (3.0, 293.66),
    (3.75, 392.0),
    (4.5, 587.33),
    (6.0, 220.0),
    (6.75, 493.88),
    (7.5, 659.25),
    (9.0, 330.0),
    (9.0, 440.0),
)
_NOTE_SECONDS: Final = 3.0
_LOUDEST: Final = 20_000  # of 32,767: what is made louder or softer with the picture
_LOUDEST_IN_AIR: Final = 12_500  # −23 LUFS
_PARTIALS: Final = ((1, 1.0), (2, 0.35), (3, 0.12))  # multiple of the frequency, loudness


def make_clip(language: str) -> bytes | None:
    """Return an MP4 of 12 seconds: 1920 × 1080, 25 pictures a second, progressive, −23 LUFS; None without
    ffmpeg."""
    return _make(language, WIDE, AIR_LOUDNESS)


def make_story_clip(language: str) -> bytes | None:
    """Return the same for stories: 1080 × 1920, about −14 LUFS; None without ffmpeg."""
    return _make(language, TALL, WEB_LOUDNESS)


def make_sound() -> bytes:
    """Return the tones alone as WAV, mono, at the loudness of air. Needs no ffmpeg."""
    return _sound(_LOUDEST_IN_AIR)


def _make(language: str, size: tuple[int, int], loudness: float) -> bytes | None:
    if not find_ffmpeg():
        return None
    with (
        tempfile.TemporaryDirectory() as folder,
        tempfile.TemporaryFile() as sound,
        tempfile.TemporaryFile() as target,
    ):
        pictures = _draw(language, size, Path(folder))
        sound.write(_sound(_LOUDEST))
        sound.flush()
        gain = loudness - _measured(sound)
        run_ffmpeg(
            sound,
            "audio/wav",
            _arguments(pictures, gain),
            target=target,
            seconds=_CPU_SECONDS,
            most=_MOST_BYTES,
        )
        return target.read()


def _draw(language: str, size: tuple[int, int], folder: Path) -> list[Path]:
    paths = []
    for number, (figure, words, source) in enumerate(PICTURES[language]):
        data = {
            "language": language,
            "width": size[0],
            "height": size[1],
            "number": figure,
            "words": words,
            "source": source,
        }
        path = folder / f"{number}.png"
        path.write_bytes(draw_template(TEMPLATE, data, format="png"))
        paths.append(path)
    return paths


def _arguments(pictures: list[Path], gain: float) -> list[str]:
    """Return the options of the program: pictures that fade into each other, sound `gain` dB louder."""
    shown = (SECONDS + _FADE * (len(pictures) - 1)) / len(pictures)
    arguments = ["-v", "error"]
    steps = []
    for number, path in enumerate(pictures, start=1):
        arguments += ["-framerate", "25", "-i", str(path)]
        colours = "scale=out_color_matrix=bt709:out_range=tv,format=yuv420p"
        frames = f"loop=loop={round(shown * 25) - 1}:size=1"
        steps.append(f"[{number}]{colours},{frames},setsar=1,setfield=prog[p{number}]")
    before = "[p1]"
    for number in range(1, len(pictures)):
        start = number * (shown - _FADE)
        after = "[v]" if number == len(pictures) - 1 else f"[x{number}]"
        steps.append(f"{before}[p{number + 1}]xfade=duration={_FADE}:offset={start:.3f}{after}")
        before = after
    tags = ["-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709"]
    exact = ["-map_metadata", "-1", "-fflags", "+bitexact", "-flags", "+bitexact"]
    encoded = ["-c:v", "libx264", "-preset", "veryfast", "-crf", "20", "-r", "25", *tags]
    heard = ["-c:a", "aac", "-b:a", "128k", "-ac", "2", "-ar", str(_RATE)]
    limited = f"volume={gain:.2f}dB,alimiter=limit=0.7:level=0"
    graph = [
        *("-filter_complex", ";".join(steps), "-map", "[v]", "-map", "0:a", "-af", limited),
        *("-t", str(SECONDS)),
    ]
    output = ["-movflags", "+faststart", "-f", "mp4", "-y", "/dev/stdout"]
    return [*arguments, *graph, *encoded, *heard, *exact, *output]


def _measured(sound: IO[bytes]) -> float:
    """Return the integrated loudness of a WAV file in LUFS."""
    meter = ["-af", "aformat=channel_layouts=stereo,ebur128=peak=true:framelog=quiet", "-f", "null", "-"]
    loudness = read_loudness(run_ffmpeg(sound, "audio/wav", meter, seconds=_CPU_SECONDS))["loudness"]
    if loudness is None:
        raise ValueError("a tone that was made here has a loudness")
    return float(loudness)


@cache
def _samples() -> tuple[float, ...]:
    """Return soft tones, 1 at the loudest: each swells in a twentieth of a second and dies away."""
    samples = [0.0] * (SECONDS * _RATE)
    for start, frequency in _NOTES:
        begin = int(start * _RATE)
        for place, value in enumerate(_note(frequency)):
            if begin + place < len(samples):
                samples[begin + place] += value
    loudest = max(abs(one) for one in samples)
    return tuple(one / loudest for one in samples)


@cache
def _sound(loudest: int) -> bytes:
    """Return the tones as a WAV file, mono. `loudest`: of 32,767."""
    scaled = array("h", (int(one * loudest) for one in _samples()))
    with tempfile.TemporaryFile() as file:
        with wave.open(file, "wb") as written:
            written.setnchannels(1)
            written.setsampwidth(2)
            written.setframerate(_RATE)
            written.writeframes(scaled.tobytes())
        file.seek(0)
        return file.read()


def _note(frequency: float) -> list[float]:
    turn = 2 * math.pi * frequency / _RATE
    partials = tuple((turn * multiple, loudness) for multiple, loudness in _PARTIALS)
    count = int(_NOTE_SECONDS * _RATE)
    values = []
    for place in range(count):
        swell = min(1.0, place / (_RATE / 20)) * min(1.0, (count - place) / (_RATE / 20))
        fading = math.exp(-1.2 * place / _RATE) * swell
        values.append(fading * sum(loudness * math.sin(step * place) for step, loudness in partials))
    return values
