"""File storage: a local disk, or objects on S3. Files are stored atomically."""
