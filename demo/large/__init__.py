"""The large demo: the small one many times over, for measuring the site at the size of a country."""
