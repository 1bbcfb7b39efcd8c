"""`{% asks_link appeal %}`: on the public page of an appeal, the way to what became of its demands."""

from typing import Any

from django import template

from coalition.campaigns.appeals.models import Appeal
from coalition.campaigns.asks.queries import count_public_asks

register = template.Library()


@register.inclusion_tag("campaigns/asks/_public.html")
def asks_link(appeal: Appeal) -> dict[str, Any]:
    """One query."""
    return {"appeal": appeal, "count": count_public_asks(appeal)}
