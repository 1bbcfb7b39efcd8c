"""What events bring to the layers below: words, parts of the desk, live topics, due work. From `ready()`."""

from coalition import live
from coalition.audit.words import register_actions
from coalition.clock import due
from coalition.outbox import mail
from coalition.workspaces.activity_words import register_words
from coalition.workspaces.desk import coming_sources, seated_sources, waiting_sources
from documents.presenters import register_presenter
from events import desk, kept_for_a_while, notification_kinds, press_topics, question_topics, running_topics
from events.domain import (
    answer_enquiry,
    approved,
    bring_in,
    enquiries,
    group_mails,
    invite,
    keep,
    kit_mails,
    mail_out_letters,
    media_list,
    press_mails,
    printed_codes,
    refresh,
    returns,
    shift_mails,
    shifts_follow,
    spokespersons,
    tasks,
    trail,
    works,
)
from events.domain.guest_book import CODE_KIND as GUEST_BOOK
from events.pages import guest_book as guest_pages
from events.pages import public_works
from events.wording import intake as intake_words
from events.wording import trail as trail_words


def register_all() -> None:
    """Once, when the models are there."""
    _words()
    _desk()
    _what_follows()
    _due_work()


def _words() -> None:
    register_words(trail_words.ACTIVITIES, links={"event": "events:event"})
    register_actions(trail_words.ACTIONS)
    register_actions(intake_words.ACTIONS)
    notification_kinds.register()
    mail.register_sort(mail_out_letters.KEY, mail_out_letters.SORT)


def _desk() -> None:
    waiting_sources.append(desk.hosting_asked)
    seated_sources.extend([desk.guests_waiting, desk.tasks_due, desk.enquiries_due, desk.returns_due])
    coming_sources.append(desk.events_coming)
    for topics in (running_topics, press_topics, question_topics):
        live.register_topic(topics.KIND, topics.may_hear, topics.last_id)


def _what_follows() -> None:
    keep.register()
    register_presenter(approved.published, approved.withdrawn)
    trail.on_change(invite.tell_invited)
    trail.on_change(press_mails.tell_press)
    trail.on_change(tasks.follow_event)
    trail.on_change(shifts_follow.follow_event)
    printed_codes.register_kind(works.CODE_KIND, public_works.leads_to)
    printed_codes.register_kind(GUEST_BOOK, guest_pages.leads_to)
    trail.on_change(group_mails.tell_groups)
    trail.on_change(kit_mails.follow_event)


def _due_work() -> None:
    due.register(tasks.REMIND, tasks.remind)
    due.register(shift_mails.REMIND, shift_mails.remind)
    due.register(returns.REMIND, returns.remind)
    due.register(kit_mails.TELL, kit_mails.tell_opened)
    due.register(mail_out_letters.SEND, mail_out_letters.write_due)
    due.register(media_list.FORGET, media_list.forget_due)
    due.register(enquiries.REMIND, answer_enquiry.remind)
    due.register(spokespersons.FORGET, spokespersons.forget_due)
    kept_for_a_while.register()
    due.register(bring_in.READ, refresh.run_reading)
    due.recur("events.refresh_partner_calendars", refresh.refresh_due, every=refresh.LOOK)
