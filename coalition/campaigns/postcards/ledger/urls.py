"""Addresses of the ledger of cards: below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from coalition.campaigns.postcards.ledger.views import counts, deliveries, desk as desk_views, hand

_DESIGN = "postcards/<uuid:design>/"
_BATCH = "postcards/batches/<uuid:batch>/"

desk: list[URLPattern | URLResolver] = [
    path(f"{_DESIGN}ledger/", desk_views.design_ledger, name="card_ledger"),
    path(f"{_DESIGN}ledger/table.csv", desk_views.ledger_table, name="card_ledger_table"),
    path(f"{_DESIGN}hand/", hand.hand, name="card_hand"),
    path(f"{_DESIGN}hand/state/", hand.state, name="card_hand_state"),
    path(f"{_DESIGN}hand/entries/", hand.entries, name="card_hand_entries"),
    path(f"{_DESIGN}hand/worker.js", hand.worker, name="card_hand_worker"),
    path(f"{_DESIGN}deliveries/new/", deliveries.new, name="card_delivery_new"),
    path(
        "postcards/deliveries/<uuid:delivery>/take-back/",
        deliveries.take_back_card_delivery,
        name="card_delivery_undo",
    ),
    path(f"{_BATCH}ledger/", desk_views.batch_ledger, name="card_batch"),
    path(f"{_BATCH}close/", desk_views.close, name="card_batch_close"),
    path(f"{_BATCH}moves/<uuid:move>/undo/", desk_views.undo_move, name="card_move_undo"),
    path(f"{_BATCH}count/", counts.count, name="card_count"),
    path(f"{_BATCH}count/take-back/", counts.take_back_card_count, name="card_count_undo"),
]
public: list[URLPattern | URLResolver] = []
root: list[URLPattern | URLResolver] = []
