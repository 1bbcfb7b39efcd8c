"""What is known of people outside the coalition, in a database of its own where the operator gave it one."""
