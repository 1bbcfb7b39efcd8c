"""Paper sheets: numbered, printed with the text of an appeal and an organisation's code, returned or lost."""
