"""What several capabilities of campaigns need."""
