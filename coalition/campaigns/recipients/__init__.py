"""Recipients: bodies and the people in them to whom cards and letters go. Imported data with a source."""
