"""Media packages: ready-made material that outlets take, air and print."""
