"""Seeding the demo coalition, once."""

from django.conf import settings
from django.db import transaction

from coalition.core.clock import as_if
from coalition.mail.outbox import drop_for
from demo.load import load
from demo.seed.accounts import gather
from demo.seed.agreement import plan_agreement
from demo.seed.appeals import plan_appeals
from demo.seed.approval_rounds import plan_round
from demo.seed.comments import plan_comments
from demo.seed.drafts import plan_drafts
from demo.seed.embargoes import plan_embargo
from demo.seed.events import plan_gatherings
from demo.seed.facts import plan_facts
from demo.seed.guest_links import plan_guests
from demo.seed.helplines import plan_helplines
from demo.seed.history import History
from demo.seed.legal_review import plan_lawyers
from demo.seed.membership_requests import plan_requests
from demo.seed.notifications import read_inboxes
from demo.seed.offline_approvals import plan_calls
from demo.seed.open_letters import plan_letter
from demo.seed.partner_calendars import plan_calendars
from demo.seed.press import plan_press
from demo.seed.resolutions import plan_decisions
from demo.seed.site import open_site
from demo.seed.spokespersons import plan_voices
from demo.seed.suggestions import plan_suggestions
from demo.seed.workspaces import MAIN, furnish
from documents.facts.notifications import remind_of_checks
from home.domain.setup_site import setup_site
from home.models import DemoThing

JOINED_DAYS_AGO = 70
OPENED_DAYS_AGO = 45


class NotHere(Exception):
    """Demo accounts may not be made where they are refused."""


def is_sown() -> bool:
    """Whether the demo is there: it comes in one transaction, wholly or not at all."""
    return DemoThing.objects.exists()


def sow() -> None:
    """Make the demo coalition with its history; nobody is written to. Does nothing if it is there.

    Raises NotHere in production, which refuses to start with demo accounts.
    """
    if settings.REFUSE_DEMO_ACCOUNTS or not settings.DEMO:
        raise NotHere
    if is_sown():
        return
    demo, history = load(), History()
    with transaction.atomic():
        setup_site()
        with as_if(history.day(JOINED_DAYS_AGO)):
            cast = gather(demo)
        with as_if(history.day(OPENED_DAYS_AGO)):
            workspaces = furnish(demo, cast)
        facts = plan_facts(demo, cast, history)
        desks = plan_drafts(demo.drafts, cast, workspaces, facts, history)
        for desk in desks.values():
            plan_lawyers(desk, history)
            plan_round(desk, demo, history)
            plan_calls(desk, demo, history)
            plan_letter(desk, history)
            plan_embargo(desk, history)
            plan_guests(desk, history)
            plan_comments(desk, history)
            plan_suggestions(desk, history)
        plan_agreement(demo, cast, desks, history)
        plan_gatherings(demo, cast, workspaces, desks, history)
        plan_calendars(demo, cast, workspaces, history)
        plan_press(demo, cast, workspaces[MAIN], history)
        plan_voices(demo, cast, workspaces[MAIN], history)
        plan_decisions(demo, cast, workspaces[MAIN], history)
        plan_requests(demo, cast, history)
        plan_helplines(demo, cast, history)
        plan_appeals(demo, cast, desks, history)
        read_inboxes(cast, history)
        history.tell()
        open_site(demo, cast, desks, facts, history)
        remind_of_checks()  # they are in the inboxes; a worker's first run has nobody to write to
        drop_for(person.uuid for person in cast.people.values())
