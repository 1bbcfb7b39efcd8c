"""What ticking journalists off brings to events and to the layers below."""

from events.core.capability import EventCapability, LiveTopic
from events.press.registration.check_in import topics
from events.press.registration.check_in.presenters import check_in_area

CHECK_IN = EventCapability(
    name="check_in",
    areas={10: check_in_area},
    live_topics=(LiveTopic(topics.KIND, topics.may_subscribe_to_check_in, topics.last_check_in_id),),
)
