"""The public site as a folder of files, for places where it is blocked or there is no network."""
