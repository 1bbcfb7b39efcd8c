"""What volunteers do if police come, unless the workspace has other words."""

from django.utils.translation import gettext as _, override

from coalition.core.localized_text import LocalizedText, language_codes


def default_police_words() -> LocalizedText:
    """Return the instructions in every language of the site, one sentence a line."""
    texts = {}
    for code in language_codes():
        with override(code):
            texts[code] = "\n".join(_sentences())
    return LocalizedText(texts)


def _sentences() -> list[str]:
    return [
        _("Stay calm and polite. Do not argue and do not resist."),
        _("Say who you are and which organisation you are from. Show the permission of the owner."),
        _("Call the duty telephone at once, and say where you are."),
        _("Stop collecting while they talk to you. People who came to the table may leave at any time."),
        _("Do not photograph or film supporters, and do not write down who they are."),
        _("Note names, badge numbers and what they ask for. Sign nothing before you talk to the lawyer."),
        _("If they tell you to leave: pack up, leave, and tell the duty telephone."),
    ]
