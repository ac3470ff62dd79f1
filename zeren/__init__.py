"""The shell: command line, settings, database sessions, clock, demo."""
