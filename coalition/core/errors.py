"""Refusing in words."""

from django.utils.functional import Promise


class Refused(Exception):
    """Something that the state of things does not allow, with the reason in words for the person.

    `message` is a sentence in the language that is active when it is read; `params` fill its named
    placeholders. Nothing has been changed when it is raised. For who may do what there is `NotAllowed`.
    """

    def __init__(self, message: str | Promise, **params: object) -> None:
        self.template = message
        self.params = params
        super().__init__(message)

    @property
    def message(self) -> str:
        template = str(self.template)
        return template % self.params if self.params else template

    def __str__(self) -> str:
        return self.message
