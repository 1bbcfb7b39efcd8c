"""Removal of metadata before files become public: people, places, programs, times, old versions."""
