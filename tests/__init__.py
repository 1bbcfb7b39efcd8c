"""Makes `tests` this project's own, whatever an installed package ships under that name."""
