"""When a person is to be forgotten, and when an organisation wants to have what is its own."""
