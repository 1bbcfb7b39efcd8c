"""The coalition's glossary in three languages; docs/glossary.md describes the matcher of the editor."""
