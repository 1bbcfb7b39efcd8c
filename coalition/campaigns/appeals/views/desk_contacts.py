"""An organisation offers itself for contact, and takes out the addresses that are its own."""

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.naming import display_name_for
from coalition.accounts.views.access import get_viewer
from coalition.campaigns.appeals.actions.contacts import (
    contact_rows,
    end_contact_offer,
    export_contacts,
    offer_contact,
)
from coalition.campaigns.appeals.desk_queries import contact_offers_of
from coalition.campaigns.appeals.permissions import may_export_contacts, may_offer_contact
from coalition.campaigns.appeals.views.desk_access import appeal_of, desk_context
from coalition.http.responses import flash_result
from coalition.workspaces.access import member_required
from events.spreadsheets.columns import csv_response


@member_required
@require_safe
def contacts(request: HttpRequest, appeal: UUID) -> HttpResponse:
    """Who is offered in the form, and how many let the person's own organisation write to them. How many
    there are for others, nobody else reads."""
    access, found = appeal_of(request, appeal)
    reader = get_viewer(request)
    offers = list(contact_offers_of(found))
    may_export = may_export_contacts(access)
    context = desk_context(
        access,
        found,
        tab="contacts",
        own_name=display_name_for(reader, access.organisation),
        offered=[display_name_for(reader, one.organisation) for one in offers],
        is_offered=any(one.organisation_id == access.organisation.pk for one in offers),
        may_offer=may_offer_contact(access),
        may_export=may_export,
        own_count=len(contact_rows(found, access.organisation)) if may_export else None,
    )
    return render(request, "campaigns/appeals/desk/contacts.html", context)


@member_required
@require_POST
@reauthentication_required
def offer(request: HttpRequest, appeal: UUID) -> HttpResponse:
    """Put the person's organisation into the form, or take it out (`act` is "end")."""
    access, found = appeal_of(request, appeal)
    if request.POST.get("act") == "end":
        with flash_result(request, _("Your organisation is no longer offered in the form.")):
            end_contact_offer(access=access, appeal=found)
    else:
        with flash_result(request, _("Your organisation stands in the form with a tick of its own.")):
            offer_contact(access=access, appeal=found)
    return redirect("campaigns:appeal_contacts", found.uuid)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required
def addresses(request: HttpRequest, appeal: UUID) -> HttpResponse:
    """The addresses as a table, by POST. By GET, for example after signing in again, it only leads back."""
    access, found = appeal_of(request, appeal)
    if request.method == "POST":
        with flash_result(request):
            rows = export_contacts(access=access, appeal=found)
            cells = [[one.address, one.language] for one in rows]
            answer = csv_response([_("E-mail"), _("Language")], cells, f"contacts-{found.slug}.csv")
            answer["Cache-Control"] = "no-store, private"
            return answer
    return redirect("campaigns:appeal_contacts", found.uuid)
