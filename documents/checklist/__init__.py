"""The checklist before approval: a table of rules, and findings in words."""
