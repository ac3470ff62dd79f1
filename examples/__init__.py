"""The example: a made-up bureau (临岚市民政局), its roster and its responsibility list of 2026, in Excel and in Word."""

from pathlib import Path

YEAR = 2026
ROSTER = Path(__file__).with_name("roster.xlsx")
LIST_WORKBOOK = Path(__file__).with_name("list-2026.xlsx")
LIST_DOCUMENT = Path(__file__).with_name("list-2026.docx")
