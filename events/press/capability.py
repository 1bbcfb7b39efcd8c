"""What the capabilities of the press bring to events and to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.applicants.flow import DAYS_UNPROVED
from coalition.consent.items import register_takers
from coalition.core.retention import RetentionRule, anonymise_cutoff, delete_in_batches, empty_in_batches
from coalition.mail import outbox
from coalition.workspaces.capability import RecurringWork
from coalition.workspaces.notifications.kinds import NotificationKind, NotificationSubject
from documents.files.consent import FILE
from events.core.afterwards import ThankedGroup
from events.core.capability import EventCapability, LiveTopic
from events.core.queries import is_over_since
from events.press import actions as press_actions
from events.press.contact_import import RETENTION_PERIOD, forget_old_sheets
from events.press.coverage.models import CoverageLink
from events.press.coverage.presenters import coverage_area
from events.press.enquiries import actions as enquiries_actions
from events.press.enquiries.presenters import describe_enquiries, enquiries_due
from events.press.enquiries.queries import visible_enquiries
from events.press.kit import actions as kit_actions, notifications
from events.press.kit.consent import takers_of_file
from events.press.kit.models import DAYS_KEPT, KitOpened
from events.press.kit.presenters import kit_action, kit_area, kit_url_of_journalist
from events.press.mailings import actions as mailings_actions
from events.press.models import Call
from events.press.registration import actions as registration_actions
from events.press.registration.models import KIND, last_check_in_id, may_subscribe_to_check_in
from events.press.registration.notifications import journalists_to_thank, notify_press_of_change
from events.press.registration.presenters import check_in_area, registration_action
from events.press.spokespersons import actions as spokespersons_actions


def forget_calls() -> int:
    """Erase call notes, recipients of links, hashes of kit visitors. Return the number of rows."""
    before = anonymise_cutoff()
    opens = ("kit__made_at", "kit__opens_at", "kit__afterwards_at")
    opened = KitOpened.objects.filter(is_over_since(DAYS_KEPT, "kit__event__", *opens))
    return (
        empty_in_batches(Call.objects.filter(called_at__lt=before).exclude(note=""), note="")
        + empty_in_batches(CoverageLink.objects.filter(ends_at__lt=before).exclude(label=""), label="")
        + delete_in_batches(opened)
    )


PRESS = EventCapability(
    name="press",
    urls="events.press.urls",
    retention_rules=(
        RetentionRule(
            "events.forget_contact_sheets",
            forget=forget_old_sheets,
            of="events.SheetTaken: spreadsheets of contacts or coverage that were not taken in",
            until=f"{RETENTION_PERIOD.days} day",
        ),
        RetentionRule(
            "events.forget_calls",
            forget=forget_calls,
            of="events.Call, CoverageLink, KitOpened: what was said on the phone, for whom a link was, who"
            " opened a kit",
            until=f"AUDIT_PERSON_MONTHS; of kits {DAYS_KEPT} days after the event",
        ),
    ),
    due_work={press_actions.FORGET_CONTACT: press_actions.forget_removed_contact},
)

ADVISORY = EventCapability(
    name="advisory",
    urls="events.press.urls",
    audit_actions={
        "event.advisory_made": _("Advisory of an event made"),
    },
)

CALL_SHEETS = EventCapability(name="call_sheets", urls="events.press.urls")


def _connect() -> None:
    outbox.register_mail_category(mailings_actions.OUTBOX_SORT_KEY, mailings_actions.SORT)


MAILINGS = EventCapability(
    name="mailings",
    urls="events.press.urls",
    audit_actions={
        "press.prepared": _("Mail to the press prepared"),
        "press.sent": _("Mail to the press sent"),
        "press.stopped": _("Mail to the press stopped"),
        "press.ended": _("Somebody of an outlet ended mails to the press"),
        "press.begun_again": _("Somebody of an outlet takes mails to the press again"),
    },
    due_work={mailings_actions.SEND_MAIL_OUT: mailings_actions.queue_waiting_letters},
    connect=_connect,
)

SPOKESPERSONS = EventCapability(
    name="spokespersons",
    urls="events.press.urls",
    audit_actions={
        "spokesperson.added": _("Spokesperson added"),
        "spokesperson.changed": _("What is said of a spokesperson changed"),
        "spokesperson.removed": _("Spokesperson removed"),
        "spokesperson.brought_back": _("Spokesperson brought back"),
        "spokesperson.agreed": _("A spokesperson agreed to be named"),
        "spokesperson.took_back": _("A spokesperson is not named any more"),
        "spokesperson.erased": _("A spokesperson had themselves deleted"),
    },
    retention_rules=(
        RetentionRule(
            "events.forget_speakers",
            forget=spokespersons_actions.forget_unconfirmed_spokespersons,
            of="events.Spokesperson: who without an account was asked to speak for an organisation",
            until=f"{spokespersons_actions.DAYS_WITHOUT_CONSENT} days without an answer; else until"
            " they are taken out",
        ),
    ),
    due_work={spokespersons_actions.FORGET_SPOKESPERSON: spokespersons_actions.forget_removed_spokesperson},
)

ENQUIRIES = EventCapability(
    name="enquiries",
    urls="events.press.urls",
    audit_actions={
        "enquiry.came": _("Enquiry of the press written down"),
        "enquiry.changed": _("Enquiry of the press changed"),
        "enquiry.shared": _("Enquiry of the press shared"),
        "enquiry.unshared": _("Enquiry of the press not shared any more"),
        "enquiry.taken": _("Enquiry of the press taken"),
        "enquiry.given_back": _("Enquiry of the press given back"),
        "enquiry.speaker": _("Spokesperson chosen for an enquiry"),
        "enquiry.answered": _("Enquiry of the press answered"),
        "enquiry.refused": _("Enquiry of the press refused"),
        "enquiry.opened_again": _("Enquiry of the press opened again"),
    },
    notification_kinds={
        "enquiry_due": NotificationKind(
            sentence=_("%(title)s waits for an answer: the deadline is near."),
            outline=_("An enquiry of the press is to be answered soon."),
            icon="talk",
            asks=True,
            urgent=True,
        ),
    },
    retention_rules=(
        RetentionRule(
            "events.forget_enquiries",
            forget=enquiries_actions.forget_enquiries,
            of="events.Enquiry, EnquiryNote, Briefing: what journalists asked, and notes for interviews",
            until=f"{enquiries_actions.RETENTION_PERIOD.days} days after it is over; outlet and answer stay",
        ),
    ),
    due_work={enquiries_actions.REMIND_OF_ENQUIRY: enquiries_actions.remind_of_enquiry},
    seated=(enquiries_due,),
    subjects={"enquiry": NotificationSubject(visible=visible_enquiries, describe=describe_enquiries)},
)

TALKING_POINTS = EventCapability(
    name="talking_points",
    urls="events.press.urls",
    audit_actions={
        "enquiry.briefed": _("Briefing note written"),
        "enquiry.briefing_sent": _("Briefing note sent to who speaks"),
        "guide.written": _("Line of the message guide written"),
        "guide.taken_out": _("Line of the message guide taken out"),
        "guide.brought_back": _("Line of the message guide brought back"),
    },
)

COVERAGE = EventCapability(
    name="coverage",
    urls="events.press.urls",
    audit_actions={
        "coverage.added": _("Coverage noted"),
        "coverage.changed": _("Coverage changed"),
        "coverage.removed": _("Coverage taken out"),
        "coverage.taken": _("Coverage that came by a link taken in"),
        "coverage.link_made": _("Link for coverage made"),
        "coverage.link_ended": _("Link for coverage ended"),
    },
    areas={130: coverage_area},
)

PRESS_REGISTRATION = EventCapability(
    name="press_registration",
    urls="events.press.urls",
    audit_actions={
        "event.press_opened": _("Press registration opened"),
        "event.press_terms": _("Press registration opened again, or its numbers changed"),
        "event.press_stopped": _("Press registration closed"),
        "event.press_asked": _("A journalist registered for an event"),
        "event.press_withdrawn": _("A journalist withdrew from an event"),
        "event.press_answered": _("A journalist answered by hand"),
        "event.press_came": _("A journalist came to an event"),
        "event.press_ticked": _("Journalists ticked off with a phone at the door"),
        "event.press_came_undone": _("Coming of a journalist taken back"),
    },
    retention_rules=(
        RetentionRule(
            "events.forget_press_guests",
            forget=registration_actions.forget_press_guests,
            of="events.PressGuest, PressTick: journalists who register, their code for the door,"
            " when they came",
            until=f"unproved {DAYS_UNPROVED} days; {registration_actions.DAYS_KEPT} days after the event",
        ),
    ),
    on_event_change=(notify_press_of_change,),
    public_actions={60: registration_action},
    thanked_groups={"press": ThankedGroup(10, _("Journalists who came"), journalists_to_thank)},
)

CHECK_IN = EventCapability(
    name="check_in",
    areas={10: check_in_area},
    live_topics=(LiveTopic(KIND, may_subscribe_to_check_in, last_check_in_id),),
)

KIT = EventCapability(
    name="kit",
    urls="events.press.urls",
    audit_actions={
        "event.kit_begun": _("Kit of an event begun"),
        "event.kit_terms": _("How the kit of an event opens changed"),
        "event.kit_added": _("Something put into the kit of an event"),
        "event.kit_taken_out": _("Something taken out of the kit of an event"),
        "event.kit_brought_back": _("Something brought back into the kit of an event"),
        "event.kit_afterwards": _("The part of a kit for afterwards opened"),
        "event.kit_link": _("Link to the kit of an event made anew"),
    },
    due_work={
        notifications.NOTIFY_OF_KIT: notifications.notify_kit_opened,
        kit_actions.CLEAN_KIT_FILE: kit_actions.make_file_copy,
    },
    recurring=(
        RecurringWork(
            "events.plan_kit_copies", kit_actions.plan_copies, every=kit_actions.COPY_CHECK_INTERVAL
        ),
    ),
    areas={100: kit_area},
    on_event_change=(notifications.reschedule_kit,),
    public_actions={50: kit_action},
    connect=lambda: register_takers(FILE, takers_of_file),
    press_page_parts={"kit_url": kit_url_of_journalist},
    on_press_came=(notifications.notify_after_check_in,),
)
