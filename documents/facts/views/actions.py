"""What one press does to a fact: checked, out of use, back in use, opened to the public."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from coalition.core.errors import Refused
from coalition.http.responses import telling
from coalition.workspaces import access
from documents.facts.actions.manage import bring_back_fact, check_fact, open_fact, retire_fact
from documents.facts.forms import CheckForm, WhyForm
from documents.facts.views.facts import fact_context, to_fact


@access.members_only
@require_POST
def check(request: HttpRequest, fact: UUID) -> HttpResponse:
    """Say that it was compared with its source, and when to look again."""
    found, form = to_fact(request, fact), CheckForm(request.POST, auto_id="check_%s")
    if form.is_valid():
        data = form.cleaned_data
        with telling(request, _("Checked. The next check is on the day that you set.")):
            check_fact(
                person=access.person(request),
                fact=found,
                seen=data["seen"] or 0,
                next_check=data["next_check"],
                note=data["note"],
            )
        return redirect(found)
    context = fact_context(request, found, check_form=form)
    return render(request, "documents/facts/fact.html", context, status=422)


@access.members_only
@require_POST
def retire(request: HttpRequest, fact: UUID) -> HttpResponse:
    """Take it out of use."""
    found, form = to_fact(request, fact), WhyForm(request.POST, auto_id="why_%s")
    if form.is_valid():
        try:
            retire_fact(person=access.person(request), fact=found, why=form.cleaned_data["why"])
        except Refused as refusal:
            form.add_error("why", refusal.message)
        else:
            return redirect(found)
    context = fact_context(request, found, why_form=form)
    return render(request, "documents/facts/fact.html", context, status=422)


@access.members_only
@require_POST
def bring_back(request: HttpRequest, fact: UUID) -> HttpResponse:
    """Take it into use again."""
    found = to_fact(request, fact)
    with telling(request, _("The fact is in use again.")):
        bring_back_fact(person=access.person(request), fact=found)
    return redirect(found)


@access.members_only
@require_POST
def open_up(request: HttpRequest, fact: UUID) -> HttpResponse:
    """Give it a page for everyone, with `opened` in the form; without it, no longer."""
    found, opened = to_fact(request, fact), "opened" in request.POST
    words = _("Everyone may read this fact once it is checked.") if opened else _("No longer opened.")
    with telling(request, words):
        open_fact(person=access.person(request), fact=found, opened=opened)
    return redirect(found)
