"""QR code as an inline and attached picture in a mail."""

import io
from email.message import MIMEPart

import segno

CONTENT_ID = "code"  # the mail's HTML refers to it as cid:code
SCALE = 8  # pixels per module: readable on a cracked screen


def draw_qr_code(content: str) -> bytes:
    """Return a PNG of the QR code with this content."""
    picture = io.BytesIO()
    segno.make(content, error="m", micro=False).save(picture, kind="png", scale=SCALE, border=4)
    return picture.getvalue()


def qr_code_part(content: str) -> MIMEPart:
    """Return the picture as a MIME part."""
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
