"""Which facts of the register stand on which page."""

from django.db import models
from wagtail.models import Page

from coalition.campaigns.models import Helpline
from documents.models import Fact


class FactOnPage(models.Model):
    """A fact stands in the words of a page as they are in its row: of a live page, as everyone reads them."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    fact = models.ForeignKey(Fact, on_delete=models.CASCADE, related_name="on_pages")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["page", "fact"], name="a_fact_once_on_a_page")]

    def __str__(self) -> str:
        return f"{self.fact_id} on {self.page_id}"


# --- helpline on page ---
# Which helplines of the register stand on which page.


class HelplineOnPage(models.Model):
    """A line stands in the row of a page: of a live page, as everyone reads it."""

    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    helpline = models.ForeignKey(Helpline, on_delete=models.CASCADE, related_name="+")

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["page", "helpline"], name="a_helpline_once_on_a_page")]

    def __str__(self) -> str:
        return f"{self.helpline_id} on {self.page_id}"
