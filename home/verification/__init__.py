"""What readers get of publications, compared with their record (`documents.publication.verification`)."""
