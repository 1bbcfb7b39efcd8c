"""States and kinds in the member area."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class MailMode(models.TextChoices):
    """When a person gets mail about notifications in their inbox."""

    AT_ONCE = "at_once", _("At once")
    DAILY = "daily", _("Once a day, everything together")
    NEVER = "never", _("Never: I look into the inbox myself")
