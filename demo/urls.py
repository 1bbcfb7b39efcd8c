"""URL patterns of the demo: its start page and the style guide, followed by those of the product.

The development settings name this module as `ROOT_URLCONF` where `DEMO` is on.
"""

from django.urls import URLPattern, URLResolver, path

from coalition import urls as product
from demo.views import start, style_guide

handler404 = product.handler404
handler500 = product.handler500

demo_urls: list[URLPattern | URLResolver] = [
    path("demo/", start.start, name="demo_start"),
    path("demo/sign-in/", start.sign_in, name="demo_sign_in"),
    path("styleguide/", style_guide.style_guide, name="styleguide"),
]
urlpatterns: list[URLPattern | URLResolver] = [*demo_urls, *product.urlpatterns]
