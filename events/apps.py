from django.apps import AppConfig


class EventsConfig(AppConfig):
    """Press conferences, exhibitions and calendars."""

    name = "events"
    label = "events"

    def ready(self) -> None:
        # Only now are the models there that these registrations need.
        from coalition import live
        from coalition.audit.words import register_actions
        from coalition.clock import due
        from coalition.outbox import mail
        from coalition.workspaces.activity_words import register_words
        from coalition.workspaces.desk import coming_sources, waiting_sources
        from documents.presenters import register_presenter
        from events import desk, notification_kinds, running_topics
        from events.domain import (
            approved,
            bring_in,
            invite,
            keep,
            mail_out_letters,
            media_list,
            refresh,
            tasks,
            trail,
        )
        from events.domain.import_contacts import forget_old_sheets
        from events.wording import intake as intake_words
        from events.wording import trail as trail_words

        register_words(trail_words.ACTIVITIES, links={"event": "events:event"})
        register_actions(trail_words.ACTIONS)
        waiting_sources.append(desk.hosting_asked)
        coming_sources.append(desk.events_coming)
        notification_kinds.register()
        keep.register()
        register_presenter(approved.published, approved.withdrawn)
        trail.on_change(invite.tell_invited)
        trail.on_change(tasks.follow_event)
        due.register(tasks.REMIND, tasks.remind)
        waiting_sources.append(desk.tasks_due)
        live.register_topic(running_topics.KIND, running_topics.may_hear, running_topics.last_id)
        register_actions(intake_words.ACTIONS)
        mail.register_sort(mail_out_letters.KEY, mail_out_letters.SORT)
        due.register(mail_out_letters.SEND, mail_out_letters.write_due)
        due.register(media_list.FORGET, media_list.forget_due)
        due.recur("events.forget_contact_sheets", forget_old_sheets, every=media_list.DAY)
        due.register(bring_in.READ, refresh.run_reading)
        due.recur("events.refresh_partner_calendars", refresh.refresh_due, every=refresh.LOOK)
