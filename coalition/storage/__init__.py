"""Where files are kept: the disk of this machine, or objects on S3. A file is there whole, or not at all."""
