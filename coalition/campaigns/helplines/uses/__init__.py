"""Numbers of the register on posters, clips, cards and articles: planned, confirmed as staffed, flagged."""
