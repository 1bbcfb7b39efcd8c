"""The large demo: what the small one has, many times over, for seeing how the site bears a whole country."""
