"""What a station would refuse: files are measured; and copies that are made of a master."""
