"""The pages behind the links, asked in this process."""
