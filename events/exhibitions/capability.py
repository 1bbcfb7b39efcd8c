"""What exhibitions bring to events and to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.applicants.flow import DAYS_UNPROVED
from coalition.core.retention import RetentionRule
from coalition.workspaces.notifications.kinds import NotificationKind
from events.core.afterwards import ThankedGroup
from events.core.capability import EventCapability
from events.exhibitions.guest_book import actions as guest_book_actions
from events.exhibitions.guest_book.presenters import (
    guest_book_action,
    guest_book_area,
    guest_book_destination,
    guests_waiting,
)
from events.exhibitions.school_groups import actions as school_groups_actions
from events.exhibitions.school_groups.notifications import groups_to_thank, notify_groups_of_change
from events.exhibitions.school_groups.presenters import groups_action, groups_area
from events.exhibitions.visitors.presenters import visitors_area
from events.exhibitions.works import presenters as works_presenters, reminders
from events.exhibitions.works.actions import CODE_KIND
from events.exhibitions.works.consent import register_works

WORKS = EventCapability(
    name="works",
    urls="events.exhibitions.urls",
    audit_actions={
        "event.work_added": _("A work added to an exhibition"),
        "event.work_changed": _("A work of an exhibition changed"),
        "event.work_removed": _("A work taken out of an exhibition"),
        "event.work_back": _("A work brought back into an exhibition"),
        "event.exhibition_set": _("Quiet corner and way to help of an exhibition set"),
        "event.catalogue_opened": _("Works of an exhibition shown on the site"),
        "event.catalogue_closed": _("Works of an exhibition taken off the site"),
    },
    areas={60: works_presenters.works_area},
    printed_codes={CODE_KIND: works_presenters.work_destination},
    connect=register_works,
    public_actions={10: works_presenters.catalogue_action},
)

LOANS = EventCapability(
    name="loans",
    audit_actions={
        "event.loan_set": _("Loan of a work noted"),
        "event.loan_ended": _("Loan of a work ended"),
        "event.condition_kept": _("Condition of a work noted"),
    },
    notification_kinds={
        "return_due": NotificationKind(
            sentence=_("A work of “%(title)s” is to go back soon."),
            outline=_("A work of an exhibition is to go back soon."),
            icon="picture",
            asks=True,
            link="events:works",
        ),
        "return_overdue": NotificationKind(
            sentence=_("A work of “%(title)s” should have gone back."),
            outline=_("A work of an exhibition should have gone back."),
            icon="picture",
            asks=True,
            link="events:works",
        ),
    },
    retention_rules=(
        RetentionRule(
            "events.forget_lenders",
            forget=reminders.forget_lenders,
            of="events.Loan, ConditionReport, Work, Screening: lenders, who looked at a work, makers who are"
            " not named, who gave rights",
            until=f"{reminders.DAYS_KEPT} days after the work went back or the event",
        ),
    ),
    due_work={reminders.REMIND_OF_RETURN: reminders.remind_of_return},
    seated=(works_presenters.returns_due,),
)

SCREENINGS = EventCapability(
    name="screenings",
    audit_actions={
        "event.film_set": _("Film of a screening noted"),
    },
    areas={70: works_presenters.film_area},
    public_parts={"film": works_presenters.film_in_public},
)

GUEST_BOOK = EventCapability(
    name="guest_book",
    urls="events.exhibitions.urls",
    audit_actions={
        "event.guest_book_set": _("Guest book opened or closed"),
        "event.guest_entry_withdrawn": _("A visitor took back an entry of the guest book"),
        "event.guest_entry_decided": _("An entry of the guest book decided on"),
        "event.guest_entry_cared": _("Somebody looks after a visitor"),
    },
    retention_rules=(
        RetentionRule(
            "events.forget_guests",
            forget=guest_book_actions.forget_guests,
            of="events.GuestEntry: what visitors wrote into a guest book",
            until=f"{guest_book_actions.DAYS_KEPT} days after the event, but what was taken in; of that the"
            " name, if everyone may read it",
        ),
    ),
    seated=(guests_waiting,),
    areas={110: guest_book_area},
    printed_codes={guest_book_actions.CODE_KIND: guest_book_destination},
    public_actions={20: guest_book_action},
)

SCHOOL_GROUPS = EventCapability(
    name="school_groups",
    urls="events.exhibitions.urls",
    audit_actions={
        "event.groups_opened": _("School groups can register"),
        "event.groups_terms": _("School groups can register again, or the terms changed"),
        "event.groups_stopped": _("School groups cannot register any more"),
        "event.group_asked": _("A school group registered"),
        "event.group_withdrawn": _("A school group withdrew"),
        "event.group_answered": _("A school group answered by hand"),
    },
    retention_rules=(
        RetentionRule(
            "events.forget_groups",
            forget=school_groups_actions.forget_groups,
            of="events.SchoolGroup: schools, who comes with them, what the group needs",
            until=f"unproved {DAYS_UNPROVED} days; {school_groups_actions.DAYS_KEPT}"
            " days after event and visit",
        ),
    ),
    areas={80: groups_area},
    on_event_change=(notify_groups_of_change,),
    public_actions={30: groups_action},
    thanked_groups={
        "groups": ThankedGroup(40, _("School groups that had a place"), groups_to_thank, over_days=True)
    },
)

VISITORS = EventCapability(
    name="visitors",
    urls="events.exhibitions.urls",
    audit_actions={
        "event.count_link_made": _("Link for counting visitors made"),
        "event.count_link_taken_back": _("Link for counting visitors taken back"),
        "event.visitors_corrected": _("Number of visitors put right"),
    },
    areas={90: visitors_area},
)
