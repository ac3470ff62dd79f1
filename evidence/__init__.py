"""Files that are handed in as evidence: what they are, where they are kept, whether they are safe. No database."""
