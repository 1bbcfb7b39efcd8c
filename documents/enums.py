"""States and kinds of drafts, approvals and publications."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class TextKind(models.TextChoices):
    """What kind of text a draft is; mandates may be limited to one."""

    STATEMENT = "statement", _("Statement")
    PRESS_RELEASE = "press_release", _("Press release")
    ADVISORY = "advisory", _("Media advisory")
    HOLDING = "holding", _("Holding statement")
    APPEAL = "appeal", _("Appeal")
    LETTER = "letter", _("Letter")
    OP_ED = "op_ed", _("Op-ed")
    CAPTION = "caption", _("Caption or wall label")


class Handling(models.TextChoices):
    """How far a thing may travel (TLP 2.0 beside our own words). Order: from strict to open."""

    NAMED_PEOPLE = "red", _("Named people only")
    ORGANISATION = "amber_strict", _("My organisation only")
    WORKSPACE = "amber", _("This workspace only")
    COALITION = "green", _("The coalition")
    PUBLIC = "clear", _("Public")

    @property
    def tlp(self) -> str:
        """The mark's name in the Traffic Light Protocol."""
        return "TLP:" + self.value.upper().replace("_", "+")


class RoundState(models.TextChoices):
    OPEN = "open", _("Open")
    CLOSED = "closed", _("Closed")
    PUBLISHED = "published", _("Published")


class DecisionKind(models.TextChoices):
    """What an organisation recorded on a version."""

    APPROVED = "approved", _("Approved")
    CHANGES_ASKED = "changes", _("Changes asked")


class CellState(models.TextChoices):
    """What a cell of the approval matrix shows; the value is also its CSS class `state--<value>`."""

    NOT_ASKED = "unasked", _("Not asked")
    NOT_OPENED = "unopened", _("Not opened")
    READ = "read", _("Read")
    CHANGES_ASKED = "changes", _("Changes asked")
    APPROVED = "approved", _("Approved")
    RELIES = "relies", _("Relies on attested translation")
    ABSTAINS = "abstains", _("Abstains")
    OBJECTS = "objects", _("Objects")
    REOPENED = "reopened", _("Reopened")


class PublicationState(models.TextChoices):
    """One state machine for publication and embargo, also while the interface offers only *now*."""

    PLANNED = "planned", _("Planned")
    SCHEDULED = "scheduled", _("Scheduled")
    PUBLIC = "public", _("Public")
    WITHDRAWN = "withdrawn", _("Withdrawn")

    @property
    def next_states(self) -> frozenset["PublicationState"]:
        cls = type(self)
        return {
            cls.PLANNED: frozenset({cls.SCHEDULED, cls.PUBLIC}),
            cls.SCHEDULED: frozenset({cls.PLANNED, cls.PUBLIC}),
            cls.PUBLIC: frozenset({cls.WITHDRAWN}),
            cls.WITHDRAWN: frozenset(),
        }[self]
