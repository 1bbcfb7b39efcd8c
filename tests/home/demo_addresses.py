"""The addresses as the demo has them."""

from coalition.urls import handler404, handler500
from coalition.urls import urlpatterns as always
from home.urls import demo_urls

__all__ = ["handler404", "handler500", "urlpatterns"]

urlpatterns = [*demo_urls, *always]
