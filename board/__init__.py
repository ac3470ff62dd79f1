"""The Prefect UI as the officer's board: assignments shown as flow runs, and what is decided there read back."""
