"""What is looked at before a text is put to approval: rules as a table, findings in words."""
