"""What a browser may say on the live socket, and how much of it."""

import json
import re
import time
from collections import deque

LARGEST_MESSAGE = 4 * 1024  # bytes
MOST_MESSAGES = 20  # a second
MOST_TOPICS = 30
COMMANDS = ("subscribe", "unsubscribe", "here", "ping")
TOPIC = re.compile(r"[a-z_]{1,30}:[0-9A-Za-z-]{1,40}(?:\.[0-9A-Za-z-]{1,40})?")


class BadMessage(Exception):
    """The message breaks a rule; `str()` is the reason the socket is closed with."""


def read_message(text: str | None) -> tuple[str, str]:
    """The command and its topic (empty for `ping`) of one frame. Raises BadMessage."""
    if text is None:
        raise BadMessage("text expected")
    if len(text.encode()) > LARGEST_MESSAGE:
        raise BadMessage("message too large")
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        raise BadMessage("not JSON") from None
    if not isinstance(message, dict) or len(message) != 1:
        raise BadMessage("one command expected")
    command, topic = next(iter(message.items()))
    if command not in COMMANDS:
        raise BadMessage("unknown command")
    if command == "ping":
        return command, ""
    if not isinstance(topic, str) or not TOPIC.fullmatch(topic):
        raise BadMessage("not a topic")
    return command, topic


class MessageRateLimit:
    """Counts messages within the last second; `most` are allowed."""

    def __init__(self, most: int = MOST_MESSAGES) -> None:
        self._times: deque[float] = deque(maxlen=most)

    def step(self) -> None:
        """Count one message. Raises BadMessage if there were too many."""
        moment = time.monotonic()
        if len(self._times) == self._times.maxlen and moment - self._times[0] < 1:
            raise BadMessage("too many messages")
        self._times.append(moment)
