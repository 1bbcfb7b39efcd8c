"""Who does what: regions by actions, each cell an organisation with a promise. Never public."""
