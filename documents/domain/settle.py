"""Deciding between what a person wrote and what was saved in between."""

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from coalition.clock.now import now
from coalition.refused import Refused
from coalition.workspaces.rules import Access, NotAllowed
from documents.domain import trail
from documents.domain.words import Words
from documents.domain.write import Conflict, Saved, check_words, save_text
from documents.models import SetAside


class Outcome(models.TextChoices):
    """How a person decided. `MERGED`: both brought together by hand."""

    MINE = "mine", _("What I wrote")
    THEIRS = "theirs", _("What stands there")
    MERGED = "merged", _("Both, brought together by hand")


def settle(
    *,
    access: Access,
    set_aside: SetAside,
    outcome: Outcome,
    seen_revision: int,
    merged: Words | None = None,
) -> Saved | Conflict:
    """Decide about what was set aside; `seen_revision` is the text's revision on the page of the decision.

    Nothing is overwritten unseen: if the text changed again meanwhile, the result is a Conflict with
    the same set-aside, which now holds what the person decided on. Only the author decides (NotAllowed).
    Raises Refused if it is decided already, or if the words cannot be saved.
    """
    if set_aside.author_id != access.user.pk:
        raise NotAllowed
    mine: Words = {"title": set_aside.title, "lead": set_aside.lead, "body": set_aside.body}
    chosen = merged if outcome == Outcome.MERGED and merged is not None else mine
    if outcome != Outcome.THEIRS:
        check_words(text=set_aside.text, words=chosen)
    with transaction.atomic():
        kept = SetAside.objects.select_for_update().get(pk=set_aside.pk)
        if kept.decided_at is not None:
            raise Refused(_("This is decided already."))
        if outcome == Outcome.THEIRS:
            result: Saved | Conflict = Saved(kept.text, changed=False)
        else:
            _keep(kept, chosen, seen_revision)
            result = save_text(access=access, text=kept.text, base_revision=seen_revision, **chosen)
        if isinstance(result, Saved):
            kept.decided_at, kept.outcome = now(), outcome
            kept.save(update_fields=["decided_at", "outcome"])
            trail.record(
                thing=kept.text.draft,
                access=access,
                action="text.settled",
                language=kept.text.language,
                outcome=str(outcome),
            )
    return result


def _keep(kept: SetAside, words: Words, revision: int) -> None:
    """Hold what the person decided on: if the text moved again, `save_text` finds it set aside already."""
    kept.title, kept.lead, kept.body = words["title"].strip(), words["lead"].strip(), words["body"]
    kept.base_revision = revision
    kept.save(update_fields=["title", "lead", "body", "base_revision"])
