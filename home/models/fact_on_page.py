"""Which facts of the register stand on which page."""

from django.db import models
from wagtail.models import Page

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
