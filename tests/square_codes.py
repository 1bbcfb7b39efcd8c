"""Reading a square code from paper, with the decoder that our phones use."""

import subprocess
from pathlib import Path

from PIL import Image

from tests.node import ROOT, WITH_NODE

READ = """
import decodeQR from "qr/decode.js";
const [width, height] = process.argv.slice(1).map(Number);
const parts = [];
for await (const part of process.stdin) parts.push(part);
process.stdout.write(decodeQR({ width, height, data: new Uint8ClampedArray(Buffer.concat(parts)) }));
"""
DOTS = 200  # an inch: less than any phone sees


def read_from(pdf: bytes, folder: Path) -> str:
    """What the code on the first page of a PDF says, once the page is drawn."""
    (folder / "page.pdf").write_bytes(pdf)
    drawing = ["pdftoppm", "-r", str(DOTS), "-f", "1", "-l", "1", "-singlefile", "-png", "page.pdf", "page"]
    subprocess.run(drawing, cwd=folder, check=True)
    with Image.open(folder / "page.png") as opened:
        return read_from_picture(opened)


def read_from_picture(opened: Image.Image) -> str:
    """What the code in a picture says."""
    picture = opened.convert("RGBA")
    program = [WITH_NODE, "node", "--input-type=module", "-e", READ, str(picture.width), str(picture.height)]
    said = subprocess.run(program, cwd=ROOT, input=picture.tobytes(), capture_output=True, check=True)
    return said.stdout.decode()
