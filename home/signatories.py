"""Who stands under a published text, as the public may read it."""

from django.utils.functional import cached_property
from django.utils.translation import ngettext

from coalition.accounts.naming import PUBLIC, OrganisationMark, display_mark_for, may_see_name
from documents.drafts.enums import Way
from documents.models import PublicationName


class Signatories:
    """Who stands under a published text, as the public may read it."""

    def __init__(self, names: list[PublicationName]) -> None:
        self.names = names

    @cached_property
    def marks(self) -> list[OrganisationMark]:
        told = [name for name in self.names if may_see_name(PUBLIC, name.organisation, name.listing)]
        return [display_mark_for(PUBLIC, name.organisation, listing=name.listing) for name in told]

    @property
    def withheld(self) -> int:
        return len(self.names) - len(self.marks)

    @property
    def count(self) -> int:
        return len(self.names)

    @property
    def words(self) -> str:
        """How many approved the text, in a sentence; and how many did not object, which is no approval."""
        silent = sum(name.way == Way.NO_OBJECTION for name in self.names)
        approved = self.count - silent
        said = ngettext(
            "%(count)s organisation approved this text word for word.",
            "%(count)s organisations approved this text word for word.",
            approved,
        ) % {"count": approved}
        if not silent:
            return said
        quiet = ngettext(
            "%(count)s organisation did not object.", "%(count)s organisations did not object.", silent
        ) % {"count": silent}
        return f"{said} {quiet}" if approved else quiet
