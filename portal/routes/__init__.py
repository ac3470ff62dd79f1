"""What can be opened and done, one matter a file."""
