"""The kinds of notifications about drafts, approvals and publications, and their words."""

from collections.abc import Mapping

from django.utils.translation import gettext_lazy as _

from coalition.workspaces.notifications.kinds import NotificationKind

APPROVALS: Mapping[str, NotificationKind] = {
    "approval_asked": NotificationKind(
        sentence=_(
            "%(actor)s put “%(title)s” to approval. %(about)s is asked to decide. "
            "The deadline is %(deadline)s."
        ),
        outline=_("A text waits for the decision of your organisation."),
        icon="check",
        asks=True,
        template="documents/approval_asked",
        link="documents:decide",
    ),
    "approval_again": NotificationKind(
        sentence=_(
            "%(actor)s put newer words of “%(title)s” to approval. %(about)s is asked to decide again."
        ),
        outline=_("A text waits for the decision of your organisation again."),
        icon="again",
        asks=True,
        template="documents/approval_again",
        link="documents:decide",
    ),
    "deadline_earlier": NotificationKind(
        sentence=_(
            "%(actor)s moved the deadline of “%(title)s”: it is earlier now, %(deadline)s. %(about)s is "
            "asked to decide until then."
        ),
        outline=_("There is less time than before to decide on a text for your organisation."),
        icon="clock",
        asks=True,
        urgent=True,
        link="documents:decide",
    ),
    "approval_reminder": NotificationKind(
        sentence=_("%(about)s has not decided on “%(title)s” yet. The deadline is %(deadline)s."),
        outline=_("The deadline of an approval is near."),
        icon="clock",
        asks=True,
        urgent=True,
        template="documents/approval_reminder",
        link="documents:decide",
    ),
    "decided_for_you": NotificationKind(
        sentence=_("%(actor)s decided on “%(title)s” for %(about)s."),
        outline=_("Somebody decided on a text for your organisation."),
        icon="check",
        asks=True,
        protects=True,
        template="documents/decided_for_you",
        link="documents:decide",
    ),
    "changes_asked": NotificationKind(
        sentence=_("%(organisation)s asks for changes in “%(title)s”."),
        outline=_("An organisation asks for changes in a text."),
        icon="pen",
        asks=True,
        template="documents/changes_asked",
    ),
    "asked_left": NotificationKind(
        sentence=_(
            "%(organisation)s has left the coalition. It is not asked any more about “%(title)s”, and not "
            "counted."
        ),
        outline=_("An organisation that was asked about a text has left the coalition."),
        icon="organisation",
        asks=True,
    ),
    "slip_proposed": NotificationKind(
        sentence=_(
            "In “%(title)s”, “%(before)s” became “%(after)s”: %(organisation)s takes it for a slip of "
            "the pen. %(about)s may confirm that."
        ),
        outline=_("A slip of the pen was mended in a text that your organisation decides on."),
        icon="pen",
        asks=True,
        link="documents:decide",
    ),
    "slip_counts": NotificationKind(
        sentence=_(
            "In “%(title)s”, “%(before)s” became “%(after)s”: two organisations confirmed a slip of the pen. "
            "What %(about)s decided stays, unless it reopens it."
        ),
        outline=_("A slip of the pen was mended in a text under which your organisation stands."),
        icon="pen",
        asks=True,
        link="documents:decide",
    ),
    "slip_reopened": NotificationKind(
        sentence=_("%(organisation)s does not take the change in “%(title)s” for a slip of the pen."),
        outline=_("An organisation decides anew after a slip of the pen."),
        icon="again",
        asks=True,
    ),
    "words_carried": NotificationKind(
        sentence=_(
            "%(actor)s put “%(title)s” to approval. It says only words that %(about)s has approved, so it is "
            "not asked again. Look at how they stand there, and decide anew if need be."
        ),
        outline=_("Words that your organisation had approved are to be published in another text."),
        icon="check",
        asks=True,
        protects=True,
        link="documents:decide",
    ),
    "carried_reopened": NotificationKind(
        sentence=_("%(organisation)s decides anew on “%(title)s”, which says words it had approved."),
        outline=_("An organisation decides anew on words that it had approved elsewhere."),
        icon="again",
        asks=True,
    ),
    "objected": NotificationKind(
        sentence=_("%(organisation)s is against “%(title)s”."),
        outline=_("An organisation is against a text."),
        icon="x",
        asks=True,
    ),
    "approvals_complete": NotificationKind(
        sentence=_("Nothing is missing for “%(title)s”: it can be published."),
        outline=_("Nothing is missing for a text: it can be published."),
        icon="horn",
        asks=True,
        template="documents/approvals_complete",
    ),
    "put_to_approval": NotificationKind(
        sentence=_("%(actor)s put “%(title)s” to approval."),
        outline=_("A text that you worked on is put to approval."),
        icon="check",
    ),
}
PUBLICATIONS: Mapping[str, NotificationKind] = {
    "published": NotificationKind(
        sentence=_("“%(title)s” is public, and your organisation stands under it."),
        outline=_("A text that your organisation approved is public."),
        icon="horn",
        asks=True,
        template="documents/published",
        link="documents_public:sheet",
    ),
    "corrected_without": NotificationKind(
        sentence=_(
            "“%(title)s” is public with corrected words. %(about)s stands under the earlier words only, and "
            "is not named under these."
        ),
        outline=_("A text was corrected. Your organisation stands under the earlier words only."),
        icon="again",
        asks=True,
        link="documents_public:sheet",
    ),
    "published_here": NotificationKind(
        sentence=_("%(actor)s published “%(title)s”."),
        outline=_("A text of your workspace is public."),
        icon="horn",
    ),
    "withdrawn": NotificationKind(
        sentence=_("“%(title)s”, which your organisation had approved, is withdrawn."),
        outline=_("A text that your organisation approved is withdrawn."),
        icon="warn",
        asks=True,
        template="documents/withdrawn",
        link="documents_public:sheet",
    ),
    "publication_differs": NotificationKind(
        sentence=_(
            "What readers get of “%(title)s” differs from its record. What was found stands on the page of "
            "the publication."
        ),
        outline=_("What readers get of a public text differs from its record."),
        icon="warn",
        asks=True,
        protects=True,
    ),
    "publications_differ": NotificationKind(
        sentence=_(
            "What readers get of several texts of this workspace differs from their records (%(number)s "
            "texts), among them “%(title)s”."
        ),
        outline=_("What readers get of several public texts differs from their records."),
        icon="warn",
        asks=True,
        protects=True,
    ),
    "publication_taken_off": NotificationKind(
        sentence=_(
            "“%(title)s” was taken off the site: twice running, what readers get differed from its record. "
            "It comes back when nothing differs any more."
        ),
        outline=_("A public text was taken off the site while it is checked."),
        icon="stop",
        asks=True,
        urgent=True,
        protects=True,
    ),
    "publication_brought_back": NotificationKind(
        sentence=_("“%(title)s” is on the site again: nothing differs from its record any more."),
        outline=_("A text that had been taken off the site is public again."),
        icon="check",
        protects=True,
    ),
    "name_taken_off": NotificationKind(
        sentence=_("%(organisation)s took its name off “%(title)s”. The text stands: its rule still holds."),
        outline=_("An organisation took its name off a public text. The text stands."),
        icon="organisation",
    ),
    "embargo_not_lifted": NotificationKind(
        sentence=_(
            "“%(title)s” did not become public at its moment: its rule does not hold. Look at the round."
        ),
        outline=_("A text did not become public at its moment. It waits for your decision."),
        icon="warn",
        asks=True,
        urgent=True,
    ),
    "embargo_late": NotificationKind(
        sentence=_(
            "“%(title)s” is late: it has not become public at its moment, because of a fault on our side. "
            "It is tried again until it succeeds. Until then you can put it off."
        ),
        outline=_("A text is late: it has not become public at its moment. It is tried again."),
        icon="warn",
        asks=True,
        urgent=True,
    ),
    "embargo_lifted_late": NotificationKind(
        sentence=_("“%(title)s” is public now, later than planned."),
        outline=_("A text that was late is public now."),
        icon="horn",
        asks=True,
        urgent=True,
        link="documents_public:sheet",
    ),
    "awaiting_decision": NotificationKind(
        sentence=_("%(organisation)s took its name off “%(title)s”, and its rule does not hold any more."),
        outline=_("A public text waits for your decision: its rule does not hold any more."),
        icon="warn",
        asks=True,
        urgent=True,
    ),
}
TEXTS: Mapping[str, NotificationKind] = {
    "legal_verdict": NotificationKind(
        sentence=_("A lawyer has given a verdict on “%(title)s” (%(language)s)."),
        outline=_("A lawyer has given a verdict on a text."),
        icon="check",
        asks=True,
        link="documents:legal",
    ),
    "version_named": NotificationKind(
        sentence=_("%(actor)s named version %(number)s of “%(title)s” (%(language)s)."),
        outline=_("A version of a text that you worked on has a name."),
        icon="file",
    ),
    "text_changed": NotificationKind(
        sentence=_("%(actor)s changed “%(title)s” (%(language)s), where you wrote too."),
        outline=_("A text in which you wrote was changed."),
        icon="pen",
        together=_("“%(title)s” (%(language)s), where you wrote too, was changed. Changes: %(count)s."),
    ),
    "suggestion_accepted": NotificationKind(
        sentence=_("%(actor)s accepted your suggestion in “%(title)s” (%(language)s)."),
        outline=_("A suggestion of yours was accepted."),
        icon="check",
        together=_("Suggestions of yours in “%(title)s” (%(language)s) were accepted: %(count)s."),
    ),
    "suggestion_rejected": NotificationKind(
        sentence=_("%(actor)s rejected your suggestion in “%(title)s” (%(language)s)."),
        outline=_("A suggestion of yours was rejected."),
        icon="x",
        together=_("Suggestions of yours in “%(title)s” (%(language)s) were rejected: %(count)s."),
    ),
    "file_of_a_guest": NotificationKind(
        sentence=_("A guest sent a Word file of “%(title)s” (%(language)s) back. Look at the changes in it."),
        outline=_("A guest sent a Word file back. It waits for a look."),
        icon="file",
        asks=True,
    ),
}
KINDS = {**APPROVALS, **PUBLICATIONS, **TEXTS}
