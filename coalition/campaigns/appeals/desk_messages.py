"""The words of what organisers do with appeals."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from coalition.audit.log import ActionLabel

AUDIT_ACTIONS: Mapping[str, ActionLabel] = {
    "appeal.created": _("An appeal was prepared"),
    "appeal.words_chosen": _("The text of an appeal was chosen"),
    "appeal.changed": _("Address, goal or last day of an appeal was changed"),
    "appeal.opened": _("An appeal was opened to the public"),
    "appeal.reopened": _("An appeal was opened again"),
    "appeal.closed": _("An appeal was closed"),
    "appeal.official_changed": _("Number or address of the official petition was changed"),
    "appeal.official_counted": _("The count of the official petition was typed in"),
    "appeal.petition_planned": _("The plan for the official petition was changed"),
    "appeal.petition_in_calendar": _("The plan for the official petition was put into the calendar"),
    "appeal.petition_out_of_calendar": _("The plan for the official petition was taken out of the calendar"),
    "appeal.petition_pledged": _("People with a digital signature were promised or found"),
    "appeal.hold_voted": _("A vote was given on rows that were held"),
    "appeal.hold_released": _("Rows that were held are counted"),
    "appeal.hold_set_aside": _("Rows that were held were set aside"),
    "appeal.contact_offered": _("An organisation offered itself for contact under an appeal"),
    "appeal.contact_offer_ended": _("An organisation is no longer offered for contact under an appeal"),
    "appeal.contacts_exported": _("An organisation took out the contacts that are its own"),
    "appeal.name_hidden": _("The name of a supporter is not shown any more"),
    "appeal.name_shown_again": _("The name of a supporter is shown again"),
    "appeal.hand_over_made": _("Files for a hand-over were made"),
    "appeal.hand_over_taken": _("A file with names for a hand-over was taken out"),
    "appeal.handed_over": _("Support for an appeal was handed over"),
    "appeal.receipt_recorded": _("The receipt for a hand-over was recorded"),
    "appeal.answer_recorded": _("The answer to an appeal was recorded"),
    "appeal.hand_over_published": _("A hand-over was published"),
    "appeal.hand_over_unpublished": _("A hand-over was taken off the public page"),
}
ACTIVITIES: Mapping[str, ActionLabel] = {
    "appeal_opened": _("%(actor)s opened the appeal “%(title)s” to the public."),
    "appeal_reopened": _("%(actor)s opened the appeal “%(title)s” again."),
    "appeal_closed": _("%(actor)s closed the appeal “%(title)s”."),
    "appeal_new_version": _("%(actor)s gave the appeal a new text: “%(title)s”. Nobody is carried over."),
    "appeal_handed_over": _("%(actor)s noted that support for “%(title)s” was handed over."),
    "appeal_answered": _("%(actor)s noted an answer to “%(title)s”."),
}
