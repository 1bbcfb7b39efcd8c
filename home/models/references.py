"""The facts and helplines of the register on each page."""

from django.db import models
from wagtail.models import Page

from coalition.campaigns.models import Helpline
from documents.models import Fact


class FactOnPage(models.Model):
    """A fact on a page as in its row: for a live page, the public version."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    fact = models.ForeignKey(Fact, on_delete=models.CASCADE, related_name="on_pages")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["page", "fact"], name="a_fact_once_on_a_page")]

    def __str__(self) -> str:
        return f"{self.fact_id} on {self.page_id}"


# --- helpline on page ---
# The helplines of the register on each page.


class HelplineOnPage(models.Model):
    """A line on a page as in its row: for a live page, the public version."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    helpline = models.ForeignKey(Helpline, on_delete=models.CASCADE, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["page", "helpline"], name="a_helpline_once_on_a_page")]

    def __str__(self) -> str:
        return f"{self.helpline_id} on {self.page_id}"
