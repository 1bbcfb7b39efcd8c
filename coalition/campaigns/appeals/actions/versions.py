"""The text of an appeal is chosen among what is public; another text is another version."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.appeals.models import Appeal, AppealVersion
from coalition.campaigns.appeals.permissions import may_use_text_of, require_that
from coalition.campaigns.appeals.records import notify_workspace, record_appeal_action
from coalition.campaigns.appeals.versions import current_version, hashes_of, is_usable
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from documents.drafts.models import TextKind
from documents.publication.models import Publication


def add_version(
    *, access: Access, appeal: Appeal, publication: Publication, table: Publication | None = None
) -> AppealVersion:
    """Give an appeal this text, and the comparative table beside them.

    Before the appeal was opened it takes the place of the earlier one. Afterwards it is a new version, to
    which nobody is carried over: who supported the earlier text supports that one. So a version that anybody
    can have read never changes.

    Raises NotAllowed without the right; Refused if a text is not of its kind, not public, or of another
    workspace, or if this is the text that it has.
    """
    with transaction.atomic():
        locked = Appeal.objects.select_for_update(of=("self",)).select_related("workspace")
        row = locked.get(pk=appeal.pk, workspace=access.workspace)
        _check_texts(access, publication, table)
        known = current_version(row)
        chosen = (publication.pk, table.pk if table is not None else None)
        if known is not None and (known.publication_id, known.table_id) == chosen:
            raise Refused(_("This is the text that it has already."))
        if known is not None and row.opened_at is None:
            known.delete()
            known = None
        version = AppealVersion.objects.create(
            appeal=row,
            number=known.number + 1 if known is not None else 1,
            publication=publication,
            table=table,
            hashes=hashes_of(publication),
            table_hashes=hashes_of(table),
            made_at=now(),
        )
        record_appeal_action(
            access, row, "appeal.words_chosen", number=version.number, publication=str(publication.uuid)
        )
        if version.number > 1:
            notify_workspace(access, row, "appeal_new_version")
    return version


def _check_texts(access: Access, publication: Publication, table: Publication | None) -> None:
    chosen = [(publication, TextKind.APPEAL)]
    if table is not None:
        chosen.append((table, TextKind.COMPARATIVE_TABLE))
    for one, kind in chosen:
        if one.draft.workspace_id != access.workspace.pk:
            raise Refused(_("This text belongs to another workspace."))
        require_that(may_use_text_of(access, one.draft), _("Coordinators choose the text of an appeal."))
        if not is_usable(one, kind):
            raise Refused(_("This text is not public now, or is not of this kind. Choose another one."))
