"""What events bring to the layers below: words, parts of the desk, live topics, due work. From `ready()`."""

from coalition import live_push
from coalition.audit.labels import register_actions
from coalition.jobs import scheduler
from coalition.mail import outbox
from coalition.workspaces.activity_sentences import register_activity_sentences
from coalition.workspaces.dashboard import coming_sources, seated_sources, waiting_sources
from documents.publication.hooks import register_presenter
from events import audit_messages, dashboard, notification_kinds, retention
from events.core import area, audit, printed_codes
from events.core.actions import announce
from events.exhibitions.guest_book import presenters as guest_book_presenters
from events.exhibitions.guest_book.actions import CODE_KIND as GUEST_BOOK
from events.exhibitions.guest_book.presenters import guest_book_area
from events.exhibitions.school_groups import notifications as school_groups_notifications
from events.exhibitions.school_groups.presenters import groups_area
from events.exhibitions.visitors.presenters import visitors_area
from events.exhibitions.works import actions as works_actions
from events.exhibitions.works import presenters as works_presenters
from events.exhibitions.works.loans import reminders as works_reminders
from events.exhibitions.works.presenters import film_area, works_area
from events.feeds import cache as feeds_cache
from events.invitations import actions as invitations_actions
from events.partner_calendars import actions as partner_calendars_actions
from events.partner_calendars import audit_messages as partner_calendars_audit_messages
from events.press.contacts import actions as contacts_actions
from events.press.coverage.presenters import coverage_area
from events.press.enquiries import actions as enquiries_actions
from events.press.kit import actions as kit_actions
from events.press.kit import notifications as kit_notifications
from events.press.kit.presenters import kit_area
from events.press.mailings import actions as mailings_actions
from events.press.registration import notifications as registration_notifications
from events.press.registration.check_in import topics as registration_topics
from events.press.registration.check_in.presenters import door_area
from events.press.registration.presenters import own_page_parts
from events.press.spokespersons import actions as spokespersons_actions
from events.production.checklist import actions as checklist_actions
from events.production.debrief.presenters import afterwards_area
from events.production.running_order import actions as running_order_actions
from events.production.running_order import topics as running_order_topics
from events.production.safety.presenters import safety_area
from events.production.speakers.presenters import speakers_area
from events.questions import topics as questions_topics
from events.questions.presenters import questions_area, questions_of_journalist
from events.volunteers import listeners as volunteers_listeners
from events.volunteers import notifications as volunteers_notifications
from events.volunteers.presenters import shifts_area

# Lines on the event's page, in this order.
AREAS = (
    door_area,
    safety_area,
    speakers_area,
    questions_area,
    shifts_area,
    works_area,
    film_area,
    groups_area,
    visitors_area,
    kit_area,
    guest_book_area,
    afterwards_area,
    coverage_area,
)


def register_all() -> None:
    """Once, when the models are there."""
    _words()
    _desk()
    _what_follows()
    _due_work()


def _words() -> None:
    register_activity_sentences(audit_messages.ACTIVITIES, links={"event": "events:event"})
    register_actions(audit_messages.ACTIONS)
    register_actions(partner_calendars_audit_messages.ACTIONS)
    notification_kinds.register()
    outbox.register_mail_category(mailings_actions.KEY, mailings_actions.SORT)


def _desk() -> None:
    waiting_sources.append(dashboard.hosting_asked)
    seated_sources.extend(
        [dashboard.guests_waiting, dashboard.tasks_due, dashboard.enquiries_due, dashboard.returns_due]
    )
    coming_sources.append(dashboard.events_coming)
    for topics in (running_order_topics, registration_topics, questions_topics):
        live_push.register_topic(topics.KIND, topics.may_hear, topics.last_id)


def _what_follows() -> None:
    area.areas.extend(AREAS)
    feeds_cache.register()
    own_page_parts["questions"] = questions_of_journalist
    register_presenter(announce.published, announce.withdrawn)
    audit.on_change(invitations_actions.tell_invited)
    audit.on_change(registration_notifications.tell_press)
    audit.on_change(checklist_actions.follow_event)
    audit.on_change(volunteers_listeners.follow_event)
    audit.on_change(running_order_actions.follow_event)
    printed_codes.register_kind(works_actions.CODE_KIND, works_presenters.leads_to)
    printed_codes.register_kind(GUEST_BOOK, guest_book_presenters.leads_to)
    audit.on_change(school_groups_notifications.tell_groups)
    audit.on_change(kit_notifications.follow_event)


def _due_work() -> None:
    scheduler.register_handler(checklist_actions.REMIND, checklist_actions.remind)
    scheduler.register_handler(volunteers_notifications.REMIND, volunteers_notifications.remind)
    scheduler.register_handler(works_reminders.REMIND, works_reminders.remind)
    scheduler.register_handler(kit_notifications.TELL, kit_notifications.tell_opened)
    scheduler.register_handler(kit_actions.CLEAN, kit_actions.make_due)
    scheduler.register_recurring(
        "events.plan_kit_copies", kit_actions.plan_missing_copies, every=kit_actions.LOOK
    )
    scheduler.register_handler(mailings_actions.SEND, mailings_actions.write_due)
    scheduler.register_handler(contacts_actions.FORGET, contacts_actions.forget_due)
    scheduler.register_handler(enquiries_actions.REMIND, enquiries_actions.remind)
    scheduler.register_handler(spokespersons_actions.FORGET, spokespersons_actions.forget_due)
    retention.register()
    scheduler.register_handler(partner_calendars_actions.READ, partner_calendars_actions.run_reading)
    scheduler.register_recurring(
        "events.refresh_partner_calendars",
        partner_calendars_actions.refresh_due,
        every=partner_calendars_actions.LOOK,
    )
