"""A publication with a picture among its words."""

import io

from PIL import Image

from documents.drafts.actions.manage import name_version, save_text
from documents.files.actions import upload_file
from documents.models import ApprovalRound
from tests.documents.approval.builders import Stage
from tests.documents.conftest import body
from tests.recording import recorded


@recorded
def picture(made: Stage) -> str:
    """A picture among the files of the workspace; its UUID."""
    content = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(content, "PNG")
    content.seek(0)
    file = upload_file(
        access=made.access, content=content, size=len(content.getvalue()), name="red.png", alt="A red field"
    )
    return str(file.uuid)


@recorded
def round_with_picture(made: Stage) -> ApprovalRound:
    words = body("We ask for a law.")
    words["content"].append({"type": "picture", "attrs": {"id": picture(made), "alt": "A red field"}})
    text = made.text("kk")
    save_text(access=made.access, text=text, title="Pictured", lead="", body=words)
    version = name_version(access=made.access, text=made.text("kk"), name="As agreed")
    round_ = made.put(versions=[version])
    made.approve_all(round_)
    return round_
