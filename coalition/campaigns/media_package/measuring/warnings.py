"""What a station would refuse. The desk shows it; nothing is blocked."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from coalition.campaigns.media_package.enums import (
    AIRED_FORMATS,
    FILM_FORMATS,
    MADE_BY_SERVER,
    TIMED_FORMATS,
    Format,
    RenditionState,
)
from coalition.campaigns.media_package.measuring.measure import TIMED_TEXT, TOO_LONG, UNKNOWN
from coalition.campaigns.media_package.models import Rendition

MEGABYTE: Final = 1_000_000  # bytes; programs that count in 1024 show less, so that the limits hold there too
MAX_FILE_BYTES: Final = 1_900 * MEGABYTE
MAX_LIGHT_COPY_BYTES: Final = 200 * MEGABYTE
MAX_PREVIEW_BYTES: Final = 16 * MEGABYTE
MAX_STORY_BYTES: Final = 16 * MEGABYTE
MAX_STORY_SECONDS: Final = 30
AIR_LOUDNESS, WEB_LOUDNESS = -23.0, -14.0  # LUFS
AIR_TOLERANCE, SHORT_TOLERANCE, WEB_TOLERANCE = 1.0, 0.5, 2.0  # LU
SHORT_SECONDS: Final = 30
MAX_PEAK: Final = -1.0  # dBTP
_RATIO_TOLERANCE: Final = 0.005  # 1366 × 768 is 16:9 too
SILENCE: Final = -69.9  # LUFS: below it the meter hears nothing

WEB_FORMATS: Final = (Format.WIDE, Format.PORTRAIT, Format.SQUARE, Format.STORY, Format.WEB)
_SIZE_LIMITS: Final = {
    Format.LIGHT_COPY: MAX_LIGHT_COPY_BYTES,
    Format.PREVIEW: MAX_PREVIEW_BYTES,
    Format.STORY: MAX_STORY_BYTES,
}
_MOVING: Final = ("video/", "audio/")
# Beginnings of the content types of each format; the others take any file.
_TYPES: Final[dict[str, tuple[str, ...]]] = {
    **dict.fromkeys(FILM_FORMATS, ("video/",)),
    **dict.fromkeys(TIMED_FORMATS, tuple(sorted(TIMED_TEXT))),
    Format.BITES: _MOVING,
    Format.CLEAN_SOUND: _MOVING,
    Format.AUDIO: _MOVING,
    Format.LIGHT_COPY: _MOVING,
    Format.PREVIEW: _MOVING,
    Format.A3: ("application/pdf", "image/"),
    Format.A4: ("application/pdf", "image/"),
}
_RATIOS: Final = {
    Format.WIDE: (16, 9),
    Format.PORTRAIT: (4, 5),
    Format.SQUARE: (1, 1),
    Format.STORY: (9, 16),
}


def station_warnings(rendition: Rendition) -> list[str]:
    """Return what a station, a platform or a messenger would refuse, one sentence each, with the figure.

    | what | limit | source |
    |---|---|---|
    | loudness for air | -23 LUFS ±1 (noted from ±0.5 up to 30 s) | EBU R 128, supplement 1 for short clips |
    | true peak | -1 dBTP | EBU R 128 |
    | loudness for the web | about -14 LUFS (±2) | what YouTube and others play at |
    | picture for air | 1920 × 1080, 25 fps | EBU Tech 3299, systems 2 and 3 |
    | 1080p25 | progressive | EBU Tech 3299, system 3 |
    | 1080i50 | interlaced, top field first | EBU Tech 3299, system 2 |
    | stories | 30 s, 16 MB | WhatsApp's status |
    | screens, feeds and stories | 16:9, 4:5, 1:1, 9:16 | the format's name |
    | kind of file | a film, sound, timed text | the format's name |
    | every file | 1.9 GB; copy 200 MB, preview 16 MB | Telegram takes 2 GB, WhatsApp 16 MB as video |
    """
    if not fits_format(rendition):
        return [_("This kind of file does not fit its format.")]
    found = _size_warnings(rendition) + _ratio_warnings(rendition)
    if rendition.state != RenditionState.READY or not _is_moving(rendition):
        return found
    values = rendition.measurements
    if not values or "problem" in values:
        return [*found, _not_measured(values)]
    values = UNKNOWN | values
    for check in _CHECKS:
        found += check(rendition, values)
    return found + [_copy_failed(code) for code in values.get("failed_copies", [])]


def is_ready_for_tv(files: Sequence[Rendition]) -> bool:
    """Whether a station can air it in Kazakh: there is Kazakh sound, or sound without voice with a timed
    Kazakh script for the announcer. Subtitles alone do not count."""
    aired = (Format.MASTER, Format.INTERLACED)
    if any(one.format in aired and one.language == "kk" and _may_sound(one) for one in files):
        return True
    has_clean_sound = any(one.format == Format.CLEAN_SOUND and _may_sound(one) for one in files)
    return has_clean_sound and any(
        one.format == Format.VOICE_OVER and one.language == "kk" and _has_cues(one) for one in files
    )


def fits_format(rendition: Rendition) -> bool:
    """Whether the file is of a kind that its format allows: a film, sound, timed text."""
    kinds = _TYPES.get(rendition.format)
    return kinds is None or rendition.file is None or rendition.file.content_type.startswith(kinds)


def _may_sound(rendition: Rendition) -> bool:
    """Whether the file has sound, as far as it was measured."""
    return fits_format(rendition) and bool(rendition.measurements.get("has_sound", True))


def _has_cues(rendition: Rendition) -> bool:
    return fits_format(rendition) and rendition.measurements.get("cues") != 0


def _is_moving(rendition: Rendition) -> bool:
    return rendition.file is not None and rendition.file.content_type.startswith(_MOVING)


def _size_warnings(rendition: Rendition) -> list[str]:
    limit = _SIZE_LIMITS.get(Format(rendition.format), MAX_FILE_BYTES)
    if rendition.format == Format.STORY and not _is_moving(rendition):
        limit = MAX_FILE_BYTES
    if rendition.size <= limit:
        return []
    sizes = {"size": -(-rendition.size // MEGABYTE), "limit": limit // MEGABYTE}
    return [_("The file has %(size)d MB; the limit is %(limit)d MB.") % sizes]


def _ratio_warnings(rendition: Rendition) -> list[str]:
    """Return whether a picture or a film is not of the shape that its format names."""
    ratio, file = _RATIOS.get(Format(rendition.format)), rendition.file
    if ratio is None or file is None:
        return []
    values = rendition.measurements or {"width": file.width, "height": file.height}
    width, height = values.get("width"), values.get("height")
    if not width or not height or abs(width / height / (ratio[0] / ratio[1]) - 1) < _RATIO_TOLERANCE:
        return []
    shown = {"size": picture_size({"width": width, "height": height}), "ratio": "{}:{}".format(*ratio)}
    return [_("%(size)s pixels; the format is %(ratio)s.") % shown]


def _not_measured(values: dict[str, Any]) -> str:
    problem = values.get("problem")
    if problem == TOO_LONG:
        return _("Measuring the file took too long. Check it before you send it to stations.")
    if problem:
        return _("The file cannot be read: it may be broken or incomplete. Export it again.")
    return _("Not measured on this machine.")


def _loudness_warnings(rendition: Rendition, values: dict[str, Any]) -> list[str]:
    if not values["has_sound"]:
        is_aired = rendition.format in AIRED_FORMATS or rendition.format == Format.CLEAN_SOUND
        return [_("The file has no sound.")] if is_aired else []
    loudness = values["loudness"]
    if loudness is None:
        return [_("The loudness could not be measured.")]
    if loudness <= SILENCE:
        return [_("The sound is silent from beginning to end.")]
    shown = {"loudness": decimal(loudness)}
    if rendition.format in WEB_FORMATS:
        if abs(loudness - WEB_LOUDNESS) <= WEB_TOLERANCE:
            return []
        return [_("Loudness %(loudness)s LUFS; for the web and social networks about −14 LUFS.") % shown]
    if rendition.format in MADE_BY_SERVER and rendition.format != Format.INTERLACED:
        return []  # the warning stands at the file of which it was made
    off = round(abs(loudness - AIR_LOUDNESS), 2)
    if off > AIR_TOLERANCE:
        return [_("Loudness %(loudness)s LUFS; stations take −23 LUFS ±1.") % shown]
    if off > SHORT_TOLERANCE and (values["seconds"] or SHORT_SECONDS + 1) <= SHORT_SECONDS:
        return [_("Loudness %(loudness)s LUFS; some stations take −23 LUFS ±0.5 for short clips.") % shown]
    return []


def _peak_warnings(_rendition: Rendition, values: dict[str, Any]) -> list[str]:
    peak = values["peak"]
    if peak is None or peak <= MAX_PEAK:
        return []
    return [_("True peak %(peak)s dBTP; the limit is −1 dBTP.") % {"peak": decimal(peak)}]


def _picture_warnings(rendition: Rendition, values: dict[str, Any]) -> list[str]:
    if rendition.format not in FILM_FORMATS:
        return []
    if not values["has_picture"]:
        return [_("The file has no moving picture.")]
    found = []
    if values["width"] and (values["width"], values["height"]) != (1920, 1080):
        found.append(_("%(size)s pixels; stations take 1920 × 1080.") % {"size": picture_size(values)})
    if values["fps"] is not None and abs(values["fps"] - 25) > 0.01:
        found.append(_("%(fps)s frames a second; stations take 25.") % {"fps": decimal(values["fps"], 2)})
    return found


def _field_warnings(rendition: Rendition, values: dict[str, Any]) -> list[str]:
    if not values["has_picture"]:
        return []
    if rendition.format == Format.INTERLACED:
        if values["interlaced"] is False:
            return [_("Progressive; 1080i50 is interlaced, top field first.")]
        if values["field_order"] == "bff":
            return [_("Bottom field first; 1080i50 is interlaced, top field first.")]
    elif values["interlaced"] and rendition.format in (*FILM_FORMATS, *WEB_FORMATS):
        return [_("Interlaced; this file should be progressive.")]
    return []


def _story_warnings(rendition: Rendition, values: dict[str, Any]) -> list[str]:
    if rendition.format != Format.STORY:
        return []
    if (values["seconds"] or 0) <= MAX_STORY_SECONDS:
        return []
    return [_("%(seconds)s seconds; stories have 30 at most.") % {"seconds": decimal(values["seconds"])}]


def _copy_failed(code: str) -> str:
    return _("This copy could not be made here, add it as a file: %(format)s.") % {
        "format": Format(code).label
    }


_CHECKS: Final[tuple[Callable[[Rendition, dict[str, Any]], list[str]], ...]] = (
    _picture_warnings,
    _field_warnings,
    _loudness_warnings,
    _peak_warnings,
    _story_warnings,
)


def decimal(value: float, places: int = 1) -> str:
    """Return a number with `places` decimals at most, a true minus sign, and the comma of the language."""
    rounded = round(value, places)
    shown = number_format(rounded if rounded % 1 else int(rounded), use_l10n=True)
    return shown.replace("-", "−")


def picture_size(values: dict[str, Any]) -> str:
    """Return “1920 × 1080”."""
    return f"{values['width']} × {values['height']}"
