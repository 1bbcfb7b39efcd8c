"""A consent with 42 uses taken back in one transaction, and the gate beside 1,000 other items. Import after
`django.setup()`."""

import time

from bench.figures import Figure, at_most, told

GROUP = "campaign"
ITEMS = 14  # in three languages: 42 uses
OTHERS = 1000


def withdrawals() -> list[Figure]:
    """Ask, agree and take back; time the transaction and one load of the gate."""
    from coalition.accounts.models import Language
    from coalition.consent.actions.withdraw import withdraw_consent
    from coalition.consent.enums import Place
    from coalition.consent.gate import ConsentGate
    from coalition.consent.items import ShownItem
    from coalition.consent.models import ConsentItem
    from coalition.core.clock import now
    from tests.consent.builders import agree_to, caseworker_of, consent_asked, put_under_consent
    from tests.events.planning.builders import stage
    from tests.events.press.kit.builders import picture_of

    print(f"  {ITEMS * len(Language)} uses taken back", flush=True)
    access, consent = stage().access(), consent_asked()
    files = [picture_of(access) for _number in range(ITEMS)]
    items = [put_under_consent(consent, "file", str(file.uuid), places=[Place.PACKAGE]) for file in files]
    for item in items:
        agree_to(item)
    other = consent_asked(consent.organisation)
    ConsentItem.objects.bulk_create(
        ConsentItem(
            consent=other,
            kind="file",
            key=f"other-{number}",
            shows_face=True,
            added_at=now(),
            organisation=consent.organisation,
        )
        for number in range(OTHERS)
    )
    begun = time.perf_counter()
    ConsentGate(Place.PACKAGE, "kk").may_show(ShownItem("file", str(files[0].uuid)))
    gate = time.perf_counter() - begun
    begun = time.perf_counter()
    withdraw_consent(by=caseworker_of(consent.organisation), consent=consent)
    taken_back = time.perf_counter() - begun
    uses = ITEMS * len(Language)
    return [
        at_most(GROUP, f"{uses} uses taken back in one transaction", taken_back, "s", reach=2),
        told(GROUP, f"one load of the gate with {OTHERS + ITEMS} items", gate * 1000, "ms"),
    ]
