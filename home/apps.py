from django.apps import AppConfig


class HomeConfig(AppConfig):
    name = "home"
    label = "home"
    verbose_name = "Public site"

    def ready(self) -> None:
        # Imported late: these registrations need loaded models.
        from coalition.campaigns.helplines.uses.pages import register_pages
        from coalition.core import earlier_database
        from documents.facts.queries import register_fact_pages
        from home import checks, demo_accounts, publication_pages, scheduling, signals, video_uploads
        from home.frontend_cache import pages_version
        from home.public_facts import places_of
        from home.public_helplines import pages_with
        from home.referral_targets import register_referral_targets
        from home.search import signals as search_signals
        from home.verification import registration

        earlier_database.register_refusal(self)
        checks.register_production_checks()
        demo_accounts.register_check()
        pages_version.register_write_watcher()
        scheduling.register_wagtail_clock()
        publication_pages.register_publication_presenter()
        signals.register_page_signals()
        search_signals.register_search_signals()
        registration.register_site_reader()
        register_fact_pages(places_of)
        register_pages(pages_with)
        video_uploads.register_video_uploads()
        register_referral_targets()
