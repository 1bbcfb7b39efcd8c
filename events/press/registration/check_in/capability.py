"""What ticking journalists off brings to events and to the layers below."""

from events.core.capability import EventCapability, LiveTopic
from events.press.registration.check_in import topics
from events.press.registration.check_in.presenters import door_area

CHECK_IN = EventCapability(
    name="check_in",
    areas={10: door_area},
    live_topics=(LiveTopic(topics.KIND, topics.may_hear, topics.last_id),),
)
