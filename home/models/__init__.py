from home.models.image import PublicImage, PublicRendition

__all__ = ["PublicImage", "PublicRendition"]
