"""What a source brings to a person's first page, where it is asked before whether it could have anything."""

from coalition.partners.naming import viewer_for
from coalition.workspaces.worth_asking import asked_together


def on_desk(source, person):
    with asked_together(person, [source]):
        return list(source(person, viewer_for(person)))
