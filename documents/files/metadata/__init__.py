"""Remove metadata from files before they leave in public: people, places, programs, times, old versions."""
