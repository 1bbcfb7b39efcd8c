"""What is an organisation's own: which rows of which models. What is not named here does not leave."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from coalition.accounts.models import Organisation


@dataclass(frozen=True)
class OwnRows:
    """Rows of `model` (label) where `by` leads to the organisation: to its row, or `by_uuid`; if `kept`, not
    those that were deleted and wait to be removed.
    `without`: fields that stay here, beside those of `NEVER`."""

    part: str
    model: str
    by: str
    without: frozenset[str] = frozenset()
    kept: bool = False
    by_uuid: bool = False

    def rows(self, organisation: Organisation) -> "QuerySet[Any]":
        """These rows, in the order in which they came."""
        key = organisation.uuid if self.by_uuid else organisation.pk
        found: QuerySet[Any] = apps.get_model(self.model).objects.filter(**{self.by: key})
        if self.kept:
            found = found.filter(deleted_at=None)
        return found.order_by("pk").distinct()


def _own_rows(part: str, by: str, *models: str) -> Iterator[OwnRows]:
    return (OwnRows(part, model, by) for model in models)


def _split_names(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Keys, hashes of links and addresses, and what the database needs for itself alone.
NEVER_EXPORTED = _split_names(
    "id token_hash code_hash address_print outlet_print mailbox_print address_hash password search marked"
    " read_to read_rows revision restricted key token link_number door_number told_sequence sent_sequence"
    " answered_sequence mails component drawn digest stage_key stage_hash mark"
)
OF_EVENTS = "event__organisation"
# Who asked for a freeze is told to nobody.
OF_FREEZES = _split_names("asked_by asked_for confirmed_by reason thaw_asked_by thawed_by")
OWN_ROWS: tuple[OwnRows, ...] = (
    OwnRows("organisation", "partners.Organisation", "pk"),
    OwnRows("organisation", "partners.Freeze", "organisation", OF_FREEZES),
    OwnRows("organisation", "documents.OrganisationLogo", "organisation"),
    *_own_rows("people", "organisation", "partners.Membership", "partners.Office", "partners.Invitation"),
    OwnRows("people", "partners.Mandate", "membership__organisation"),
    OwnRows("people", "partners.MembershipRequest", "organisation"),
    OwnRows("people", "partners.Vouch", "organisation"),
    *_own_rows("workspaces", "organisation", "workspaces.Participation", "workspaces.Seat"),
    OwnRows("drafts", "documents.Draft", "organisation"),
    OwnRows("drafts", "documents.DraftText", "draft__organisation"),
    OwnRows("drafts", "documents.Version", "text__draft__organisation"),
    OwnRows("drafts", "documents.Publication", "draft__organisation"),
    OwnRows("drafts", "documents.PublicationText", "publication__draft__organisation"),
    OwnRows("drafts", "documents.Comment", "organisation", _split_names("guest guest_name")),
    OwnRows("drafts", "documents.ApprovalRound", "draft__organisation"),
    OwnRows("drafts", "documents.RoundText", "round__draft__organisation"),
    OwnRows(
        "drafts", "documents.Clearance", "text__draft__organisation", _split_names("reader guest guest_name")
    ),
    OwnRows("drafts", "documents.QuotationConsent", "draft__organisation"),
    OwnRows("drafts", "documents.GuestLink", "organisation"),
    OwnRows("drafts", "documents.GuestUse", "link__organisation"),
    OwnRows("approvals", "documents.Asked", "organisation"),
    OwnRows("approvals", "documents.Approval", "organisation", _split_names("recorded_by call slip filling")),
    *_own_rows(
        "approvals", "organisation", "documents.PublicationName", "documents.Attestation", "documents.Reading"
    ),
    *_own_rows(
        "approvals", "organisation", "documents.Acceptance", "documents.Answer", "documents.SilenceDeclined"
    ),
    OwnRows("approvals", "documents.CarriedFrom", "approval__organisation"),
    *_own_rows("approvals", "organisation", "documents.QuestionAsked", "documents.OneTimeLink"),
    OwnRows("contacts", "documents.Outlet", "organisation", by_uuid=True),
    OwnRows("contacts", "documents.Contact", "organisation", by_uuid=True),
    OwnRows("contacts", "events.Letter", "owner", by_uuid=True),
    *_own_rows(
        "contacts",
        "organisation",
        "events.MailOut",
        "events.Enquiry",
        "events.Coverage",
        "events.Spokesperson",
    ),
    OwnRows("contacts", "events.EnquiryNote", "on_behalf_of"),
    OwnRows("contacts", "events.Briefing", "enquiry__organisation"),
    OwnRows("contacts", "events.CallSheet", "organisation"),
    OwnRows("contacts", "events.Call", "sheet__organisation"),
    *_own_rows("contacts", "organisation", "events.GuideLine"),
    OwnRows("events", "events.Event", "organisation"),
    *_own_rows(
        "events",
        OF_EVENTS,
        "events.EventText",
        "events.OpeningHours",
        "events.SpecialDay",
        "events.Occurrence",
    ),
    *_own_rows(
        "events", OF_EVENTS, "events.Afterwards", "events.EventSpeaker", "events.Shift", "events.Volunteer"
    ),
    *_own_rows("events", OF_EVENTS, "events.RunningOrder", "events.PressRegistration", "events.Screening"),
    *_own_rows("events", OF_EVENTS, "events.SecondPlace", "events.SafetyPlan", "events.GroupVisits"),
    *_own_rows(
        "events",
        OF_EVENTS,
        "events.AudienceTime",
        "events.EventInvitation",
        "events.EventKit",
        "events.QuestionPeriod",
        "events.GuestBook",
        "events.VisitorTick",
        "events.Exhibition",
        "events.ShiftPlan",
    ),
    OwnRows("events", "events.KitItem", "kit__event__organisation"),
    OwnRows("events", "events.Question", "period__event__organisation", _split_names("asker")),
    OwnRows("events", "events.GuestEntry", "book__event__organisation"),
    OwnRows("events", "events.ShiftTurn", "shift__event__organisation"),
    OwnRows("events", "events.PressTick", "registration__event__organisation", _split_names("phone")),
    OwnRows("events", "events.ConditionPhoto", "report__work__exhibition__event__organisation"),
    OwnRows("events", "events.PartnerCalendar", "organisation", _split_names("address etag last_modified")),
    OwnRows("events", "events.Sitting", "organisation"),
    OwnRows("events", "events.RunningItem", "order__event__organisation"),
    OwnRows("events", "events.PressGuest", "registration__event__organisation"),
    OwnRows("events", "events.SchoolGroup", "visits__event__organisation"),
    OwnRows("events", "events.SafetyPerson", "organisation"),
    OwnRows("events", "events.EventTask", "organisation"),
    OwnRows("events", "events.CoHost", "organisation"),
    OwnRows("events", "events.Work", "exhibition__event__organisation"),
    OwnRows("events", "events.Loan", "work__exhibition__event__organisation"),
    OwnRows("events", "events.ConditionReport", "work__exhibition__event__organisation"),
    OwnRows("referral_codes", "campaigns.ReferralCode", "organisation"),
    OwnRows("referral_codes", "campaigns.ReferralDay", "code__organisation"),
    OwnRows("files", "documents.StoredFile", "organisation", kept=True),
    OwnRows("facts", "documents.Fact", "owner"),
    OwnRows("facts", "documents.FactVersion", "fact__owner"),
    OwnRows("facts", "documents.FactWords", "version__fact__owner"),
    OwnRows("facts", "documents.FactEntry", "fact__owner"),
    OwnRows("facts", "documents.GlossaryChange", "organisation"),
    OwnRows("helplines", "campaigns.Helpline", "organisation"),
    OwnRows("helplines", "campaigns.HelplineEntry", "helpline__organisation", _split_names("reviewed_by")),
    OwnRows("helplines", "campaigns.HelplineCheck", "organisation"),
    *_own_rows("helplines", "organisation", "campaigns.HelplineUse", "campaigns.StaffingAnswer"),
    OwnRows("helplines", "campaigns.HelpMonth", "helpline__organisation"),
    *_own_rows(
        "helplines",
        "organisation",
        "campaigns.FigurePublication",
        "campaigns.FigureLine",
        "campaigns.FigureAgreement",
    ),
    OwnRows("helplines", "campaigns.FigureMonth", "line__organisation"),
    OwnRows("appeals", "campaigns.Appeal", "organisation"),
    OwnRows("appeals", "campaigns.AppealVersion", "appeal__organisation"),
    OwnRows("appeals", "campaigns.PetitionPlan", "appeal__organisation"),
    OwnRows("appeals", "campaigns.PetitionStep", "plan__appeal__organisation"),
    *_own_rows("appeals", "organisation", "campaigns.PetitionPledge", "campaigns.ContactOffer"),
    OwnRows("appeals", "campaigns.HoldDecision", "organisation"),
    # Its files hold names of supporters, which were given for the hand-over alone.
    OwnRows(
        "appeals", "campaigns.HandOver", "appeal__organisation", _split_names("pdf csv names_print file_key")
    ),
    OwnRows("log", "audit.AuditEntry", "organisation", _split_names("detail"), by_uuid=True),
)

# What leads to an organisation and stays: the reason, and models.
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
    "waits for a day or two, then it is deleted": (
        "documents.ExportedFile documents.IncomingFile events.SheetTaken"
    ),
    "read anew from outside every hour": "events.PartnerEvent events.PartnerTime",
    "found anew by verification every hour": "documents.PublicationCheck documents.TakenOff",
    "made of rows that are there, for everyone to read": (
        "home.FactOnPage home.HelplineOnPage home.NewsPage documents.FactUse documents.Agreement"
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
        "campaigns.SupportTotal campaigns.SupportChange campaigns.SupportMailCount"
    ),
    "recorded by others; the approval that came of it is there": (
        "documents.Filling documents.Slip documents.SlipConfirmation documents.PhoneCall"
    ),
    "who typed which letter: it is merged at publication; the versions are there": (
        "documents.HistoryPoint documents.HistoryPart documents.HistoryDecision"
    ),
}
STAYS: dict[str, str] = {model: why for why, models in _STAYING.items() for model in models.split()}
