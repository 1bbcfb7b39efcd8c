"""Measurements of files at the desk, in words."""

from django.utils.translation import gettext as _

from coalition.campaigns.media_package.measuring.measure import UNKNOWN
from coalition.campaigns.media_package.measuring.warnings import SILENCE, decimal, picture_size
from coalition.campaigns.media_package.models import Rendition


def measurements_in_words(rendition: Rendition) -> list[str]:
    """Return what was measured, one part each: “0:12”, “1920 × 1080”, “25 frames a second, progressive”,
    “−23.1 LUFS”. Empty for a file that was not measured."""
    values = rendition.measurements
    if not values or "problem" in values or "cues" in values:
        return []
    values = UNKNOWN | values
    parts = []
    if values["seconds"]:
        parts.append(clock_time(values["seconds"]))
    if values["has_picture"]:
        if values["width"] and values["height"]:
            parts.append(picture_size(values))
        parts += _frames(values["fps"], values["interlaced"])
    if values["has_sound"] and values["loudness"] is not None and values["loudness"] > SILENCE:
        parts.append(_("%(loudness)s LUFS") % {"loudness": decimal(values["loudness"])})
    if values["peak"] is not None:
        parts.append(_("true peak %(peak)s dBTP") % {"peak": decimal(values["peak"])})
    return parts


def clock_time(seconds: float) -> str:
    """Return “0:12”, “1:02:03”."""
    whole = round(seconds)
    hours, minutes, rest = whole // 3600, whole // 60 % 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _frames(fps: float | None, interlaced: bool | None) -> list[str]:
    if fps is None:
        return []
    shown = {"fps": decimal(fps, 2)}
    if interlaced is None:
        return [_("%(fps)s frames a second") % shown]
    if interlaced:
        return [_("%(fps)s frames a second, interlaced") % shown]
    return [_("%(fps)s frames a second, progressive") % shown]
