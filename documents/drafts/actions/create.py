"""Starting a draft."""

from collections.abc import Collection

from django.db import transaction

from coalition.accounts.enums import Language
from coalition.accounts.models import Organisation, User
from coalition.core.clock import now
from coalition.workspaces.rules import Access
from documents.drafts import audit
from documents.drafts.actions.restrict import mark, restrict_to
from documents.drafts.actions.texts import Words, hash_of
from documents.drafts.enums import Handling, TextKind
from documents.drafts.models.draft import Draft, DraftText
from documents.drafts.permissions import may_create, require_that
from documents.text_templates.loader import template_of


def create_draft(
    *,
    access: Access,
    title: str,
    kind: TextKind = TextKind.STATEMENT,
    handling: Handling = Handling.WORKSPACE,
    first_language: Language = Language.KK,
    restricted_to: Collection[Organisation] = (),
    named_people: Collection[User] = (),
    from_template: bool = False,
) -> Draft:
    """Start a draft with a text in each language; the others are based on the first one.

    The texts are empty, or with `from_template` what the template of the kind says in each language.
    `named_people` read it beside the maker, if the mark is *named people*. Raises NotAllowed without the
    right to create drafts, Refused if the restriction shuts the maker out.
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
        if from_template:
            _fill_in(draft=draft, access=access)
        restrict_to(draft=draft, access=access, organisations=restricted_to)
        mark(thing=draft, access=access, handling=handling, people=named_people)
        audit.record(thing=draft, access=access, action="draft.created", from_template=from_template)
        audit.tell(thing=draft, access=access, kind="draft_created")
    return draft


def _fill_in(*, draft: Draft, access: Access) -> None:
    """Write the templates into the texts: each is its first state, so no other reads as older."""
    moment = now()
    for text in draft.texts.all():
        template = template_of(draft.kind, text.language)
        words: Words = {"title": template.title, "lead": template.lead, "body": template.body}
        text.title, text.lead, text.body = template.title, template.lead, template.body
        text.revision = 1
        text.based_on_revision = 1 if text.based_on_id else 0
        text.content_hash = hash_of(draft=draft, language=text.language, words=words)
        text.changed_at, text.changed_by, text.changed_for = moment, access.user, access.organisation
        text.save()
