"""Support in person: tables, paper sheets, and counting them by two."""
