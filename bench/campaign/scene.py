"""One appeal in its own database, and the counts read from it. Import after `django.setup()`."""

import asyncio
import random
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import batched
from typing import TYPE_CHECKING

from django.core.management import call_command
from django.db import connection

from bench.campaign.client import Client
from bench.campaign.signing import COOKIE, HIDDEN
from bench.figures import Figure, at_least, at_most, told

if TYPE_CHECKING:
    from coalition.campaigns.models import AppealVersion

GROUP = "campaign"
SLUG = "bench"
DEPUTIES = 145
MADE_UP = 10_000
HONEST = 400
SWEEPS = 10
THREADS = 4
EVERY = 11  # every eleventh confirms; coprime to the number of kinds, so each is included


def prepare() -> str:
    """Create the appeal. Return the path of its page in Kazakh."""
    from tests.campaigns.appeals.factories import open_appeal

    call_command("migrate", verbosity=0, interactive=False)
    call_command("setup_site", verbosity=0)
    open_appeal("kk", slug=SLUG)
    return f"/kk/support/{SLUG}/"


def prepare_letters() -> str:
    """Create a page of letters to `DEPUTIES` people. Return its path in Kazakh."""
    from tests.campaigns.letters.builders import open_deputies

    open_deputies(DEPUTIES, slug=SLUG)
    return f"/kk/write/{SLUG}/"


def regions() -> list[str]:
    from coalition.accounts.models import REGIONS

    return list(REGIONS)


def counted() -> int:
    """Return the number of rows that count."""
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
    """Let one person ask once, and confirm their link `times` times in parallel."""
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
    from coalition.core.throttling import derive_token

    return derive_token(SUPPORT.purpose, Support.objects.latest("pk").uuid)


def holds() -> list[Figure]:
    """Run 10,000 fake people from one network beside 400 honest people of one mobile carrier.

    All ask through the action, without pages; the honest people and some of the others confirm.
    Anyone who has not confirmed counts as held for review if they would be once they confirm.
    """
    from tests.campaigns.appeals.crowds import honest, stuffed
    from tests.campaigns.appeals.factories import open_appeal

    made_up, people = list(stuffed(MADE_UP)), honest(HONEST)
    crowd = [*made_up, *people]
    random.Random(1).shuffle(crowd)
    confirming = {*people, *made_up[::EVERY]}
    print(f"  {MADE_UP} made up and {HONEST} honest ones from one network", flush=True)
    longest = _ask_from_one_network(open_appeal("kk", slug="held"), crowd, confirming)
    return [
        at_least(GROUP, f"held of {MADE_UP} made up from one network", _held(made_up), "%", reach=99),
        at_most(GROUP, f"held of {HONEST} honest ones of that network", _held(people), "%", reach=1),
        told(GROUP, "longest sweep over them", longest, "s"),
    ]


def _ask_from_one_network(version: "AppealVersion", crowd: list[str], confirming: set[str]) -> float:
    """Let the crowd ask and confirm, with a sweep after each part. Return the longest sweep in
    seconds."""
    from coalition.campaigns.appeals.registration import sweep

    longest = 0.0
    with ThreadPoolExecutor(THREADS) as pool:
        for part in batched(crowd, len(crowd) // SWEEPS + 1):
            shares = [part[thread::THREADS] for thread in range(THREADS)]
            list(pool.map(partial(_ask_and_confirm, version, confirming), shares))
            begun = time.monotonic()
            sweep()
            longest = max(longest, time.monotonic() - begun)
    return longest


def _ask_and_confirm(version: "AppealVersion", confirming: set[str], addresses: tuple[str, ...]) -> None:
    """Ask and confirm in a thread with its own connection."""
    from coalition.applicants.forms import mailbox_print
    from coalition.campaigns.appeals.actions.confirm import confirm_support
    from coalition.campaigns.appeals.actions.support import SupportAsking, ask_to_support
    from coalition.campaigns.appeals.flow import SUPPORT
    from coalition.campaigns.models import Support

    try:
        with connection.cursor() as cursor:
            cursor.execute("SET synchronous_commit TO off")  # who is held is measured, not how fast
        for address in addresses:
            asking = SupportAsking(address=address, region="KZ-75", language="kk", place="203.0.113.0/24")
            ask_to_support(slug=version.appeal.slug, version=str(version.uuid), asking=asking)
            if address in confirming:
                row = Support.objects.get(version=version, address_print=mailbox_print(address))
                confirm_support(token=SUPPORT.token(row))
    finally:
        connection.close()


def _held(addresses: list[str]) -> float:
    """Return the percentage that is held for review, or would be on confirming."""
    from coalition.applicants.forms import mailbox_print
    from coalition.campaigns.appeals.enums import SupportState
    from coalition.campaigns.models import Support

    states = [SupportState.HELD, SupportState.UNCONFIRMED]
    rows = Support.objects.filter(hold__isnull=False, state__in=states)
    prints = set(rows.values_list("address_print", flat=True))
    return 100 * sum(mailbox_print(address) in prints for address in addresses) / len(addresses)
