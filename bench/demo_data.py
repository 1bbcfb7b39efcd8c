"""The demo coalition in the benchmarks' own database, rebuilt when its migrations change."""

import os


def prepare() -> None:
    """Set Django up and bring the data up to date."""
    from bench.figures import ROOT

    os.chdir(ROOT)  # the database's path is relative
    (ROOT / "build" / "bench").mkdir(parents=True, exist_ok=True)
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.settings"
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
    call_command("seed_demo")


def article() -> str:
    """Return the path of a public article in Kazakh."""
    from home.models import NewsPage

    pages = NewsPage.objects.live().filter(locale__language_code="kk", light=False)
    return str(pages.order_by("pk")[:1].get().get_url())
