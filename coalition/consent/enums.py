"""Forms, places, details and states of consent."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _, pgettext_lazy


class Form(TextChoices):
    """What of a person an item contains."""

    TEXT = "text", pgettext_lazy("consent", "Her words, as a text")
    VOICE = "voice", pgettext_lazy("consent", "Her voice")
    FACE = "face", pgettext_lazy("consent", "Her face or figure")


class Place(TextChoices):
    """Where an item may be shown. Consent to one place is no consent to another."""

    SITE = "site", pgettext_lazy("consent", "On this site")
    PACKAGE = "package", pgettext_lazy("consent", "Handed to the media")
    EXHIBITION = "exhibition", pgettext_lazy("consent", "In an exhibition")
    SCREENING = "screening", pgettext_lazy("consent", "At film screenings")


class DetailKind(TextChoices):
    """Kind of a detail by which a person can be identified."""

    NAME = "name", _("a name")
    WORKPLACE = "workplace", _("a workplace or school")
    PLACE = "place", _("a place")
    POST = "post", _("a post")
    DATE = "date", _("a date")
    FAMILY = "family", _("family")
    AGE = "age", _("age")
    VOICE = "voice", _("her voice")
    FACE = "face", _("her face or figure")


class Answer(TextChoices):
    """What the person answered when asked about one use."""

    WAITING = "waiting", pgettext_lazy("consent", "Not answered yet")
    AGREED = "agreed", pgettext_lazy("consent", "Agreed")
    DECLINED = "declined", pgettext_lazy("consent", "Declined")


class RecordState(TextChoices):
    """State of a record, computed from its dates."""

    WAITING = "waiting", pgettext_lazy("consent", "48 hours to think it over")
    IN_FORCE = "in_force", pgettext_lazy("consent", "In force")
    REVIEW_MISSED = "review_missed", pgettext_lazy("consent", "Yearly question missed: nothing is shown")
    NO_CASEWORKER = "no_caseworker", pgettext_lazy("consent", "No caseworker: nothing is shown")
    IDENTIFIES = "identifies", pgettext_lazy("consent", "Details stand together: nothing is shown")
    EXPIRED = "expired", pgettext_lazy("consent", "Ended by its date")
    WITHDRAWN = "withdrawn", pgettext_lazy("consent", "Taken back")


class RemovalAnswer(TextChoices):
    """What a taker did with an item whose licence ended."""

    REMOVED = "removed", pgettext_lazy("taken material", "Removed")
    REPLACED = "replaced", pgettext_lazy("taken material", "Replaced by something else")
    NOT_USED = "not_used", pgettext_lazy("taken material", "Never used")
    CANNOT = "cannot", pgettext_lazy("taken material", "Cannot be removed")


class ConsentRoleKind(TextChoices):
    """Roles that a representative gives to members of their organisation."""

    CASEWORKER = "caseworker", pgettext_lazy("consent", "Caseworker: asks survivors and keeps their consent")
    LAWYER = (
        "lawyer",
        pgettext_lazy("consent", "Lawyer: reads what may point to an accused person or a workplace"),
    )
