"""What is an organisation's own: which rows of which models. What is not named here does not leave."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db.models import QuerySet

from coalition.accounts.models import Organisation


@dataclass(frozen=True)
class Own:
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


def _all(part: str, by: str, *models: str) -> Iterator[Own]:
    return (Own(part, model, by) for model in models)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Keys, hashes of links and addresses, and what the database needs for itself alone.
NEVER = _words(
    "id token_hash code_hash address_print outlet_print mailbox_print address_hash password search marked"
    " read_to read_rows revision restricted key token link_number door_number told_sequence sent_sequence"
    " answered_sequence mails component drawn digest stage_key stage_hash mark"
)
OF_EVENTS = "event__organisation"
# Who asked for a freeze is told to nobody.
OF_FREEZES = _words("asked_by asked_for confirmed_by reason thaw_asked_by thawed_by")
OWN: tuple[Own, ...] = (
    Own("organisation", "partners.Organisation", "pk"),
    Own("organisation", "partners.Freeze", "organisation", OF_FREEZES),
    Own("organisation", "documents.OrganisationLogo", "organisation"),
    *_all("people", "organisation", "partners.Membership", "partners.Office", "partners.Invitation"),
    Own("people", "partners.Mandate", "membership__organisation"),
    Own("people", "partners.MembershipRequest", "organisation"),
    Own("people", "partners.Vouch", "organisation"),
    *_all("workspaces", "organisation", "workspaces.Participation", "workspaces.Seat"),
    Own("drafts", "documents.Draft", "organisation"),
    Own("drafts", "documents.DraftText", "draft__organisation"),
    Own("drafts", "documents.Version", "text__draft__organisation"),
    Own("drafts", "documents.Publication", "draft__organisation"),
    Own("drafts", "documents.PublicationText", "publication__draft__organisation"),
    Own("drafts", "documents.Comment", "organisation", _words("guest guest_name")),
    Own("drafts", "documents.ApprovalRound", "draft__organisation"),
    Own("drafts", "documents.RoundText", "round__draft__organisation"),
    Own("drafts", "documents.Clearance", "text__draft__organisation", _words("reader guest guest_name")),
    Own("drafts", "documents.QuotationConsent", "draft__organisation"),
    Own("drafts", "documents.GuestLink", "organisation"),
    Own("drafts", "documents.GuestUse", "link__organisation"),
    Own("approvals", "documents.Asked", "organisation"),
    Own("approvals", "documents.Approval", "organisation", _words("recorded_by call slip filling")),
    *_all(
        "approvals", "organisation", "documents.PublicationName", "documents.Attestation", "documents.Reading"
    ),
    *_all(
        "approvals", "organisation", "documents.Acceptance", "documents.Answer", "documents.SilenceDeclined"
    ),
    Own("approvals", "documents.CarriedFrom", "approval__organisation"),
    *_all("approvals", "organisation", "documents.QuestionAsked", "documents.OneTimeLink"),
    Own("contacts", "documents.Outlet", "organisation", by_uuid=True),
    Own("contacts", "documents.Contact", "organisation", by_uuid=True),
    Own("contacts", "events.Letter", "owner", by_uuid=True),
    *_all(
        "contacts",
        "organisation",
        "events.MailOut",
        "events.Enquiry",
        "events.Coverage",
        "events.Spokesperson",
    ),
    Own("contacts", "events.EnquiryNote", "on_behalf_of"),
    Own("contacts", "events.Briefing", "enquiry__organisation"),
    Own("contacts", "events.CallSheet", "organisation"),
    Own("contacts", "events.Call", "sheet__organisation"),
    *_all("contacts", "organisation", "events.GuideLine"),
    Own("events", "events.Event", "organisation"),
    *_all(
        "events",
        OF_EVENTS,
        "events.EventText",
        "events.OpeningHours",
        "events.SpecialDay",
        "events.Occurrence",
    ),
    *_all(
        "events", OF_EVENTS, "events.Afterwards", "events.EventSpeaker", "events.Shift", "events.Volunteer"
    ),
    *_all("events", OF_EVENTS, "events.RunningOrder", "events.PressRegistration", "events.Screening"),
    *_all("events", OF_EVENTS, "events.SecondPlace", "events.SafetyPlan", "events.GroupVisits"),
    *_all(
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
    Own("events", "events.KitItem", "kit__event__organisation"),
    Own("events", "events.Question", "period__event__organisation", _words("asker")),
    Own("events", "events.GuestEntry", "book__event__organisation"),
    Own("events", "events.ShiftTurn", "shift__event__organisation"),
    Own("events", "events.PressTick", "registration__event__organisation", _words("phone")),
    Own("events", "events.ConditionPhoto", "report__work__exhibition__event__organisation"),
    Own("events", "events.PartnerCalendar", "organisation", _words("address etag last_modified")),
    Own("events", "events.Sitting", "organisation"),
    Own("events", "events.RunningItem", "order__event__organisation"),
    Own("events", "events.PressGuest", "registration__event__organisation"),
    Own("events", "events.SchoolGroup", "visits__event__organisation"),
    Own("events", "events.SafetyPerson", "organisation"),
    Own("events", "events.EventTask", "organisation"),
    Own("events", "events.CoHost", "organisation"),
    Own("events", "events.Work", "exhibition__event__organisation"),
    Own("events", "events.Loan", "work__exhibition__event__organisation"),
    Own("events", "events.ConditionReport", "work__exhibition__event__organisation"),
    Own("referral_codes", "campaigns.ReferralCode", "organisation"),
    Own("referral_codes", "campaigns.ReferralDay", "code__organisation"),
    Own("files", "documents.StoredFile", "organisation", kept=True),
    Own("facts", "documents.Fact", "owner"),
    Own("facts", "documents.FactVersion", "fact__owner"),
    Own("facts", "documents.FactWords", "version__fact__owner"),
    Own("facts", "documents.FactEntry", "fact__owner"),
    Own("facts", "documents.GlossaryChange", "organisation"),
    Own("helplines", "campaigns.Helpline", "organisation"),
    Own("helplines", "campaigns.HelplineEntry", "helpline__organisation", _words("reviewed_by")),
    Own("helplines", "campaigns.HelplineCheck", "organisation"),
    *_all("helplines", "organisation", "campaigns.HelplineUse", "campaigns.StaffingAnswer"),
    Own("helplines", "campaigns.HelpMonth", "helpline__organisation"),
    *_all(
        "helplines",
        "organisation",
        "campaigns.FigurePublication",
        "campaigns.FigureLine",
        "campaigns.FigureAgreement",
    ),
    Own("helplines", "campaigns.FigureMonth", "line__organisation"),
    Own("appeals", "campaigns.Appeal", "organisation"),
    Own("appeals", "campaigns.AppealVersion", "appeal__organisation"),
    Own("appeals", "campaigns.PetitionPlan", "appeal__organisation"),
    Own("appeals", "campaigns.PetitionStep", "plan__appeal__organisation"),
    *_all("appeals", "organisation", "campaigns.PetitionPledge", "campaigns.ContactOffer"),
    Own("appeals", "campaigns.HoldDecision", "organisation"),
    # Its files hold names of supporters, which were given for the hand-over alone.
    Own("appeals", "campaigns.HandOver", "appeal__organisation", _words("pdf csv names_print file_key")),
    Own("log", "audit.AuditEntry", "organisation", _words("detail"), by_uuid=True),
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
