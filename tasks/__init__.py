"""The retried steps that flows share: read the clock, open one transaction, call the engine."""
