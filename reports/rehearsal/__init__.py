"""The report of a rehearsed year, on one page: Markdown, HTML with charts, JSON. Says figures of `engine.rehearsal_figures`, adds none."""
