"""One appeal in a database of its own, and what is counted there. After `django.setup()`."""

import asyncio

from django.core.management import call_command

from bench.campaign.client import Client
from bench.campaign.signing import COOKIE, HIDDEN
from bench.figures import Figure

SLUG = "bench"


def prepare() -> str:
    """Make the appeal; returns the path of its page in Kazakh."""
    from tests.campaigns.appeals.factories import open_appeal

    call_command("migrate", verbosity=0, interactive=False)
    call_command("setup_site", verbosity=0)
    open_appeal("kk", slug=SLUG)
    return f"/kk/support/{SLUG}/"


def regions() -> list[str]:
    from coalition.accounts.regions import REGIONS

    return list(REGIONS)


def counted() -> int:
    """Rows that count."""
    from coalition.campaigns.appeals.enums import SupportState
    from coalition.campaigns.models import Support

    return Support.objects.filter(state=SupportState.COUNTED).count()


def held() -> int:
    from coalition.campaigns.appeals.enums import SupportState
    from coalition.campaigns.models import Support

    return Support.objects.filter(state=SupportState.HELD).count()


def differences() -> int:
    from coalition.campaigns.appeals.counting import recount

    return recount()


async def confirm_in_parallel(ports: list[int], path: str, *, times: int) -> None:
    """One person asks once, and their link is confirmed so often at the same moment."""
    client = Client(ports, most=times)
    drawn = await client.ask("GET", path, address="198.51.100.7")
    form = {name.decode(): value.decode() for name, value in HIDDEN.findall(drawn.body)}
    form |= {"address": "one.person@gmail.com", "region": regions()[0], "leave_empty": ""}
    await client.ask("POST", path, address="198.51.100.7", form=form)
    link = f"/kk/support/link/{await asyncio.to_thread(_newest_token)}/"
    page = await client.ask("GET", link, address="198.51.100.7")
    hidden = {name.decode(): value.decode() for name, value in HIDDEN.findall(page.body)}
    cookie = "; ".join(found.decode() for found in COOKIE.findall(page.headers))
    await asyncio.gather(
        *(
            client.ask("POST", link, address="198.51.100.7", form=hidden | {"act": "confirm"}, cookie=cookie)
            for _time in range(times)
        )
    )
    client.close()


def _newest_token() -> str:
    from coalition.campaigns.appeals.flow import SUPPORT
    from coalition.campaigns.models import Support
    from coalition.core.tokens import derive_token

    return derive_token(SUPPORT.purpose, Support.objects.latest("pk").uuid)


def holds() -> list[Figure]:
    """Ten thousand made up from one network beside four hundred honest people of one carrier."""
    return []
