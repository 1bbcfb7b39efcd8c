"""What a source brings to a person's first page, where it is asked before whether it could have anything."""

from coalition.accounts.naming import viewer_for
from coalition.workspaces.dashboard import (
    OnlyIf,
    coming_sources,
    prefilter_dashboard,
    prefilter_sources,
    seated_sources,
    waiting_sources,
)
from coalition.workspaces.seat_conditions import missing_sources


def on_desk(source, person):
    person = prefilter_sources(person, [source])
    return list(source(person, viewer_for(person)))


def first_page_lacks_nothing(person):
    """Whatever a source would tell the person by itself, it tells where it is asked before."""
    viewer = viewer_for(person)
    sources = [*missing_sources, *waiting_sources, *seated_sources, *coming_sources]
    asked = prefilter_dashboard(person, coming_sources)
    told = [list(source(asked, viewer)) for source in sources]
    return told == [list(_alone(source)(person, viewer)) for source in sources]


def _alone(source):
    return source.source if isinstance(source, OnlyIf) and not source.counted else source
