"""Rows that belong to an organisation or to an address.

Addresses are encrypted and cannot be queried: every row is decrypted and compared. Supporters of an appeal
are also found by a fingerprint of the address, even after it was erased, as long as there is one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Q, QuerySet

from coalition.accounts.models import Invitation, MembershipRequest, Organisation
from coalition.applicants.forms import owner_prints
from coalition.campaigns.appeals.actions.confirm import withdraw_support
from coalition.campaigns.appeals.enums import SupportState
from coalition.campaigns.appeals.flow import SUPPORT
from coalition.campaigns.appeals.mail_funnel import detach_askings
from coalition.campaigns.media_package.outlets.actions import close_link
from coalition.campaigns.models import (
    CorrectionAddress,
    MediaPackage,
    PackageLink,
    ScreeningRequest,
    Support,
    SupportMailLimit,
)
from coalition.consent.models import RemovalRequest
from coalition.core.clock import now
from coalition.jobs import scheduler
from coalition.mail.models import OutboxMail
from documents.contacts import actions as contacts_actions
from documents.files.consent import without_ended
from documents.files.queries import without_made
from documents.models import (
    Approval,
    Clearance,
    Comment,
    Contact,
    GuestLink,
    IncomingFile,
    Joining,
    OneTimeLink,
    QuotationConsent,
)
from events.core.audit import call_change_listeners
from events.models import (
    Enquiry,
    EventInvitation,
    EventSpeaker,
    PressGuest,
    SchoolGroup,
    Spokesperson,
    Volunteer,
)
from events.volunteers import notifications as volunteers_notifications
from home.models import NewsByMail


@dataclass(frozen=True)
class AddressRows:
    """Rows of one kind with the address in one of `fields`. Without `emptied` they are deleted; else they
    stay and lose these fields, and `why` gives the reason for keeping them. `only`: filter of the rows;
    `owner_print`: their field with the owner's fingerprint (`coalition.applicants.forms`); `also`: called
    with a row before."""

    model: Any
    fields: tuple[str, ...]
    emptied: tuple[str, ...] = ()
    why: str = ""
    also: Callable[[Any], None] | None = None
    only: Q = field(default_factory=Q)
    owner_print: str = ""


def _remove_contact(row: Contact) -> None:
    Contact.objects.filter(pk=row.pk).update(removed_at=row.removed_at or now())
    contacts_actions.forget_contact(row.uuid)


def _end_reminders(row: Volunteer) -> None:
    assignments: list[UUID] = list(row.assignments.values_list("uuid", flat=True))
    scheduler.delete_work(key for one in assignments for key in volunteers_notifications.reminder_keys(one))


def _end_guest(row: GuestLink) -> None:
    row.ended_at = row.ended_at or now()
    row.save(update_fields=["ended_at"])
    models: list[Any] = [Comment, Clearance, IncomingFile]
    for model in models:
        model.objects.filter(guest=row.uuid).update(guest_name="")


def _end_link(row: OneTimeLink) -> None:
    row.ended_at = row.ended_at or now()
    row.save(update_fields=["ended_at"])
    for approval in Approval.objects.filter(round=row.round, organisation=row.organisation):
        if approval.named and approval.named == row.name:
            approval.named = ""
            approval.save(update_fields=["named"])


def _end_package_link(row: PackageLink) -> None:
    close_link(row)
    row.contact = None
    row.save(update_fields=["contact"])


def _withdraw(row: Support) -> None:
    """Withdraw as by the link in the mail: totals are updated, consents and fingerprints deleted."""
    withdraw_support(token=SUPPORT.token(row))
    row.refresh_from_db()


ACT = "that something was sent or done by link stays, as a guest's"
UNCONFIRMED = Q(state=SupportState.UNCONFIRMED)
SCREENINGS = "that a group asked for a screening, which needs another support person"
PACKAGES = "the package itself, without its press contact"
TAKEN = "which files an outlet took with a media package, and what it answered to notices"
WITHDRAWN = "that somebody supported an appeal and withdrew, who is counted no more"
LETTERS = "which letters went out; that no more may go to an address stays as its hash"
ADDRESS_ROWS = (
    AddressRows(OutboxMail, ("address",)),
    AddressRows(NewsByMail, ("address",)),
    AddressRows(PressGuest, ("address",)),
    AddressRows(Volunteer, ("address",), also=_end_reminders),
    AddressRows(SchoolGroup, ("address",)),
    AddressRows(ScreeningRequest, ("address",)),
    AddressRows(ScreeningRequest, ("support_contact",), ("support_person", "support_contact"), SCREENINGS),
    AddressRows(
        Support,
        ("address",),
        also=lambda row: detach_askings([row]),
        only=UNCONFIRMED,
        owner_print="owner_print",
    ),
    AddressRows(
        Support,
        ("address",),
        ("address", "name"),
        WITHDRAWN,
        _withdraw,
        only=~UNCONFIRMED,
        owner_print="owner_print",
    ),
    AddressRows(SupportMailLimit, (), only=Q(is_stopped=False), owner_print="address_print"),
    AddressRows(CorrectionAddress, ("address",)),
    AddressRows(PackageLink, ("address",), ("outlet", "address"), TAKEN, _end_package_link),
    AddressRows(MediaPackage, ("contact_mail",), ("contact_name", "contact_phone", "contact_mail"), PACKAGES),
    AddressRows(EventInvitation, ("guest_address",)),
    AddressRows(EventSpeaker, ("address",)),
    AddressRows(Spokesperson, ("address",)),
    AddressRows(
        Contact, ("address", "messenger"), ("name", "address", "phone", "messenger"), LETTERS, _remove_contact
    ),
    AddressRows(Invitation, ("email",), ("email", "name"), "who invited for which organisation, and when"),
    AddressRows(
        MembershipRequest, ("address", "contact"), ("address", "contact"), "that a group asked to join"
    ),
    AddressRows(GuestLink, ("email",), ("email", "name"), ACT, _end_guest),
    AddressRows(OneTimeLink, ("email",), ("email", "name"), ACT, _end_link),
    AddressRows(
        RemovalRequest, ("address",), ("address", "taker"), "that material was to be removed, and the answer"
    ),
    AddressRows(QuotationConsent, ("email",), ("email",), "that the words were agreed to"),
    AddressRows(
        Joining, ("address",), ("address", "contact", "position"), "the organisation under an open letter"
    ),
    AddressRows(Enquiry, ("reached_at",), ("reached_at", "name"), "what was asked and answered"),
)


def find_address_rows(address: str) -> Iterator[tuple[AddressRows, list[Any]]]:
    """Yield each kind with its rows that contain this address, case-insensitively."""
    wanted = address.strip().casefold()
    try:
        prints = owner_prints(address)
    except ValueError:  # no valid address: nobody owns it
        prints = []
    for kind in ADDRESS_ROWS:
        rows = kind.model.objects.filter(kind.only).order_by("pk")
        if kind.owner_print:
            # Of thousands with erased addresses, only those with the fingerprint are decrypted.
            with_address = Q(*(~Q((name, "")) for name in kind.fields)) if kind.fields else Q(pk__in=[])
            rows = rows.filter(with_address | Q((f"{kind.owner_print}__in", prints)))

        def holds_address(row: Any, fields: tuple[str, ...] = kind.fields) -> bool:
            return any((getattr(row, name) or "").strip().casefold() == wanted for name in fields)

        hits = [
            row
            for row in rows
            if (kind.owner_print and getattr(row, kind.owner_print) in prints) or holds_address(row)
        ]
        if hits:
            yield kind, hits


def forget_rows(kind: AddressRows, rows: list[Any]) -> None:
    for row in rows:
        if kind.also is not None:
            kind.also(row)
        if kind.emptied:
            for name in kind.emptied:
                setattr(row, name, "")
            row.save(update_fields=list(kind.emptied))
            continue
        event = row.event if isinstance(row, EventSpeaker) else None
        row.delete()
        if event is not None:
            event.changed_at = now()
            event.save(update_fields=["changed_at"])
            call_change_listeners(event)


def _split_names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Keys, hashes of links and addresses, and technical fields.
NEVER_EXPORTED = _split_names(
    "id token_hash link_hash client_id code_hash address_print outlet_print mailbox_print"
    " address_hash password search marked read_to read_rows revision restricted key token link_number"
    " door_number notified_sequence sent_sequence answered_sequence mails component drawn digest"
    " stage_key stage_hash mark"
)
# Fields of single models that are not exported either.
_WITHOUT = {
    # Who asked for a freeze is confidential.
    "partners.Freeze": _split_names("asked_by asked_for confirmed_by reason thaw_asked_by thawed_by"),
    "documents.Comment": _split_names("guest guest_name"),
    "documents.Clearance": _split_names("reader guest guest_name"),
    "documents.Approval": _split_names("recorded_by call slip filling"),
    "events.Question": _split_names("asker"),
    "events.PressTick": _split_names("phone"),
    "events.PartnerCalendar": _split_names("address etag last_modified"),
    "campaigns.HelplineEntry": _split_names("reviewed_by"),
    "campaigns.NoticeRecipient": _split_names("correction_address"),
    "campaigns.PackageLink": _split_names("coverage_link"),
    # Its files contain names of supporters, given for the hand-over only.
    "campaigns.HandOver": _split_names("pdf csv names_print file_key"),
    "audit.AuditEntry": _split_names("detail"),
}
# What is exported: part of the export, the way to the organisation (its row, or its UUID), models.
_OWN: dict[str, dict[str, str]] = {
    "organisation": {
        "pk": "partners.Organisation",
        "organisation": "partners.Freeze documents.OrganisationLogo",
    },
    "people": {
        "organisation": (
            "partners.Membership partners.Office partners.Invitation partners.MembershipRequest"
            " partners.Vouch"
        ),
        "membership__organisation": "partners.Mandate",
    },
    "workspaces": {"organisation": "workspaces.Participation workspaces.Seat"},
    "drafts": {
        "organisation": "documents.Draft documents.Comment documents.GuestLink",
        "draft__organisation": (
            "documents.DraftText documents.Publication documents.ApprovalRound documents.QuotationConsent"
        ),
        "text__draft__organisation": "documents.Version documents.Clearance",
        "publication__draft__organisation": "documents.PublicationText",
        "round__draft__organisation": "documents.RoundText",
        "link__organisation": "documents.GuestUse",
    },
    "approvals": {
        "organisation": (
            "documents.Asked documents.Approval documents.PublicationName documents.Attestation"
            " documents.Reading documents.Acceptance documents.Answer documents.SilenceDeclined"
            " documents.QuestionAsked documents.OneTimeLink"
        ),
        "approval__organisation": "documents.CarriedFrom",
    },
    "contacts": {
        "organisation__uuid": "documents.Outlet documents.Contact",
        "owner__uuid": "events.Letter",
        "organisation": (
            "events.MailOut events.Enquiry events.Coverage events.Spokesperson events.CallSheet"
            " events.GuideLine"
        ),
        "on_behalf_of": "events.EnquiryNote",
        "enquiry__organisation": "events.Briefing",
        "sheet__organisation": "events.Call",
    },
    "events": {
        "organisation": (
            "events.Event events.PartnerCalendar events.Sitting events.SafetyPerson events.EventTask"
            " events.CoHost"
        ),
        "event__organisation": (
            "events.EventText events.OpeningHours events.SpecialDay events.Occurrence events.Debrief"
            " events.EventSpeaker events.Shift events.Volunteer events.RunningOrder"
            " events.PressRegistration events.Screening events.FallbackVenue events.SafetyPlan"
            " events.GroupVisits events.AudienceTime events.EventInvitation events.EventKit"
            " events.QuestionPeriod events.GuestBook events.VisitorTick events.Exhibition"
            " events.ShiftPlan"
        ),
        "kit__event__organisation": "events.KitItem",
        "period__event__organisation": "events.Question",
        "book__event__organisation": "events.GuestEntry",
        "shift__event__organisation": "events.ShiftAssignment",
        "registration__event__organisation": "events.PressTick events.PressGuest",
        "report__work__exhibition__event__organisation": "events.ConditionPhoto",
        "order__event__organisation": "events.RunningItem",
        "visits__event__organisation": "events.SchoolGroup",
        "exhibition__event__organisation": "events.Work",
        "work__exhibition__event__organisation": "events.Loan events.ConditionReport",
    },
    "referral_codes": {
        "organisation": "campaigns.ReferralCode",
        "code__organisation": "campaigns.ReferralDay",
    },
    "files": {"organisation": "documents.StoredFile"},
    "facts": {
        "owner": "documents.Fact",
        "fact__owner": "documents.FactVersion documents.FactEntry",
        "version__fact__owner": "documents.FactWords",
        "organisation": "documents.GlossaryChange",
    },
    "helplines": {
        "organisation": (
            "campaigns.Helpline campaigns.HelplineCheck campaigns.HelplineUse campaigns.StaffingAnswer"
            " campaigns.FigurePublication campaigns.FigureLine campaigns.FigureAgreement"
        ),
        "helpline__organisation": "campaigns.HelplineEntry campaigns.HelpMonth",
        "line__organisation": "campaigns.FigureMonth",
    },
    "appeals": {
        "organisation": (
            "campaigns.Appeal campaigns.PetitionPledge campaigns.ContactOffer campaigns.HoldDecision"
        ),
        "appeal__organisation": "campaigns.AppealVersion campaigns.PetitionPlan campaigns.HandOver",
        "plan__appeal__organisation": "campaigns.PetitionStep",
    },
    "in_person": {
        "organisation": "campaigns.Table campaigns.SheetRun campaigns.Tally campaigns.TallyCount",
        "run__organisation": "campaigns.PaperSheet",
    },
    "postcards": {
        "organisation": (
            "campaigns.CardDesign campaigns.Batch campaigns.CardPacket campaigns.CardMove"
            " campaigns.CardCount campaigns.CardDelivery"
        ),
        "batch__organisation": "campaigns.CardTally",
    },
    "letters": {
        "organisation": (
            "campaigns.LetterAction campaigns.OfficialLetter campaigns.Answer campaigns.Stance"
            " campaigns.Ask campaigns.AskStep campaigns.TargetImport"
        ),
        "action__organisation": "campaigns.AnswerTerm",
    },
    "media_packages": {
        "organisation": "campaigns.MediaPackage campaigns.ItemNotice",
        "package__organisation": "campaigns.MediaItem campaigns.PackageLink",
        "item__package__organisation": "campaigns.Rendition campaigns.ItemCoverage",
        "link__package__organisation": "campaigns.TakenFile",
        "notice__organisation": "campaigns.NoticeRecipient",
        "recipient__notice__organisation": "campaigns.NoticeAnswer",
    },
    "who_does_what": {"organisation": "campaigns.Commitment"},
    "impact": {
        "organisation": "campaigns.Grant campaigns.Figure campaigns.Contribution",
        "grant__organisation": "campaigns.GrantItem campaigns.DonorLink",
        "frozen_for": "campaigns.Report",
    },
    "log": {"organisation__uuid": "audit.AuditEntry"},
}


@dataclass(frozen=True)
class OwnRows:
    """Rows of `model` (label) whose `by` leads to the organisation. `without`: fields that are not exported,
    beside those of `NEVER_EXPORTED`."""

    part: str
    model: str
    by: str
    without: frozenset[str] = frozenset()

    def rows(self, organisation: Organisation) -> "QuerySet[Any]":
        """Return these rows in order of creation, without files that wait to be removed, that
        members may no longer open, or that the server made of others."""
        field = self.by.removesuffix("__uuid")
        key = organisation.pk if field == self.by else organisation.uuid
        rows: QuerySet[Any] = apps.get_model(self.model).objects.filter(**{field: key})
        if self.model == "documents.StoredFile":
            rows = without_made(without_ended(rows.filter(deleted_at=None)))
        return rows.order_by("pk").distinct()


OWN_ROWS = tuple(
    OwnRows(part, model, by, _WITHOUT.get(model, frozenset()))
    for part, ways in _OWN.items()
    for by, models in ways.items()
    for model in models.split()
)

# Relations to an organisation that are not exported: the reason, and models.
_STAYING = {
    "rights: they follow from seats, which are there": (
        "workspaces.GrantGroup documents.DraftUserPermission documents.DraftGroupPermission"
        " events.EventUserPermission events.EventGroupPermission"
    ),
    "a link: keys do not leave; what was done with it is told where it was done": (
        "documents.ObjectionLink documents.EmbargoFeed documents.EmbargoAccess documents.EmbargoUse"
        " documents.OneTimeUse documents.PhoneCode events.CoverageLink events.ShiftLink events.ShiftLinkUse"
        " events.CountLink events.Asker events.KitOpened campaigns.OperatorLink"
    ),
    "tells what happened; the rows that it tells of are there, and the log": (
        "documents.Thread documents.Mention documents.LegalReader workspaces.Activity workspaces.Notification"
    ),
    "of a table's phones: the numbers that came of it are in its tally": (
        "campaigns.TableCode campaigns.TableDevice"
    ),
    "codes of survivors: a lost archive would join them with the centre's own files": (
        "consent.ConsentRecord consent.ConsentScope consent.SeparateDetails consent.ConsentItem"
        " consent.ConsentUse consent.ConsentWithdrawal consent.RemovalRequest consent.ConsentRole"
        " consent.LegalReading"
    ),
    "waits for a day or two, then it is deleted": (
        "documents.ExportedFile documents.IncomingFile events.SheetTaken"
        " campaigns.FileUpload campaigns.UploadPiece"
    ),
    "left for corrections of a package, and for nothing else": "campaigns.CorrectionAddress",
    "read anew from outside every hour": "events.PartnerEvent events.PartnerTime",
    "found anew by verification every hour": "documents.PublicationCheck documents.TakenOff",
    "made of rows that are there, for everyone to read": (
        "campaigns.ReportOrganisation home.FactOnPage home.HelplineOnPage home.NewsPage documents.FactUse"
        " documents.Agreement"
    ),
    "given by others, to the coalition": (
        "documents.OpenLetter documents.Joining documents.JoiningLogo documents.Question"
        " documents.ImportedAuthor"
    ),
    "supporters', not an organisation's: a representative takes out who agreed to it, at the appeal's page": (
        "campaigns.Support campaigns.ContactConsent campaigns.SupportSignal campaigns.Hold"
        " campaigns.SupportMailLimit"
    ),
    "counts of so few that they could tell of one person: what may be told of them stands in hand-overs": (
        "campaigns.SupportTotal campaigns.SupportChange campaigns.SupportMailCount campaigns.LetterDay"
    ),
    "recorded by others; the approval that came of it is there": (
        "documents.Filling documents.Slip documents.SlipConfirmation documents.PhoneCall"
    ),
    "who typed which letter: it is merged at publication; the versions are there": (
        "documents.HistoryPoint documents.HistoryPart documents.HistoryDecision"
    ),
}
STAYS: dict[str, str] = {model: why for why, models in _STAYING.items() for model in models.split()}
