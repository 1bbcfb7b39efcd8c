"""Kinds, topics and recorded actions of facts."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class FactKind(models.TextChoices):
    """Whether a figure precedes the sentence."""

    NUMERAL = "numeral", _("A number")
    STATEMENT = "statement", _("A statement without a number")


class FactTopic(models.TextChoices):
    """Topic of a fact."""

    VIOLENCE = "violence", _("Violence and harassment")
    COURTS = "courts", _("Courts and cases")
    LAW = "law", _("Laws")
    HELP = "help", _("Help and care")
    WORK = "work", _("Work")
    COALITION = "coalition", _("The coalition and its campaign")


class FactAct(models.TextChoices):
    """Recorded action on a fact."""

    CREATED = "created", pgettext_lazy("of a fact", "Written down")
    CHANGED = "changed", pgettext_lazy("of a fact", "Changed")
    CHECKED = "checked", pgettext_lazy("of a fact", "Checked")
    RETIRED = "retired", pgettext_lazy("of a fact", "Taken out of use")
    BROUGHT_BACK = "brought_back", pgettext_lazy("of a fact", "Brought back")
    OPENED = "opened", pgettext_lazy("of a fact", "Opened to the public")
    CLOSED = "closed", pgettext_lazy("of a fact", "No longer opened to the public")
