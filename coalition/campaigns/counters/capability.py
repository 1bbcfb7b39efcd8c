"""What counters hand to the layers below."""

from coalition.campaigns.counters.share import story_of_code
from coalition.campaigns.referrals.targets import APPEAL, register_story
from coalition.workspaces.capability import Capability


def _connect() -> None:
    register_story(APPEAL, story_of_code)


COUNTERS = Capability(name="counters", urls="coalition.campaigns.counters.urls", connect=_connect)
