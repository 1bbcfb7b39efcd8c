"""Counters: what people did, in columns that are never added up."""
