"""Make a package and its items, add files, publish the page."""
