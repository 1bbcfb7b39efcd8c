"""The public site as a folder of files, for use where it is blocked or offline."""
