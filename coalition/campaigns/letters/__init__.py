"""Letters to deputies: people write with their own programs; answers are recorded and published."""
