"""What the office files and hands on: tables for Excel. Knows the formats, decides nothing."""
