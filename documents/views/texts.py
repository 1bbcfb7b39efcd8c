"""The page of a text in one language: writing it, or reading it."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coalition.refused import Refused
from coalition.workspaces import door
from coalition.workspaces.rules import Access
from documents.domain.tend import mark_up_to_date
from documents.domain.words import Words, words_of
from documents.domain.write import Conflict, save_text
from documents.enums import Handling, RoundState
from documents.forms import TextForm, VersionForm
from documents.models import DraftText
from documents.reading import show_text
from documents.rules import may_edit_text, may_name_version, may_put_to_approval, may_tend
from documents.views.beside import beside, language_tabs
from documents.views.editor_form import editor_context, plain_of, start, words_sent, words_typed
from documents.views.entering import to_text
from documents.views.settling import decision_page


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """Write the text, or read it without the right to edit. A POST saves with a version check.

    If somebody saved in between, the answer is the page of the decision, without a redirect: the
    editor's script then knows that this is not the text, and leaves its words to that page.
    """
    access, found = to_text(request, draft, language)
    if request.method == "POST":
        return _save(request, access, found)
    return _page(request, access, found, start(words_of(found), found.revision), words_of(found))


def _save(request: HttpRequest, access: Access, found: DraftText) -> HttpResponse:
    form = TextForm(request.POST)
    if form.is_valid():
        try:
            words = words_sent(form, words_of(found), found.revision)
            base = form.cleaned_data["base_revision"]
            result = save_text(access=access, text=found, base_revision=base, **words)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            if isinstance(result, Conflict):
                return decision_page(request, access, result.set_aside, status=409)
            messages.success(request, _("Saved."))
            return redirect(found)
    return _page(request, access, found, form, words_typed(form, words_of(found)), status=422)


def _page(
    request: HttpRequest,
    access: Access,
    found: DraftText,
    form: TextForm,
    words: Words,
    *,
    status: int = 200,
) -> HttpResponse:
    edits = may_edit_text(access, found.draft)
    read_instead = not edits or plain_of(words) is None
    context = {
        "access": access,
        "workspace": access.workspace,
        "draft": found.draft,
        "text": found,
        "handling": Handling(found.draft.handling),
        "tabs": language_tabs(found),
        "form": form,
        "may_edit": edits,
        "may_tend": may_tend(access, found.draft),
        "may_name": may_name_version(access, found.draft),
        "may_put": may_put_to_approval(access, found.draft),
        "round": found.draft.rounds.filter(state=RoundState.OPEN).first(),
        "version_form": VersionForm(initial={"seen_revision": found.revision}, auto_id="version_%s"),
        "editor": editor_context(found, words) if edits else None,
        "words": show_text(found) if read_instead else "",
        **beside(request, found),
    }
    return render(request, "documents/editor/text.html", context, status=status)


@door.members_only
@require_POST
def up_to_date(request: HttpRequest, draft: UUID, language: str) -> HttpResponse:
    """Say that this translation holds everything that the text it is based on says."""
    access, found = to_text(request, draft, language)
    seen = request.POST.get("seen_revision", "")
    if seen.isdecimal() and len(seen) < 10:
        mark_up_to_date(access=access, text=found, seen_revision=int(seen))
        messages.success(request, _("This text counts as up to date."))
    return redirect(found)
