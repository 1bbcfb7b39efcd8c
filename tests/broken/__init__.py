"""The product while something that it stands on is broken: processes of a test's own, on free ports."""
