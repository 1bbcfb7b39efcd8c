"""Numbers and deliveries as the ledger tells them, in the place of its entries."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest import mock

from coalition.campaigns.postcards import capability, presenters, public_presenters, views
from coalition.campaigns.postcards.ledger.queries import DesignTotals, PublicDelivery

TOTALS = DesignTotals(printed=5000, handed_out=3118, lost=12, counted=1240, delivered=1240)


@contextmanager
def ledger_says(totals: DesignTotals = TOTALS, *deliveries: PublicDelivery) -> Iterator[None]:
    """Let every design have these totals and deliveries for as long as the block lasts."""

    def totals_of_designs(pks: list[int]) -> dict[int, DesignTotals]:
        return dict.fromkeys(pks, totals)

    with ExitStack() as stack:
        for module in (capability, presenters, public_presenters, views):
            if hasattr(module, "totals_of_designs"):
                stack.enter_context(mock.patch.object(module, "totals_of_designs", totals_of_designs))
        stack.enter_context(
            mock.patch.object(public_presenters, "public_deliveries", return_value=list(deliveries))
        )
        yield
