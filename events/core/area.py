"""One area of an event: its line on the event's page."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Area:
    """`label`: what it is called; `words`: how it stands, in half a sentence; `icon`: of the sprite;
    `warns`: whether something there is late or wrong."""

    label: str
    words: str
    address: str
    icon: str
    warns: bool = False
