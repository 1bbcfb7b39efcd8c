"""Pages of films and stories: public only while consent allows what they show."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db import models
from django.http import Http404, HttpRequest

from coalition.accounts.models import User
from coalition.consent.site import hidden_pages, is_page_under_consent
from coalition.roles import Right
from coalition.workspaces.models import Workspace
from coalition.workspaces.queries import workspaces_for


class ConsentedMixin:
    """A page that answers 404 while consent does not allow it, and links only languages that are allowed."""

    def is_public(self) -> bool:
        """Whether consent allows the page now."""
        raise NotImplementedError

    def route(self, request: HttpRequest, path_components: list[str]) -> Any:
        """Raise Http404 unless the page is public, as for an address that is not there."""
        if not self.is_public():
            raise Http404
        return super().route(request, path_components)  # type: ignore[misc]  # the mixin is no Page for mypy

    def addresses(self) -> dict[str, str]:
        """Return the paths of the page by language."""
        page: Any = self
        rows = type(page).objects.live().filter(translation_key=page.translation_key).exclude(pk=page.pk)
        pages = [page, *(one for one in rows.select_related("locale") if one.is_public())]
        return {one.locale.language_code: one.get_url() for one in pages}


class WorkspaceChoiceMixin:
    """A form in which only workspaces where the person plans events can be chosen, and the stored one."""

    fields: dict[str, forms.Field]
    for_user: User | None
    instance: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("screenings_workspace")
        if isinstance(field, forms.ModelChoiceField):
            own = models.Q(pk__in=workspaces_for(self.for_user, Right.PLAN).values("pk"))
            chosen = models.Q(pk=self.instance.screenings_workspace_id)
            field.queryset = Workspace.objects.filter(own | chosen)


def consented[P: Any](pages: Iterable[P], language: str) -> list[P]:
    """Return those of the pages, with their locale, that stand under a consent that allows them."""
    hidden = hidden_pages().get(language, ())
    return [page for page in pages if is_page_under_consent(page) and page.translation_key not in hidden]
