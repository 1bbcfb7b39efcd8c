from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "home"
    label = "home"
    verbose_name = "Public site"

    def ready(self) -> None:
        # Imported late: these registrations need loaded models.
        from coalition.campaigns.helplines.uses.pages import register_pages
        from coalition.campaigns.screenings.films import register_films
        from coalition.core.migrations_support import register_refusal
        from documents.facts.queries import register_fact_pages
        from home import checks, frontend_cache as signals, publication_pages
        from home.checks import register_check
        from home.consent import register_consent_kinds
        from home.frontend_cache import (
            register_referral_targets,
            register_wagtail_clock,
            register_write_watcher,
        )
        from home.models.films import live_films
        from home.news_mail import register_news_mail
        from home.newsroom_access import register_picture_policy
        from home.search.find import register_search_signals
        from home.sections import pages_with, places_of
        from home.verification import lists as registration
        from home.videos import register_video_uploads

        register_refusal(self)
        checks.register_production_checks()
        register_check()
        register_write_watcher()
        register_wagtail_clock()
        publication_pages.register_publication_presenter()
        signals.register_page_signals()
        register_search_signals()
        registration.register_site_reader()
        register_fact_pages(places_of)
        register_pages(pages_with)
        register_video_uploads()
        register_referral_targets()
        register_films(live_films)
        register_consent_kinds()
        register_news_mail()
        register_picture_policy()
