"""Addresses of approval: `desk` in the members' area (namespace `documents`), `root` for who decides without
an account, `secretariat` for the table of whom to ask."""

from django.urls import URLPattern, URLResolver, path

from documents.approval.views import calls, decide, one_time_links, rounds
from documents.drafts.access import TEXT

_ASKED = "rounds/<uuid:round_uuid>/decide/<uuid:organisation>/"

desk: list[URLPattern | URLResolver] = [
    path(f"{TEXT}approved-words/", rounds.approved_versions_json, name="approved_words"),
    path("<uuid:workspace>/rounds/", rounds.rounds, name="rounds"),
    path("drafts/<uuid:draft>/put/", rounds.SubmitView.as_view(), name="put"),
    path("rounds/<uuid:round_uuid>/", rounds.round_page, name="round"),
    path("rounds/<uuid:round_uuid>/renew/", rounds.renew_versions, name="renew"),
    path("rounds/<uuid:round_uuid>/close/", rounds.close_open_round, name="close_round"),
    path("rounds/<uuid:round_uuid>/decide/", decide.decide_for_organisation, name="decide"),
    path(_ASKED, decide.decide_for_organisation, name="decide_for"),
    path(f"{_ASKED}approve/", decide.approve_words, name="approve"),
    path(f"{_ASKED}changes/", decide.request_changes, name="ask_changes"),
    path(f"{_ASKED}aside/", decide.abstain_or_object, name="stand_aside"),
    path("drafts/<uuid:draft>/phases/", rounds.PhasesView.as_view(), name="phases"),
    path(f"{_ASKED}silence/", calls.decline_tacit_consent, name="decline_silence"),
    path("rounds/<uuid:round_uuid>/slips/<str:language>/", decide.propose_fix, name="propose_slip"),
    path(f"{_ASKED}slips/<uuid:slip>/confirm/", decide.confirm_fix, name="confirm_slip"),
    path(f"{_ASKED}slips/<uuid:slip>/reopen/", decide.reopen_decision, name="reopen_slip"),
    path(f"{_ASKED}carried/reopen/", rounds.reopen_inherited, name="reopen_carried"),
    path("rounds/<uuid:round_uuid>/attest/<str:language>/", calls.attest_page, name="attest"),
    path(
        "rounds/<uuid:round_uuid>/attestations/<uuid:attestation>/take-back/",
        calls.withdraw_attestation_page,
        name="withdraw_attestation",
    ),
    path("rounds/<uuid:round_uuid>/pictures/<uuid:file>/", decide.decision_picture, name="round_picture"),
    path("rounds/<uuid:round_uuid>/links/", one_time_links.OneTimeLinksView.as_view(), name="one_time_links"),
    path(
        "rounds/<uuid:round_uuid>/links/<uuid:link>/take-back/",
        one_time_links.end_one_time_link,
        name="one_time_revoke",
    ),
    path("rounds/<uuid:round_uuid>/calls/", calls.round_call_sheet, name="call_sheet"),
    path("rounds/<uuid:round_uuid>/calls/<uuid:organisation>/", calls.CallView.as_view(), name="call"),
    path(
        "rounds/<uuid:round_uuid>/calls/<uuid:call>/confirm/", calls.confirm_phone_call, name="confirm_call"
    ),
    path(f"{_ASKED}links/", one_time_links.OneTimeLinksView.as_view(), name="one_time_links_for"),
    path(
        f"{_ASKED}links/<uuid:link>/take-back/",
        one_time_links.end_one_time_link,
        name="one_time_revoke_for",
    ),
    path(f"{_ASKED}not-agreed/", decide.object_signed_in, name="object_to_decisions"),
]

root: list[URLPattern | URLResolver] = [
    path("once/<str:token>/", one_time_links.decide_by_one_time_link, name="one_time"),
    path("once/<str:token>/pictures/<uuid:file>/", one_time_links.one_time_picture, name="one_time_picture"),
    path("decided/", one_time_links.one_time_done, name="one_time_done"),
    path("objection/<str:token>/", decide.object_by_mail_link, name="objection"),
    path("objected/", decide.objection_done, name="objection_done"),
]

secretariat: list[URLPattern | URLResolver] = [
    path("asking/", calls.edit_asking_table, name="asking"),
    path("asking/groups/new/", calls.edit_asking_group, name="asking_group_new"),
    path("asking/groups/<uuid:group>/", calls.edit_asking_group, name="asking_group"),
    path("asking/groups/<uuid:group>/remove/", calls.remove_asking_group, name="asking_group_remove"),
]
