"""Addresses of approvals and publications in the members' area; part of the namespace `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents.views import deciding, publications, rounds

approval_urls: list[URLPattern | URLResolver] = [
    path("<uuid:workspace>/rounds/", rounds.rounds, name="rounds"),
    path("drafts/<uuid:draft>/put/", rounds.put, name="put"),
    path("rounds/<uuid:round_uuid>/", rounds.round_page, name="round"),
    path("rounds/<uuid:round_uuid>/renew/", rounds.renew_versions, name="renew"),
    path("rounds/<uuid:round_uuid>/close/", rounds.close, name="close_round"),
    path("rounds/<uuid:round_uuid>/publish/", publications.publish_round, name="publish"),
    path("rounds/<uuid:round_uuid>/decide/", deciding.decide, name="decide"),
    path("rounds/<uuid:round_uuid>/decide/<uuid:organisation>/", deciding.decide, name="decide_for"),
    path(
        "rounds/<uuid:round_uuid>/decide/<uuid:organisation>/approve/", deciding.approve_words, name="approve"
    ),
    path("rounds/<uuid:round_uuid>/decide/<uuid:organisation>/changes/", deciding.ask, name="ask_changes"),
    path("rounds/<uuid:round_uuid>/pictures/<uuid:file>/", deciding.picture, name="round_picture"),
]

publication_urls: list[URLPattern | URLResolver] = [
    path("<uuid:workspace>/publications/", publications.publications, name="publications"),
    path("publications/<uuid:publication>/", publications.publication_page, name="publication"),
    path("publications/<uuid:publication>/withdraw/", publications.withdraw_page, name="withdraw"),
]
