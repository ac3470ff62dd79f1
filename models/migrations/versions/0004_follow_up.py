"""Follow-up: policies, notices, preferences, progress, meetings."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Open duties of a database that is upgraded are looked at on the first run.
    op.add_column("assignments", sa.Column("follow_up_on", sa.Date(), server_default=sa.text("'2000-01-01'"), nullable=True))
    op.create_index(op.f("ix_assignments_follow_up_on"), "assignments", ["follow_up_on"])
    op.create_index(op.f("ix_messages_person_id_due_at"), "messages", ["person_id", "due_at"])
    op.create_index(op.f("ix_messages_kind_queued_at"), "messages", ["kind", "queued_at"])
    op.create_table(
        "policies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policies")),
        sa.UniqueConstraint("digest", name=op.f("uq_policies_digest")),
    )
    op.create_table(
        "policy_terms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("policy_id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=50), nullable=False),
        sa.ForeignKeyConstraint(["list_id"], ["responsibility_lists.id"], name=op.f("fk_policy_terms_list_id")),
        sa.ForeignKeyConstraint(["policy_id"], ["policies.id"], name=op.f("fk_policy_terms_policy_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_terms")),
        sa.UniqueConstraint("list_id", "from_on", name=op.f("uq_policy_terms_list_id_from_on")),
    )
    op.create_table(
        "notices",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("clock", sa.String(length=20), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("stage", sa.String(length=30), nullable=False),
        sa.Column("owed_on", sa.Date(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("colour", sa.String(length=10), nullable=False),
        sa.Column("told", sa.String(length=200), nullable=False),
        sa.Column("skipped", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"], name=op.f("fk_notices_assignment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notices")),
        sa.UniqueConstraint("assignment_id", "clock", "from_on", "stage", name=op.f("uq_notices_assignment_id_clock_from_on_stage")),
    )
    op.create_table(
        "notice_copies",
        sa.Column("notice_id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["notice_id"], ["notices.id"], name=op.f("fk_notice_copies_notice_id")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_notice_copies_message_id")),
        sa.PrimaryKeyConstraint("notice_id", "message_id", name=op.f("pk_notice_copies")),
    )
    op.create_index(op.f("ix_notice_copies_message_id"), "notice_copies", ["message_id"])
    op.create_table(
        "follow_up_runs",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("on_day", sa.Date(), nullable=False),
        sa.Column("grounds", sa.String(length=64), nullable=False),
        sa.Column("looked_at", sa.Integer(), nullable=False),
        sa.Column("notices", sa.Integer(), nullable=False),
        sa.Column("mails", sa.Integer(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_follow_up_runs")),
    )
    op.create_index(op.f("ix_follow_up_runs_on_day"), "follow_up_runs", ["on_day"])
    op.create_table(
        "preferences",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("skipped_warnings", sa.JSON(), nullable=False),
        sa.Column("in_the_afternoon", sa.Boolean(), nullable=False),
        sa.Column("informed", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_preferences_person_id")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("pk_preferences")),
    )
    op.create_table(
        "progress_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("assignment_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.String(length=50), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"], name=op.f("fk_progress_notes_assignment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_progress_notes")),
    )
    op.create_index(op.f("ix_progress_notes_assignment_id_at"), "progress_notes", ["assignment_id", "at"])
    op.create_table(
        "regular_meetings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["list_id"], ["responsibility_lists.id"], name=op.f("fk_regular_meetings_list_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_regular_meetings")),
        sa.UniqueConstraint("held_on", name=op.f("uq_regular_meetings_held_on")),
    )
