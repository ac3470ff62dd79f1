"""What the follow-up should have said, worked out a second time from the bare facts, and compared with its ledger.

Knows the tables, the calendar and the policy file; nothing of how the follow-up decides, so that the two cannot err together.
"""
