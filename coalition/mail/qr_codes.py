"""A code as a picture in a mail: shown with the words, and kept as a file."""

import io
from email.message import MIMEPart

import segno

CONTENT_ID = "code"  # the mail's HTML shows it as cid:code
SCALE = 8  # points to a module: readable from a cracked screen


def draw_qr_code(content: str) -> bytes:
    """A PNG of the QR code that holds this content."""
    picture = io.BytesIO()
    segno.make(content, error="m", micro=False).save(picture, kind="png", scale=SCALE, border=4)
    return picture.getvalue()


def qr_code_part(content: str) -> MIMEPart:
    """The picture as a part of a mail."""
    part = MIMEPart()
    part.set_content(
        draw_qr_code(content),
        maintype="image",
        subtype="png",
        disposition="inline",
        filename="code.png",
        cid=f"<{CONTENT_ID}>",
    )
    return part
