"""The sentences of what happened around approvals and publications."""

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

ACTIVITIES: Mapping[str, str | Promise] = {
    "put_to_approval": _("%(actor)s put “%(title)s” to approval."),
    "put_again": _("%(actor)s put newer words of “%(title)s” to approval, or moved the deadline."),
    "round_closed": _("%(actor)s closed the approval of “%(title)s”."),
    "approved": _("%(organisation)s approved “%(title)s”."),
    "slip_proposed": _("%(actor)s mended a slip of the pen in “%(title)s”."),
    "slip_confirmed": _("%(organisation)s confirmed a slip of the pen in “%(title)s”."),
    "slip_reopened": _("%(organisation)s decides anew on “%(title)s” after a slip of the pen."),
    "words_carried": _("“%(title)s” says only approved words: who approved them all is not asked again."),
    "carried_reopened": _("%(organisation)s decides anew on “%(title)s”, which says words it had approved."),
    "attested": _("%(organisation)s answers for a translation of “%(title)s”."),
    "attestation_taken_back": _("%(organisation)s answers no longer for a translation of “%(title)s”."),
    "abstained": _("%(organisation)s abstains from “%(title)s”."),
    "objected": _("%(organisation)s is against “%(title)s”."),
    "changes_asked": _("%(organisation)s asked for changes in “%(title)s”."),
    "published": _("%(actor)s published “%(title)s”."),
    "withdrawn": _("%(actor)s withdrew “%(title)s”."),
    "scheduled": _("%(actor)s scheduled “%(title)s”: it becomes public on %(deadline)s."),
    "put_off": _("%(actor)s put off the publication of “%(title)s”."),
    "let_stand": _("%(actor)s decided that “%(title)s” stands as it is."),
}

ACTIONS: Mapping[str, str | Promise] = {
    "round.opened": _("Put a text to approval"),
    "round.renewed": _("Put newer words to approval, or moved the deadline"),
    "round.closed": _("Closed a round of approval"),
    "approval.given": _("Approved a text"),
    "slip.proposed": _("Proposed a slip of the pen"),
    "slip.confirmed": _("Confirmed a slip of the pen"),
    "slip.reopened": _("Did not take a change for a slip of the pen"),
    "round.carried_over": _("Put a text that says only approved words"),
    "approval.carried_over": _("Carried an approval over from approved words"),
    "approval.reopened": _("Decides anew on what was carried over"),
    "attestation.given": _("Answered for a translation"),
    "attestation.taken_back": _("Took back an answer for a translation"),
    "approval.abstained": _("Abstained from a text"),
    "approval.objected": _("Objected to a text"),
    "approval.changes_asked": _("Asked for changes in a text"),
    "publication.published": _("Published a text"),
    "publication.withdrawn": _("Withdrew a publication"),
    "publication.name_taken_off": _("Took the organisation's name off a public text"),
    "publication.scheduled": _("Scheduled a publication"),
    "publication.put_off": _("Put off a publication"),
    "embargo.offered": _("Offered a text under embargo to somebody of an outlet"),
    "embargo.agreed": _("An embargo was agreed to"),
    "embargo.opened": _("A text under embargo was opened by somebody of an outlet"),
    "embargo.downloaded": _("A text under embargo was downloaded by somebody of an outlet"),
    "embargo.calendar": _("Somebody of an outlet asked for the address of their calendar"),
    "embargo.revoked": _("Took an embargo access back"),
    "contact.kept": _("Added or changed a contact of an outlet"),
    "contact.feed_sent": _("Sent somebody of an outlet the address of their calendar"),
    "contact.feed_ended": _("Ended the calendar address of somebody of an outlet"),
    "contact.removed": _("Removed a contact of an outlet"),
    "publication.let_stand": _("Decided that a public text stands"),
}
