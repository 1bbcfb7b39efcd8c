"""Messages of the check-in page, also available offline; placeholders are in braces."""

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

_TIME_PLACEHOLDER = {"time": "{time}"}
_TIME_AND_OTHER_PLACEHOLDERS = {"time": "{time}", "other": "{other}"}


def phone_messages() -> dict[str, str]:
    """Return all messages by the script's keys."""
    return _code_messages() | _sync_messages() | _device_messages()


def _code_messages() -> dict[str, str]:
    return {
        "here": pgettext("at the door", "Is here now"),
        "before": _("Was here since %(time)s") % _TIME_PLACEHOLDER,
        "unknown": pgettext("at the door", "Not known"),
        "unknown_offline": _(
            "This phone’s list is from %(time)s. Ask for the name, or try again with a connection."
        )
        % _TIME_PLACEHOLDER,
        "unknown_why": _("Nobody of this event has this code. Look whether it was typed as it stands there."),
        "withdrawn": pgettext("at the door", "Was withdrawn"),
        "withdrawn_why": _("They said that they do not come."),
        "no_place": pgettext("at the door", "Has no place"),
        "no_place_why": _("The organisers gave the place to somebody else."),
        "taken_back": pgettext("at the door", "Taken back"),
        "kept": _("Kept on this phone until there is a connection."),
        "sent": _("The server knows of it."),
        "other_phone": _("Another phone ticked them off at %(other)s.") % _TIME_AND_OTHER_PLACEHOLDERS,
    }


def _sync_messages() -> dict[str, str]:
    return {
        "told_before": _("Ticked here at %(time)s: another phone was first, at %(other)s.")
        % _TIME_AND_OTHER_PLACEHOLDERS,
        "told_also": _("Ticked here at %(time)s: another phone did it too, at %(other)s.")
        % _TIME_AND_OTHER_PLACEHOLDERS,
        "told_withdrawn": _("Ticked here at %(time)s: they had withdrawn. They are not on the list.")
        % _TIME_PLACEHOLDER,
        "told_no_place": _("Ticked here at %(time)s: they had lost their place. They are not on the list.")
        % _TIME_PLACEHOLDER,
        "told_unknown": _("Ticked here at %(time)s: the server does not know them any more.")
        % _TIME_PLACEHOLDER,
    }


def _device_messages() -> dict[str, str]:
    return {
        "online": pgettext("connection", "Online"),
        "offline": pgettext("connection", "Offline"),
        "waiting": _("Not sent yet: %(number)s") % {"number": "{number}"},
        "all_sent": _("Everything is sent"),
        "last": _("Last sent at %(time)s") % _TIME_PLACEHOLDER,
        "count": _("%(here)s of %(confirmed)s are here") % {"here": "{here}", "confirmed": "{confirmed}"},
        "signed_out": _(
            "You are signed out. What you ticked is kept here until you sign in again; the list is not."
        ),
        "ended": _("You stand at this door no longer. Nothing is kept on this phone."),
        "over": _("The event is over. The list is not on this phone any more."),
        "forgotten": _("Nothing is kept on this phone."),
        "loading": _("The list is being fetched …"),
        "no_list": _("Without a connection this phone has no list yet."),
        "not_here": _("This browser can keep nothing safely. Use the list of names."),
        "no_camera": _("The camera cannot be used. Type the code, or allow the camera in the browser."),
    }
