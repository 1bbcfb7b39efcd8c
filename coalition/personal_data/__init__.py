"""Personal data of people outside the coalition, in a separate database if one is configured."""
