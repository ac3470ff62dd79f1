"""What is said and how it gets there: messages, the ledger, SMTP."""
