"""A notice to 300 outlets, written and queued. Import after `django.setup()`."""

import datetime
import time

from bench.figures import Figure, at_most

GROUP = "campaign"
OUTLETS = 300


def notices_queued() -> list[Figure]:
    """Publish a film that 300 outlets took, and tell them that it was replaced."""
    from coalition.campaigns.core.days import site_today
    from coalition.campaigns.media_package.enums import NoticeKind
    from coalition.campaigns.media_package.models import PackageLink, Rendition, TakenFile
    from coalition.campaigns.media_package.notices.actions import send_notice
    from coalition.core.clock import now
    from coalition.core.throttling import derive_token, hash_token
    from tests.campaigns.media_package.builders import press

    print(f"  a notice to {OUTLETS} outlets", flush=True)
    made = press(published=True)
    rendition = Rendition.objects.get(item=made.items[0])
    links = [
        PackageLink(
            package=made.package,
            outlet=f"Outlet {number}",
            address=f"outlet-{number}@bench.example",
            language=("kk", "ru", "en")[number % 3],
            made_at=now(),
            ends_at=now() + datetime.timedelta(days=90),
        )
        for number in range(OUTLETS)
    ]
    for link in links:
        link.token_hash = hash_token(derive_token("campaigns.media_package", link.uuid))
    PackageLink.objects.bulk_create(links)
    TakenFile.objects.bulk_create(
        TakenFile(link=link, rendition=rendition, day=site_today()) for link in links
    )
    begun = time.perf_counter()
    notice = send_notice(access=made.access, item=made.items[0], kind=NoticeKind.CORRECTION)
    seconds = time.perf_counter() - begun
    if notice.recipients.count() != OUTLETS:
        raise RuntimeError("not everybody was told")
    return [at_most(GROUP, f"notice to {OUTLETS} outlets, queued", seconds, "s", reach=5)]
