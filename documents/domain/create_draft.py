"""Starting a draft."""

from collections.abc import Collection

from django.db import transaction

from coalition.partners.enums import Language
from coalition.partners.models import Organisation
from coalition.workspaces.rules import Access
from documents.domain import trail
from documents.domain.restrict import restrict_to
from documents.enums import Handling, TextKind
from documents.models import Draft, DraftText
from documents.rules import may_create, require_that


def create_draft(
    *,
    access: Access,
    title: str,
    kind: TextKind = TextKind.STATEMENT,
    handling: Handling = Handling.WORKSPACE,
    first_language: Language = Language.KK,
    restricted_to: Collection[Organisation] = (),
) -> Draft:
    """Start a draft with an empty text in each language; the others are based on the first one.

    Raises NotAllowed without the right to create drafts, Refused if the restriction shuts the maker out.
    """
    require_that(may_create(access))
    with transaction.atomic():
        draft = Draft.objects.create(
            workspace=access.workspace,
            title=title.strip(),
            kind=kind,
            handling=handling,
            first_language=first_language,
            created_by=access.user,
            organisation=access.organisation,
        )
        first = DraftText.objects.create(draft=draft, language=first_language)
        others = [language for language in Language if language != first_language]
        DraftText.objects.bulk_create(
            DraftText(draft=draft, language=language, based_on=first) for language in others
        )
        restrict_to(draft=draft, access=access, organisations=restricted_to)
        trail.record(thing=draft, access=access, action="draft.created")
        trail.tell(thing=draft, access=access, kind="draft_created")
    return draft
