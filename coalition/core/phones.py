"""Telephone numbers as people write them."""


def dialled(number: str) -> str:
    """Return the number for a `tel:` link: its digits and its plus sign."""
    return "".join(sign for sign in number if sign.isdigit() or sign == "+")
