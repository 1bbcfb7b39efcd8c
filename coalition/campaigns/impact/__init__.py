"""What became of a campaign: figures on four rungs, for the coalition, an organisation and a donor."""
