"""How .xlsx, .docx and .csv are opened: each becomes grids of rows with addressed cells, or paragraphs. Nothing is understood yet."""
