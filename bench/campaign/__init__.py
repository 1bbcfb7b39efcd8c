"""The group `campaign`: an appeal under nationwide load, on PostgreSQL."""

from bench.campaign.run import measure

__all__ = ["measure"]
