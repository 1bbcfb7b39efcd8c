"""How often public pages have changed: what is kept of them in front of us holds for one number."""

from django.db import models


class PagesVersion(models.Model):
    """One row. It moves after every commit that a public page may show (`home.frontend_cache.pages_version`)."""

    number = models.PositiveBigIntegerField(default=0)

    def __str__(self) -> str:
        return f"public pages, version {self.number}"
