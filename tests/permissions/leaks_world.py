"""The world in which everything that could leak carries a word of its own, and who may see which.

`world.py` begins it; each `…_world.py` adds its part.
"""

from django.test import Client

from home.models import NewsPage
from tests.conftest import sign_in
from tests.permissions import surfaces
from tests.permissions.actions_world import KNOWING as KNOWING_ACTIONS, add_actions, limit_file
from tests.permissions.campaigns_world import (
    KNOWING as KNOWING_CAMPAIGNS,
    NOWHERE as NO_SUPPORTER,
    add_campaigns,
)
from tests.permissions.cells import Target, targets
from tests.permissions.comments_world import KNOWING as KNOWING_COMMENTS, add_comments
from tests.permissions.consent_world import (
    KNOWING as KNOWING_CONSENT,
    NOWHERE as NEVER_SHOWN_AGAIN,
    add_consents,
)
from tests.permissions.decisions_world import add_decisions
from tests.permissions.embargo_world import add_embargoes, nowhere as shown_nowhere
from tests.permissions.events_world import KNOWING as KNOWING_EVENTS, add_events
from tests.permissions.facts_world import add_facts
from tests.permissions.guests_world import add_guests
from tests.permissions.impact_world import add_impact
from tests.permissions.logos_world import KNOWING as KNOWING_LOGOS, NOWHERE as LOGOS_OUTLIVED, add_logos
from tests.permissions.media_world import KNOWING as KNOWING_MEDIA, NOWHERE as MEDIA_NOWHERE, add_media
from tests.permissions.moderated_world import ON_OTHER_LISTS, add_moderated
from tests.permissions.paper_world import add_paper
from tests.permissions.people_world import NOWHERE as NOBODY_KNOWS_THEM, add_people
from tests.permissions.press_world import KNOWING as KNOWING_PRESS, NOWHERE as NO_MORE_IN_THE_PRESS, add_press
from tests.permissions.screenings_world import (
    KNOWING as KNOWING_SCREENINGS,
    NOWHERE as NO_SCREENING_ASKED,
    add_screenings,
)
from tests.permissions.stage_world import add_stage
from tests.permissions.voices_world import KNOWING as KNOWING_VOICES, NOWHERE as VOICES_NOWHERE, add_voices
from tests.permissions.works_world import KNOWING as KNOWING_WORKS, add_works
from tests.permissions.world import EVERYONE, World, world

KNOWING = {
    "restricted": "admitted",
    "elsewhere": "neighbour",
    **KNOWING_EVENTS,
    **KNOWING_COMMENTS,
    **KNOWING_PRESS,
    **KNOWING_VOICES,
    **KNOWING_LOGOS,
    **KNOWING_WORKS,
    **KNOWING_CAMPAIGNS,
    **KNOWING_ACTIONS,
    **KNOWING_SCREENINGS,
    **KNOWING_CONSENT,
    **KNOWING_MEDIA,
}  # who may see a state; else the coordinator
# No page shows them: one lies hidden in bytes that are drawn anew, one is for a person's own mail; what
# was deleted among comments is for nobody; nor who did not prove their address to us.
SHOWN_NOWHERE = (
    "hiddeninpicture",
    "partneruntold",
    "commentdeleted",
    *(f"unproved{what}" for what in ("name", "outlet", "phone", "interview")),
    *ON_OTHER_LISTS,
    *shown_nowhere(),
    *NO_MORE_IN_THE_PRESS,
    *VOICES_NOWHERE,
    *LOGOS_OUTLIVED,
    *NOBODY_KNOWS_THEM,
    *NO_SUPPORTER,
    *NO_SCREENING_ASKED,
    *NEVER_SHOWN_AGAIN,
    *MEDIA_NOWHERE,
)


def whole_world() -> World:
    """Make everything there is, by the product's own functions."""
    made = world()
    add_events(made)
    add_comments(made)
    add_guests(made)
    add_decisions(made)
    add_facts(made)
    made.outlets = {holder.address: role for role, holder in add_embargoes(made).items()}
    add_press(made)
    add_voices(made)
    add_people(made)
    add_logos(made)
    add_stage(made)
    add_works(made)
    add_moderated(made)
    add_campaigns(made)
    actions = add_actions(made)
    add_paper(actions)
    limit_file(actions)
    add_consents(made, add_screenings(made))
    add_media(made)
    add_impact(made)
    for page in NewsPage.objects.all():
        made.things[f"page {page.slug}"] = {"slug": page.slug}
    return made


def knowing(target: Target) -> str:
    """Return the role that may see whatever stands at an address."""
    return KNOWING.get(target.state, "coordinator")


def every_target(made: World) -> list[Target]:
    return list(targets(surfaces.listed()["urls"], made.things))


def browsers(made: World) -> dict[str, Client]:
    people = {role: sign_in(Client(), made.people[role]) for role in sorted(EVERYONE - {"anonymous"})}
    return {"anonymous": Client(), **people}
