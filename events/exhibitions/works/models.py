"""Works of an exhibition: order, texts, permitted use; loans with condition reports; films of screenings."""

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import get_language, gettext_lazy as _, override, pgettext_lazy

from coalition.accounts.models import Language, Organisation
from coalition.core.crypto import SealedTextField
from coalition.core.errors import Refused
from coalition.core.localized_text import LocalizedTextField
from coalition.core.phones import dialled
from coalition.personal_data.fields import OutsidersTextField
from coalition.workspaces.permissions import Access
from documents.drafts.models import Handling
from documents.files.models import private_storage
from documents.models import StoredFile
from events.core import audit as core_audit
from events.core.enums import EventKind, SpokenLanguage
from events.core.models import Event, Identified, Placed
from events.core.permissions import event_to_change

RESTRICTED_MARKS = frozenset({Handling.NAMED_PEOPLE, Handling.ORGANISATION})
SIZE_MESSAGE = _("A size is more than nothing and at most 10,000 centimetres.")
SIZE_LIMITS = [MinValueValidator(Decimal("0.1"), SIZE_MESSAGE), MaxValueValidator(10_000, SIZE_MESSAGE)]


class MakerNaming(models.TextChoices):
    """How a maker is named in public."""

    NAME = "name", _("By their name")
    PSEUDONYM = "pseudonym", _("By their pseudonym")
    UNNAMED = "unnamed", _("Not at all")


class Reproduction(models.TextChoices):
    """Where a picture of a work may be reproduced. Order: from narrow to wide."""

    NONE = "none", _("Nowhere")
    CATALOGUE = "catalogue", _("In the catalogue, on paper and on the site")
    EVERYWHERE = "everywhere", _("Everywhere, also when the page is shared")


class Exhibition(models.Model):
    """Settings of all works of an event. `quiet_corner` and `help_words` are shown beside difficult
    works and on the exhibition's pages. `opened_at`: since when the catalogue is public, as long as the
    event is. `last_number`: the highest number assigned so far.
    """

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="exhibition")
    quiet_corner = LocalizedTextField(
        _("Quiet corner"), blank=True, max_length=300, help_text=_("Where it is and what one finds there.")
    )
    help_words = LocalizedTextField(
        _("Way to help"), blank=True, max_length=300, help_text=_("Who is there, on which days, for what.")
    )
    help_phone = models.CharField(
        _("Phone of the way to help"),
        max_length=40,
        blank=True,
        help_text=_("It stands on labels and on the site."),
    )
    opened_at = models.DateTimeField(null=True, blank=True)
    last_number = models.PositiveSmallIntegerField(default=0)

    def __str__(self) -> str:
        return f"exhibition of event {self.event_id}"

    @property
    def offers_help(self) -> bool:
        """Whether the way to get help is described."""
        return bool(self.help_words or self.help_phone)

    @property
    def supports_visitors(self) -> bool:
        """Whether difficult works can be shown: the quiet corner and the way to get help are described."""
        return bool(self.quiet_corner) and self.offers_help

    @property
    def dial(self) -> str:
        """Return the phone number for a `tel:` link."""
        return dialled(self.help_phone)


class Work(Placed):
    """Work. `number` is assigned once and used in URLs; `position` is the hanging order.

    Sizes are centimetres. The maker is encrypted, and named in public only as `naming` permits.
    `show_agreed`: the rights holder agreed to showing it until `show_until` (None: no end). `drawn`: its
    picture, a small copy without metadata in private storage, served only while `reproduction` permits.
    `revision` increases with every change except of the position. An archived work keeps its row and can
    be restored.

    Set by the gate of consent (`ExhibitionGate.admit`) for one language: `picture_passes`: its picture may be
    shown; `picture_under_consent`: it shows somebody who agreed; `has_words_of_file`: it is described in the
    words of its file only, to which she agreed.
    """

    picture_passes = False
    picture_under_consent = False
    has_words_of_file = False

    exhibition = models.ForeignKey(Exhibition, on_delete=models.CASCADE, related_name="works")
    number = models.PositiveSmallIntegerField()
    title = LocalizedTextField(_("Title"), max_length=160)
    technique = LocalizedTextField(
        _("Technique"), blank=True, max_length=160, help_text=_("Oil on canvas, textile, video.")
    )
    label = LocalizedTextField(_("Text on the wall"), blank=True, max_length=1200)
    content_note = LocalizedTextField(
        _("Content note"), blank=True, max_length=400, help_text=_("What one sees or hears, said calmly.")
    )
    alt = LocalizedTextField(
        _("The picture in words"), blank=True, max_length=600, help_text=_("For those who cannot see it.")
    )
    difficult = models.BooleanField(
        _("Difficult to look at"),
        default=False,
        help_text=_("Its note stands before the picture, with the quiet corner and the way to help."),
    )
    maker = SealedTextField(
        _("Who made it"),
        blank=True,
        max_length=200,
        help_text=_("Kept sealed. The next answer says what the public reads."),
    )
    naming = models.CharField(
        _("The maker wants to be named"), max_length=10, choices=MakerNaming, default=MakerNaming.NAME
    )
    pseudonym = SealedTextField(_("Pseudonym"), blank=True, max_length=200)
    year = models.CharField(_("Year"), max_length=20, blank=True)
    height = models.DecimalField(
        _("Height, cm"), max_digits=6, decimal_places=1, null=True, blank=True, validators=SIZE_LIMITS
    )
    width = models.DecimalField(
        _("Width, cm"), max_digits=6, decimal_places=1, null=True, blank=True, validators=SIZE_LIMITS
    )
    depth = models.DecimalField(
        _("Depth, cm"), max_digits=6, decimal_places=1, null=True, blank=True, validators=SIZE_LIMITS
    )
    picture = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    show_agreed = models.BooleanField(_("It may be shown"), default=False)
    show_until = models.DateField(
        _("It may be shown until"), null=True, blank=True, help_text=_("Empty: without an end.")
    )
    show_from = SealedTextField(_("Who gave the right to show it"), blank=True, max_length=200)
    reproduction = models.CharField(
        _("Its picture may stand"),
        max_length=10,
        choices=Reproduction,
        default=Reproduction.NONE,
        help_text=_("A right of its own: who lends a work need not allow pictures of it."),
    )
    reproduction_until = models.DateField(
        _("Its picture may stand there until"), null=True, blank=True, help_text=_("Empty: without an end.")
    )
    rights_note = SealedTextField(
        _("Note on the rights"),
        blank=True,
        max_length=600,
        help_text=_("Which letter, of which day, where it is kept."),
    )
    drawn = models.FileField(storage=private_storage, blank=True, editable=False)
    drawn_width = models.PositiveIntegerField(default=0)  # pixels
    drawn_height = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["exhibition", "number"], name="one_work_a_number"),
        ]
        indexes = [models.Index(fields=["exhibition", "position"], name="work_place")]

    def clean(self) -> None:
        """Check sizes and pseudonym. Raises ValidationError."""
        if (self.height is None) != (self.width is None) or (self.depth and self.height is None):
            raise ValidationError(_("Give height and width, and the depth if it has one."))
        if self.naming == MakerNaming.PSEUDONYM and not self.pseudonym:
            raise ValidationError(_("Write the pseudonym under which the maker wants to be named."))

    @property
    def maker_in_public(self) -> str:
        """Return the maker as named in public; "" if the maker does not want to be named."""
        if self.naming == MakerNaming.NAME:
            return self.maker
        return self.pseudonym if self.naming == MakerNaming.PSEUDONYM else ""

    @property
    def maker_credit(self) -> str:
        """Return the maker as named in public, or that they do not want it; "" if not recorded."""
        if self.maker_in_public:
            return self.maker_in_public
        unnamed = self.naming == MakerNaming.UNNAMED
        return str(_("The maker does not want to be named")) if unnamed else ""

    @property
    def size(self) -> str:
        """Return height × width × depth: “50 × 70,5 cm”; "" without measurements."""
        sizes = [one for one in (self.height, self.width, self.depth) if one is not None]
        numbers = [
            formats.number_format(one, decimal_pos=0 if one == one.to_integral_value() else 1, use_l10n=True)
            for one in sizes
        ]
        return str(_("%(size)s cm")) % {"size": " × ".join(numbers)} if sizes else ""

    @property
    def summary(self) -> str:
        """Return maker, year and size."""
        return " · ".join(filter(None, [self.maker_credit, self.year, self.size]))

    @property
    def facts(self) -> str:
        """Return technique, year and size."""
        return ", ".join(filter(None, [str(self.technique), self.year, self.size]))

    @property
    def picture_alt(self) -> str:
        """Return the picture in words, or the description of its file."""
        if self.has_words_of_file and self.picture:
            return self.picture.alt
        return str(self.alt) or (self.picture.alt if self.picture else "")

    def may_be_reproduced(self, today: datetime.date, *, everywhere: bool = False) -> bool:
        """Whether the picture may be reproduced today in the catalogue or, with `everywhere`, anywhere."""
        if self.reproduction_until is not None and self.reproduction_until < today:
            return False
        if everywhere:
            return self.reproduction == Reproduction.EVERYWHERE
        return self.reproduction != Reproduction.NONE

    def picture_is_public(self, *, everywhere: bool = False) -> bool:
        """Whether the picture may be public today in the catalogue or, with `everywhere`, beyond it: by the
        right to reproduce it, by readers and handling mark of its file, and by the gate of consent."""
        file, today = self.picture, timezone.localdate(timezone=self.exhibition.event.zone_info)
        if (
            file is None
            or file.deleted_at is not None
            or file.restricted
            or file.handling in RESTRICTED_MARKS
            or not self.picture_passes
        ):
            return False
        return bool(self.drawn) and self.may_be_reproduced(today, everywhere=everywhere)

    @property
    def is_shared(self) -> bool:
        """Whether link previews may use the picture: not if it shows somebody under consent, since previews
        are copies that cannot be called back."""
        is_free = not self.difficult and not self.picture_under_consent
        return is_free and self.picture_is_public(everywhere=True)

    @property
    def public_url(self) -> str:
        return reverse("public_work", args=[self.exhibition.event.slug, self.number])

    @property
    def public_picture_url(self) -> str:
        """Return the address of the picture; "" without the right to reproduce it."""
        # One URL for every language, cached once; consent is given for each language.
        with override(get_language() if self.picture_under_consent else Language.KK):
            url = reverse("public_work_picture", args=[self.exhibition.event.slug, self.number])
        return url if self.picture_is_public() else ""


class AgreementState(models.TextChoices):
    """State of a loan agreement on paper."""

    NONE = "none", _("Not written yet")
    SENT = "sent", _("Sent to the lender")
    SIGNED = "signed", pgettext_lazy("a loan agreement on paper", "Agreed by both")


class ConditionMoment(models.TextChoices):
    """Occasion of a condition check."""

    ARRIVAL = "arrival", _("At arrival")
    RETURN = "return", _("At return")


class Currency(models.TextChoices):
    """ISO 4217 currency. Each has a hundred minor units."""

    KZT = "KZT", _("tenge")
    USD = "USD", _("US dollars")
    EUR = "EUR", _("euros")
    RUB = "RUB", _("Russian roubles")


class Loan(models.Model):
    """Loan of a work: lender, dates, insured `value` in minor units of `currency`.

    The lender is an organisation of the coalition, or somebody else whose name, address and phone
    are encrypted and erased a year after the return. Dates are local to the event.
    """

    work = models.OneToOneField(Work, on_delete=models.CASCADE, related_name="loan")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    lender = OutsidersTextField(
        _("Lender"), blank=True, max_length=160, help_text=_("Kept sealed, as are address and phone.")
    )
    address = OutsidersTextField(_("Address"), blank=True, max_length=240)
    phone = OutsidersTextField(_("Phone"), blank=True, max_length=40)
    from_on = models.DateField(_("Lent from"), null=True, blank=True)
    return_on = models.DateField(
        _("Goes back on"),
        null=True,
        blank=True,
        help_text=_("You are reminded 14 and 3 days before, on the day, and when it is overdue."),
    )
    returned_on = models.DateField(_("Went back on"), null=True, blank=True)
    value = models.PositiveBigIntegerField(null=True, blank=True)
    currency = models.CharField(_("Currency"), max_length=3, choices=Currency, default=Currency.KZT)
    agreement = models.CharField(
        _("Loan agreement"), max_length=10, choices=AgreementState, default=AgreementState.NONE
    )
    note = OutsidersTextField(_("Note"), blank=True, max_length=600)

    def __str__(self) -> str:
        return f"loan of work {self.work_id}"

    @property
    def due_on(self) -> datetime.date | None:
        """Return the day on which the work has to go back; None if it went back."""
        return self.return_on if self.returned_on is None else None

    def clean(self) -> None:
        """Check lender and dates. Raises ValidationError."""
        if self.organisation is None and not self.lender:
            raise ValidationError(_("Say who lends the work."))
        begins, back, gone = self.from_on, self.return_on, self.returned_on
        if begins and ((back and back < begins) or (gone and gone < begins)):
            raise ValidationError(_("The work goes back before it comes."))


class ConditionReport(Identified):
    """Condition of a work at one moment. `seen_by`, `handed_by` and `taken_by` are names of people
    as written on paper, encrypted. Immutable: later findings need another report."""

    work = models.ForeignKey(Work, on_delete=models.CASCADE, related_name="conditions")
    moment = models.CharField(
        _("When"), max_length=8, choices=ConditionMoment, default=ConditionMoment.ARRIVAL
    )
    seen_at = models.DateTimeField()
    words = models.TextField(
        _("How it looks"),
        max_length=4000,
        help_text=_("Front, back, frame, edges; each scratch and where it is."),
    )
    seen_by = OutsidersTextField(_("Looked at by"), max_length=160)
    handed_by = OutsidersTextField(_("Handed over by"), blank=True, max_length=160)
    taken_by = OutsidersTextField(_("Taken over by"), blank=True, max_length=160)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    class Meta:
        ordering = ["seen_at", "id"]


class ConditionPhoto(Identified):
    """Photograph of a report, re-encoded, in private storage. `width` and `height` are pixels."""

    report = models.ForeignKey(ConditionReport, on_delete=models.CASCADE, related_name="photos")
    file = models.FileField(storage=private_storage)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()

    class Meta:
        ordering = ["id"]


UP_TO_1000 = [MinValueValidator(1), MaxValueValidator(1000)]


class AgeRating(models.TextChoices):
    """Minimum age for a film."""

    AGE_0 = "0+", "0+"
    AGE_6 = "6+", "6+"
    AGE_12 = "12+", "12+"
    AGE_14 = "14+", "14+"
    AGE_16 = "16+", "16+"
    AGE_18 = "18+", "18+"

    __empty__ = _("Not known yet")


class Screening(models.Model):
    """Film of a screening. `sound` and `subtitles` are lists of `SpokenLanguage`; `guide` is for the
    discussion afterwards. The rights are valid from `rights_from` to `rights_until`, for `showings`
    showings (None: unlimited). Rights holder and support person are encrypted."""

    event = models.OneToOneField(Event, on_delete=models.CASCADE, related_name="screening")
    title = LocalizedTextField(_("Title of the film"), max_length=160)
    content_note = LocalizedTextField(
        _("Content note"), blank=True, max_length=400, help_text=_("What one sees or hears, said calmly.")
    )
    guide = LocalizedTextField(_("Guide for the talk after the film"), blank=True, max_length=6000)
    maker = models.CharField(_("Director"), max_length=160, blank=True)
    year = models.PositiveSmallIntegerField(
        _("Year"), null=True, blank=True, validators=[MinValueValidator(1888), MaxValueValidator(2100)]
    )
    minutes = models.PositiveSmallIntegerField(
        _("Length in minutes"), null=True, blank=True, validators=UP_TO_1000
    )
    sound = models.JSONField(default=list, blank=True)
    subtitles = models.JSONField(default=list, blank=True)
    age = models.CharField(_("Age mark"), max_length=4, choices=AgeRating, blank=True)
    certificate = models.CharField(
        _("Certificate number"),
        max_length=60,
        blank=True,
        help_text=_("Of the state's certificate that allows to show the film."),
    )
    rights_holder = SealedTextField(
        _("Who holds the rights"), blank=True, max_length=200, help_text=_("Kept sealed.")
    )
    rights_from = models.DateField(pgettext_lazy("rights to a film", "Rights from"), null=True, blank=True)
    rights_until = models.DateField(pgettext_lazy("rights to a film", "Rights until"), null=True, blank=True)
    showings = models.PositiveSmallIntegerField(
        _("How many showings are allowed"), null=True, blank=True, validators=UP_TO_1000
    )
    support = SealedTextField(
        _("Support person"),
        blank=True,
        max_length=200,
        help_text=_("Who is there for those who need it. Only people who plan see the name."),
    )
    support_phone = SealedTextField(_("Phone of the support person"), blank=True, max_length=40)

    def __str__(self) -> str:
        return f"film of event {self.event_id}"

    def clean(self) -> None:
        if self.rights_from and self.rights_until and self.rights_until < self.rights_from:
            raise ValidationError(_("The rights end before they begin."))

    @property
    def made(self) -> str:
        """Return director and year."""
        return ", ".join(filter(None, [self.maker, str(self.year or "")]))

    @property
    def sound_names(self) -> str:
        return _language_names(self.sound)

    @property
    def subtitle_names(self) -> str:
        return _language_names(self.subtitles)


def _language_names(codes: Iterable[str]) -> str:
    return ", ".join(str(SpokenLanguage(code).label) for code in codes if code in SpokenLanguage.values)


ONLY_PLANNERS = _("Editors and coordinators prepare the screening.")


def set_film(*, access: Access, event: Event, **fields: Any) -> Screening:
    """Set the film and the rights to show it. `fields`: of Screening, as FilmForm cleans them.

    Raises NotAllowed without the right to change the event; Refused if the event is not a screening
    or is cancelled.
    """
    with event_to_change(access, event, ONLY_PLANNERS) as locked:
        if locked.kind != EventKind.SCREENING:
            raise Refused(_("Only a screening has a film."))
        row, _fresh = Screening.objects.update_or_create(event=locked, defaults=fields)
        core_audit.record_event_action(locked, access, "event.film_set")
    return row
