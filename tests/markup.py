"""Markup as tests compare it: where a template breaks its lines is nobody's business."""

import re

BESIDE_A_TAG = re.compile(r" ?(<[^>]+>) ?")


def squeezed(html: str) -> str:
    """The markup with one space for any white space, and none beside or at the end of a tag."""
    return BESIDE_A_TAG.sub(r"\1", re.sub(r"\s+", " ", html).replace(" >", ">"))
