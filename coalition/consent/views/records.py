"""A caseworker's pages: records, questions and answers, what is taken back, the work that follows."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from coalition.accounts.models import Organisation
from coalition.accounts.queries import organisations_represented_by
from coalition.accounts.views.access import get_memberships, get_person, organisation_or_404
from coalition.consent import presenters, queries
from coalition.consent.actions import records as actions
from coalition.consent.actions.roles import hand_over_record
from coalition.consent.actions.uses import describe_details, detach_item, record_answer, record_question
from coalition.consent.actions.withdraw import (
    narrow_consent,
    record_removal_answer,
    review_consent,
    withdraw_consent,
)
from coalition.consent.enums import RemovalAnswer
from coalition.consent.forms import (
    ApartForm,
    ContactForm,
    DetailsForm,
    HandOverForm,
    NarrowForm,
    RecordForm,
    RemovalAnswerForm,
    ReviewForm,
    ScopeForm,
    UntilForm,
)
from coalition.consent.gate import day_of
from coalition.consent.models import ConsentRecord, ConsentUse, RemovalRequest
from coalition.consent.permissions import is_caseworker, may_hand_over, require_that
from coalition.core.clock import now
from coalition.http.responses import flash_result
from coalition.workspaces.access import member_required
from coalition.workspaces.generic_views import MemberFormView


@member_required
@never_cache
@require_safe
def records(request: HttpRequest) -> HttpResponse:
    """List the person's records and what waits; for everybody else, say how consent works here."""
    person = get_person(request)
    rows = [presenters.record_row(one) for one in queries.records_of(person)]
    own = [membership.organisation for membership in get_memberships(request)]
    context = {
        "rows": rows,
        "asks_for": [one for one in own if is_caseworker(person, one)],
        "represents": list(organisations_represented_by(person)),
        "is_lawyer": bool(queries.lawyer_organisations(person)),
        "withdrawals": queries.withdrawals_to_follow(person),
        "nav_current": "consent",
    }
    return render(request, "consent/records.html", context)


class RecordNewView(MemberFormView):
    """Record that an adult was asked."""

    form_class = RecordForm
    template_name = "consent/record_new.html"
    success_message = gettext_lazy(
        "The record is made. Give her code to the people who prepare the material. Nothing is shown for 48 "
        "hours."
    )

    def load(self) -> None:
        self.organisation: Organisation = organisation_or_404(self.kwargs["organisation"])
        require_that(is_caseworker(get_person(self.request), self.organisation))

    def save(self, form: RecordForm) -> HttpResponse:
        data = form.cleaned_data
        consent = actions.ask_consent(
            by=get_person(self.request),
            organisation=self.organisation,
            contact=data["contact"],
            is_adult=data["is_adult"],
            until=data["until"],
            scopes=form.scopes(),
            apart=[data["apart"]] if data["apart"] else [],
        )
        return redirect("consent:record", consent.uuid)


@member_required
@never_cache
@require_safe
def record(request: HttpRequest, consent: UUID) -> HttpResponse:
    """Show one record: what she allows, her items, what waits."""
    row = _own_record(request, consent)
    moment = now()
    context = presenters.record_row(row) | {
        "scopes": presenters.scope_groups(row.scopes.filter(ended_at=None), moment),
        "apart": presenters.separate_words(row),
        "items": presenters.item_rows(row),
        "withdrawals": queries.withdrawals_of(get_person(request)).filter(consent=row),
        "can_review": actions.review_day_is_open(row, day_of(moment)),
        "nav_current": "consent",
    }
    return render(request, "consent/record.html", context)


@member_required
@never_cache
@require_safe
def record_where(request: HttpRequest, consent: UUID) -> HttpResponse:
    """Where her story is now, to be read together: on paper or on a screen, without the code of others."""
    row = _own_record(request, consent)
    requests = RemovalRequest.objects.filter(withdrawal__consent=row).select_related("item").order_by("id")
    items = presenters.item_rows(row)
    context = presenters.record_row(row) | {
        "scopes": presenters.scope_groups(row.scopes.filter(ended_at=None), now()),
        "items": items,
        "takers": presenters.taker_names(items),
        "open_requests": presenters.removal_rows(requests.filter(answer="")),
        "staying": presenters.removal_rows(requests.filter(answer=RemovalAnswer.CANNOT)),
        "nav_current": "consent",
    }
    return render(request, "consent/where.html", context)


@member_required
@require_POST
def record_uses(request: HttpRequest, consent: UUID) -> HttpResponse:
    """Note the question or the answer for the ticked uses."""
    row = _own_record(request, consent)
    chosen = ConsentUse.objects.filter(item__consent=row, uuid__in=_uuids(request, "use"))
    act, by = request.POST.get("act", ""), get_person(request)
    with flash_result(request, _("Noted.") if chosen else _("Tick at least one use.")):
        if act == "asked" and chosen:
            record_question(by=by, consent=row, uses=chosen)
        elif act in {"agrees", "declines"} and chosen:
            record_answer(by=by, consent=row, uses=chosen, agrees=act == "agrees")
    return redirect("consent:record", row.uuid)


@member_required
@never_cache
def record_detach(request: HttpRequest, consent: UUID, item: UUID) -> HttpResponse:
    """Ask back, then note that an item does not show her after all: without a consent it is shown again."""
    row = _own_record(request, consent)
    found = get_object_or_404(row.items.filter(detached_at=None), uuid=item)
    if request.method == "POST":
        with flash_result(request, _("The item does not belong to this consent any more.")):
            detach_item(by=get_person(request), consent=row, item=found)
        return redirect("consent:record", row.uuid)
    rows = [one for one in presenters.item_rows(row) if one.item.pk == found.pk]
    context = {"consent": row, "row": rows[0], "nav_current": "consent"}
    return render(request, "consent/detach.html", context)


class RecordFormView(MemberFormView):
    """A form about one record; it then shows the record."""

    consent: ConsentRecord

    def load(self) -> None:
        """Raises Http404 once the consent has ended: nothing of it changes any more."""
        self.consent = _own_record(self.request, self.kwargs["consent"])
        if not presenters.record_row(self.consent)["is_running"]:
            raise Http404

    def get_success_url(self) -> str:
        return reverse("consent:record", args=[self.consent.uuid])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"consent": self.consent, "nav_current": "consent"}


class WidenView(RecordFormView):
    form_class = ScopeForm
    template_name = "consent/widen.html"
    refusal_field = "allowed"
    success_message = gettext_lazy("Noted. What is new waits 48 hours; the rest goes on.")

    def save(self, form: ScopeForm) -> None:
        actions.widen_consent(by=get_person(self.request), consent=self.consent, scopes=form.scopes())


class ApartView(RecordFormView):
    form_class = ApartForm
    template_name = "consent/apart.html"
    success_message = gettext_lazy("Noted.")

    def save(self, form: ApartForm) -> None:
        kinds = form.cleaned_data["apart"]
        actions.keep_apart(by=get_person(self.request), consent=self.consent, kinds=kinds)


class UntilView(RecordFormView):
    """End the consent earlier."""

    form_class = UntilForm
    template_name = "consent/until.html"
    refusal_field = "until"
    success_message = gettext_lazy("Noted.")

    def get_initial(self) -> dict[str, Any]:
        return {"until": self.consent.until}

    def save(self, form: UntilForm) -> None:
        day = form.cleaned_data["until"]
        actions.shorten_consent(by=get_person(self.request), consent=self.consent, until=day)


class DetailsView(RecordFormView):
    """Correct which details of her stand in an item."""

    form_class = DetailsForm
    template_name = "consent/details.html"
    success_message = gettext_lazy("Noted.")

    def load(self) -> None:
        super().load()
        rows = self.consent.items.filter(detached_at=None)
        self.item = get_object_or_404(rows, uuid=self.kwargs["item"])

    def get_initial(self) -> dict[str, Any]:
        return {"details": self.item.details, "needs_lawyer": self.item.needs_lawyer}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        (row,) = presenters.describe_rows([self.item])
        title = row.described.title if row.described is not None else _("An item that is gone")
        return super().get_context_data(**kwargs) | {"item_title": title}

    def save(self, form: DetailsForm) -> None:
        by = get_person(self.request)
        describe_details(by=by, consent=self.consent, item=self.item, **form.cleaned_data)


class WithdrawView(RecordFormView):
    """The page to be read together, and the withdrawal."""

    form_class = NarrowForm
    template_name = "consent/withdraw.html"

    def load(self) -> None:
        self.consent = _own_record(self.request, self.kwargs["consent"])
        self.rows = presenters.item_rows(self.consent)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not presenters.record_row(self.consent)["is_running"]:
            return redirect("consent:record", self.consent.uuid)
        return super().get(request, *args, **kwargs)

    def get_form_kwargs(self) -> dict[str, Any]:
        more = {"consent": self.consent, "uses": presenters.use_choices(self.rows)}
        return super().get_form_kwargs() | more

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"items": self.rows}

    def save(self, form: NarrowForm) -> HttpResponse:
        by, data = get_person(self.request), form.cleaned_data
        if data["whole"]:
            made = withdraw_consent(by=by, consent=self.consent)
        else:
            uses = ConsentUse.objects.filter(item__consent=self.consent, uuid__in=data["uses"])
            made = narrow_consent(by=by, consent=self.consent, scopes=data["scopes"], uses=uses)
        return redirect("consent:withdrawal", made.uuid)


class ReviewView(RecordFormView):
    """Ask the yearly question about each use."""

    form_class = ReviewForm
    template_name = "consent/review.html"
    success_message = gettext_lazy("Noted. What she agreed to again goes on for a year.")

    def load(self) -> None:
        super().load()
        if not actions.review_day_is_open(self.consent, day_of(now())):
            raise Http404

    def get_form_kwargs(self) -> dict[str, Any]:
        uses = presenters.agreed_use_choices(presenters.item_rows(self.consent))
        return super().get_form_kwargs() | {"uses": uses}

    def save(self, form: ReviewForm) -> None:
        review_consent(by=get_person(self.request), consent=self.consent, goes_on=form.goes_on())


class ContactView(RecordFormView):
    form_class = ContactForm
    template_name = "consent/contact.html"
    success_message = gettext_lazy("Noted.")

    def get_initial(self) -> dict[str, Any]:
        return {"contact": self.consent.contact}

    def save(self, form: ContactForm) -> None:
        contact = form.cleaned_data["contact"]
        actions.change_contact(by=get_person(self.request), consent=self.consent, contact=contact)


class HandOverView(MemberFormView):
    """Give a record to another caseworker: by its caseworker or a representative."""

    form_class = HandOverForm
    template_name = "consent/hand_over.html"
    success_message = gettext_lazy("The record is handed over.")
    refusal_field = "to"

    def load(self) -> None:
        rows = ConsentRecord.objects.select_related("organisation", "caseworker").defer("contact")
        self.consent = get_object_or_404(rows, uuid=self.kwargs["consent"])
        require_that(may_hand_over(get_person(self.request), self.consent))

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"people": queries.successors_of(self.consent)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        nobody = not queries.successors_of(self.consent).exists()
        more = {"consent": self.consent, "nobody": nobody, "nav_current": "consent"}
        return super().get_context_data(**kwargs) | more

    def save(self, form: HandOverForm) -> None:
        data = form.cleaned_data
        by = get_person(self.request)
        hand_over_record(by=by, consent=self.consent, to=data["to"], contact=data["contact"])

    def get_success_url(self) -> str:
        return reverse("consent:records")


@member_required
@never_cache
@require_safe
def withdrawal(request: HttpRequest, withdrawal: UUID) -> HttpResponse:
    """Show what is gone, who was asked and who has answered."""
    row = get_object_or_404(queries.withdrawals_of(get_person(request)), uuid=withdrawal)
    requests = presenters.removal_rows(row.requests.select_related("item").order_by("id"))
    context = {
        "withdrawal": row,
        "requests": requests,
        "taken_back": [] if row.whole else presenters.taken_back_words(row),
        "answers": RemovalAnswer.choices,
        "nav_current": "consent",
    }
    return render(request, "consent/withdrawal.html", context)


@member_required
@require_POST
def removal_answer(request: HttpRequest, withdrawal: UUID, removal: UUID) -> HttpResponse:
    """Note what a taker said on the phone."""
    row = get_object_or_404(queries.withdrawals_of(get_person(request)), uuid=withdrawal)
    found = get_object_or_404(row.requests.select_related("withdrawal__consent__organisation"), uuid=removal)
    form = RemovalAnswerForm(request.POST)
    with flash_result(request, _("Noted.") if form.is_valid() else _("Choose an answer.")):
        if form.is_valid():
            answer = RemovalAnswer(form.cleaned_data["answer"])
            record_removal_answer(by=get_person(request), request=found, answer=answer)
    return redirect("consent:withdrawal", row.uuid)


def _own_record(request: HttpRequest, uuid: UUID) -> ConsentRecord:
    return get_object_or_404(queries.records_of(get_person(request)), uuid=uuid)


def _uuids(request: HttpRequest, name: str) -> list[UUID]:
    """Return the well-formed UUIDs of a field."""
    found = []
    for value in request.POST.getlist(name):
        try:
            found.append(UUID(value))
        except ValueError:
            continue
    return found
