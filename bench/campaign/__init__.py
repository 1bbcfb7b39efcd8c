"""The group `campaign`: an appeal while a country supports it, on PostgreSQL."""

from bench.campaign.run import measure

__all__ = ["measure"]
