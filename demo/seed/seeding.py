"""Seed the small demo."""

from django.conf import settings
from django.db import transaction

from coalition.core.clock import freeze_clock_at
from coalition.mail.outbox import drop_waiting_mail
from demo.load import load
from demo.seed.accounts import create_accounts
from demo.seed.agreement import plan_agreement
from demo.seed.appeals import plan_appeals
from demo.seed.approval_rounds import plan_round
from demo.seed.asks import plan_asks
from demo.seed.comments import plan_comments
from demo.seed.consent import seed_consent
from demo.seed.drafts import plan_drafts
from demo.seed.embargoes import plan_embargo
from demo.seed.events import plan_events
from demo.seed.facts import plan_facts
from demo.seed.guest_links import plan_guest_links
from demo.seed.helplines import plan_helplines
from demo.seed.history import History
from demo.seed.impact import plan_impact
from demo.seed.legal_review import plan_legal_review
from demo.seed.letter_board import plan_answers
from demo.seed.letters import plan_letters
from demo.seed.media_package import plan_media_package
from demo.seed.membership_requests import plan_requests
from demo.seed.notifications import mark_notifications_read
from demo.seed.offline_approvals import plan_calls
from demo.seed.open_letters import plan_open_letter
from demo.seed.partner_calendars import plan_calendars
from demo.seed.postcard_ledger import plan_card_moves
from demo.seed.postcards import plan_postcards
from demo.seed.press import plan_press
from demo.seed.recipients import plan_recipients
from demo.seed.regional_plan import plan_regional_plan
from demo.seed.resolutions import plan_resolutions
from demo.seed.sheets import plan_sheets
from demo.seed.site import open_site
from demo.seed.spokespersons import plan_spokespersons
from demo.seed.suggestions import plan_suggestions
from demo.seed.tables import plan_tables
from demo.seed.workspaces import MAIN, create_workspaces
from documents.facts.notifications import remind_of_fact_checks
from home.models import DemoThing
from home.setup_site import setup_site

JOINED_DAYS_AGO = 70
OPENED_DAYS_AGO = 45


class DemoNotAllowed(Exception):
    """The settings refuse demo accounts."""


def is_seeded() -> bool:
    """Return whether the demo is in the database; seeding is one transaction."""
    return DemoThing.objects.exists()


def seed_small_demo() -> None:
    """Create the demo coalition with its history, without sending mail. Does nothing if it is there.

    Raises DemoNotAllowed in production, which refuses to start with demo accounts.
    """
    if settings.REFUSE_DEMO_ACCOUNTS or not settings.DEMO:
        raise DemoNotAllowed
    if is_seeded():
        return
    demo, history = load(), History()
    with transaction.atomic():
        setup_site()
        with freeze_clock_at(history.day(JOINED_DAYS_AGO)):
            accounts = create_accounts(demo)
        with freeze_clock_at(history.day(OPENED_DAYS_AGO)):
            workspaces = create_workspaces(demo, accounts)
        facts = plan_facts(demo, accounts, history)
        drafts = plan_drafts(demo.drafts, accounts, workspaces, facts, history)
        for draft in drafts.values():
            plan_legal_review(draft, history)
            plan_round(draft, demo, history)
            plan_calls(draft, demo, history)
            plan_open_letter(draft, history)
            plan_embargo(draft, history)
            plan_guest_links(draft, history)
            plan_comments(draft, history)
            plan_suggestions(draft, history)
        plan_agreement(demo, accounts, drafts, history)
        events = plan_events(demo, accounts, workspaces, drafts, history)
        plan_calendars(demo, accounts, workspaces, history)
        plan_press(demo, accounts, workspaces[MAIN], history)
        plan_spokespersons(demo, accounts, workspaces[MAIN], history)
        plan_resolutions(demo, accounts, workspaces[MAIN], history)
        plan_requests(demo, accounts, history)
        plan_helplines(demo, accounts, history)
        plan_appeals(demo, accounts, drafts, history)
        bodies = plan_recipients(demo, accounts, workspaces, history)
        plan_asks(demo, accounts, drafts, history)
        plan_letters(demo, accounts, drafts, facts, bodies, history)
        plan_answers(demo, accounts, history)
        plan_postcards(demo, accounts, drafts, history)
        plan_sheets(demo, accounts, history)
        plan_regional_plan(demo, accounts, workspaces[MAIN], history)
        plan_tables(demo, accounts, history)
        plan_card_moves(accounts, history)
        plan_media_package(demo, accounts, workspaces[MAIN], facts, history)
        plan_impact(demo, accounts, workspaces[MAIN], drafts, events, history)
        mark_notifications_read(accounts, history)
        history.run()
        open_site(demo, accounts, drafts, facts, history)
        seed_consent(demo.consent, accounts, workspaces[MAIN], history)
        remind_of_fact_checks()  # they are in the inboxes; a worker's first run has nobody to write to
        drop_waiting_mail(person.uuid for person in accounts.people.values())
