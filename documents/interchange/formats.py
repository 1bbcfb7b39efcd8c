"""What a text can leave as, and how much of its suggestions goes along."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Format(models.TextChoices):
    """A kind of file. The value is its ending."""

    DOCX = "docx", _("Word (.docx)")
    ODT = "odt", _("LibreOffice (.odt)")
    PDF = "pdf", _("PDF")
    MARKDOWN = "md", _("Markdown")
    PLAIN = "txt", _("Plain text")

    @property
    def media_type(self) -> str:
        cls = type(self)
        return {
            cls.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            cls.ODT: "application/vnd.oasis.opendocument.text",
            cls.PDF: "application/pdf",
            cls.MARKDOWN: "text/markdown; charset=utf-8",
            cls.PLAIN: "text/plain; charset=utf-8",
        }[self]

    @property
    def comes_back(self) -> bool:
        """Whether a file of this kind can be read back into its text."""
        return self in {type(self).DOCX, type(self).ODT}


class View(models.TextChoices):
    """What is done with open suggestions in a file."""

    SUGGESTIONS = "suggestions", pgettext_lazy("export", "With suggestions marked")
    STANDING = "standing", pgettext_lazy("export", "As it stands, without suggestions")
    ACCEPTED = "accepted", pgettext_lazy("export", "As if every suggestion were accepted")
