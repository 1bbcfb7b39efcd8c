"""The desk, and the pages behind a donor's link."""
