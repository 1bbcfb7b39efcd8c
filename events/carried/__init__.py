"""Documents that people carry on the day, as PDF in their language."""
