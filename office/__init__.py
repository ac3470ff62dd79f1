"""What every room knows: the national calendar of working days, the two languages, and how a refusal is said."""
