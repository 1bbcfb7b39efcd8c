"""States and kinds of events, with the transitions allowed."""

from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy


class EventKind(models.TextChoices):
    """Kind of event. The value is part of URLs: `/calendar/kinds/<kind>.ics`."""

    PRESS_CONFERENCE = "press-conference", _("Press conference")
    EXHIBITION = "exhibition", _("Exhibition")
    SCREENING = "screening", _("Screening")
    MEETING = "meeting", _("Meeting")
    TRAINING = "training", _("Training")
    DEADLINE = "deadline", _("Deadline")


class EventState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    ANNOUNCED = "announced", _("Announced")
    MOVED = "moved", _("Moved")
    CANCELLED = "cancelled", _("Cancelled")

    @property
    def is_told(self) -> bool:
        """Whether the event has been announced to its audience; feeds list it only then."""
        return self != EventState.PLANNED


class Visibility(models.TextChoices):
    """Who may see an event once it is announced. Order: from narrow to wide."""

    WORKSPACE = "workspace", _("This workspace")
    COALITION = "coalition", _("The coalition")
    PUBLIC = "public", _("Everyone")


class Frequency(models.TextChoices):
    """Frequency of a recurring event; the value is RFC 5545's FREQ."""

    DAILY = "DAILY", _("Every day")
    WEEKLY = "WEEKLY", _("Every week")
    MONTHLY = "MONTHLY", _("Every month")
    YEARLY = "YEARLY", _("Every year")


class Weekday(models.IntegerChoices):
    """Weekdays, numbered as in `datetime.date.weekday`."""

    MONDAY = 0, _("Monday")
    TUESDAY = 1, _("Tuesday")
    WEDNESDAY = 2, _("Wednesday")
    THURSDAY = 3, _("Thursday")
    FRIDAY = 4, _("Friday")
    SATURDAY = 5, _("Saturday")
    SUNDAY = 6, _("Sunday")

    @property
    def ical(self) -> str:
        """Return RFC 5545's BYDAY."""
        return ("MO", "TU", "WE", "TH", "FR", "SA", "SU")[self.value]


class GettingIn(models.TextChoices):
    """Step-free access."""

    UNKNOWN = "unknown", _("Not known yet")
    STEP_FREE = "step_free", _("Step-free")
    STEPS = "steps", _("There are steps")


class Audience(models.TextChoices):
    """An audience for whom an event begins at another time than for the public."""

    SPEAKERS = "speakers", _("Speakers")
    VOLUNTEERS = "volunteers", _("Volunteers")
    CAMERAS = "cameras", _("Camera crews")


class Consent(models.TextChoices):
    """A co-host's answer. No organisation is named as co-host before it consents."""

    ASKED = "asked", _("Asked")
    CONSENTED = "consented", _("Consented")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Taken back")


class Answer(models.TextChoices):
    """An invited person's answer; the value is RFC 5545's PARTSTAT."""

    NONE = "NEEDS-ACTION", _("No answer yet")
    ACCEPTED = "ACCEPTED", _("Comes")
    TENTATIVE = "TENTATIVE", _("Perhaps")
    DECLINED = "DECLINED", _("Does not come")


class Source(models.TextChoices):
    """Source of a partner's calendar."""

    ADDRESS = "address", _("Address")
    FILE = "file", _("File")


class IntakeState(models.TextChoices):
    """State of an imported event."""

    WAITING = "waiting", _("Waits for review")
    SHOWN = "shown", _("Shown")
    DISMISSED = "dismissed", _("Left out")
    SET_ASIDE = "set_aside", _("Set aside")
    GONE = "gone", _("No longer in the calendar")


class SpokenLanguage(models.TextChoices):
    """Languages of sound and subtitles; ISO 639, and sign language."""

    KK = "kk", pgettext_lazy("a language of a film", "Kazakh")
    RU = "ru", pgettext_lazy("a language of a film", "Russian")
    EN = "en", pgettext_lazy("a language of a film", "English")
    SIGN = "sgn", _("sign language")
    KY = "ky", _("Kyrgyz")
    UZ = "uz", _("Uzbek")
    UG = "ug", _("Uyghur")
    TR = "tr", _("Turkish")
    UK = "uk", _("Ukrainian")
    FR = "fr", _("French")
    DE = "de", _("German")
    ES = "es", _("Spanish")
    FA = "fa", _("Persian")
    OTHER = "other", _("another language")


class PressState(models.TextChoices):
    """State of a journalist's request. Before `ASKED` the address is unverified."""

    UNCONFIRMED = "unconfirmed", _("Address not confirmed")
    ASKED = "asked", pgettext_lazy("press registration", "Waits for an answer")
    CONFIRMED = "confirmed", pgettext_lazy("press registration", "Confirmed")
    WAITING = "waiting", pgettext_lazy("press registration", "Waiting list")
    FULL = "full", pgettext_lazy("press registration", "No place")
    WITHDRAWN = "withdrawn", pgettext_lazy("press registration", "Withdrawn")

    @property
    def hears(self) -> bool:
        """Whether the guest is notified when the event moves or is cancelled."""
        return self in {PressState.ASKED, PressState.CONFIRMED, PressState.WAITING}

    @property
    def can_be_answered(self) -> bool:
        """Whether an organiser may set confirmed, waiting list or no place."""
        return self.hears or self == PressState.FULL
