"""One encrypted file that holds the database and the files, and the way back from it."""
