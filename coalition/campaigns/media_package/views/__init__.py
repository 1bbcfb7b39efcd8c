"""Views of media packages."""
