"""`{% drawn "part.html" with a=b … %}`: as `{% include … only %}`, drawn once for each set of values."""

from typing import Any

from django.conf import settings
from django.template import Context, Engine, Library, TemplateSyntaxError
from django.template.base import Node, Parser, Token
from django.template.loader_tags import IncludeNode, do_include
from django.utils.safestring import SafeString
from django.utils.timezone import get_current_timezone_name
from django.utils.translation import get_language

from home.fragment_cache import key_of, parts

register = Library()


class DrawnNode(Node):
    """Asks `home.fragment_cache` for the part, and draws it as an include where it was not drawn before."""

    def __init__(self, include: IncludeNode) -> None:
        self.include = include
        self.name: str = include.template.var
        self.given = tuple(include.extra_context.items())
        self.names = tuple(include.extra_context)

    def render(self, context: Context) -> SafeString:
        values = {name: given.resolve(context) for name, given in self.given}
        if settings.DEBUG:  # its template may have been changed
            return self._draw(context, values)
        around = get_language(), get_current_timezone_name(), context.autoescape
        key = self.name, self.names, around, tuple([key_of(one) for one in values.values()])
        return parts.get(key, lambda: self._draw(context, values))

    def _draw(self, context: Context, values: dict[str, Any]) -> SafeString:
        template = Engine.get_default().get_template(self.name)
        return template.render(context.new(values))


@register.tag
def drawn(parser: Parser, token: Token) -> DrawnNode:
    """Raises `TemplateSyntaxError` if the template is not named in quotes."""
    include = do_include(
        parser, Token(token.token_type, f"{token.contents} only", token.position, token.lineno)
    )
    if not isinstance(include.template.var, str):
        raise TemplateSyntaxError("drawn: the template's name stands in quotes.")
    return DrawnNode(include)
