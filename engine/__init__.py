"""The rules, one stage a file: pure decisions on top, then functions that load, decide and store."""
