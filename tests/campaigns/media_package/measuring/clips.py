"""Short clips for the tests, made by ffmpeg itself."""

import subprocess
import tempfile
from functools import cache
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages

from coalition.campaigns.media_package.measuring.ffmpeg import find_ffmpeg
from documents.files.models import StoredFile
from documents.files.public_copy import StoredBytes

with_ffmpeg = pytest.mark.skipif(not find_ffmpeg(), reason="there is no ffmpeg on this machine")

PICTURE = "testsrc2=s={size}:r={rate}:d={seconds},gblur=6"  # fine moving lines look like fields
TONE = "sine=f=440:r=48000:d={seconds}"


@cache
def clip(
    *options: str,
    size: str = "320x180",
    rate: int = 25,
    seconds: float = 2,
    volume: str = "-3dB",
    picture: bool = True,
    sound: bool = True,
    ending: str = ".mp4",
) -> bytes:
    """Return a file with a test picture and a tone. `options`: of the output."""
    inputs = []
    if picture:
        inputs += ["-f", "lavfi", "-i", PICTURE.format(size=size, rate=rate, seconds=seconds)]
    if sound:
        inputs += ["-f", "lavfi", "-i", TONE.format(seconds=seconds)]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"clip{ending}"
        video = ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"]
        more = [*(video if picture else []), *(["-af", f"volume={volume}"] if sound else []), *options]
        subprocess.run([find_ffmpeg(), "-v", "error", *inputs, *more, str(path)], check=True)
        return path.read_bytes()


def stored(content: bytes) -> StoredBytes:
    """Return the bytes as they lie in the storage."""
    file = StoredFile(name="x")
    file.file.name = storages["default"].save("clips/one", ContentFile(content))
    return StoredBytes(file.file, len(content), "")
