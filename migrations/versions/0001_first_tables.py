"""First tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('event',
    sa.Column('number', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('actor_id', sa.Uuid(), nullable=True),
    sa.Column('call_id', sa.Uuid(), nullable=True),
    sa.Column('subject_kind', sa.String(length=40), nullable=False),
    sa.Column('subject_id', sa.Uuid(), nullable=False),
    sa.Column('step', sa.String(length=60), nullable=False),
    sa.Column('details', sa.JSON(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.Column('reason_salt', sa.String(length=64), nullable=True),
    sa.Column('reason_digest', sa.String(length=64), nullable=True),
    sa.Column('previous_digest', sa.String(length=64), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('number', name=op.f('pk_event')),
    sa.UniqueConstraint('digest', name=op.f('uq_event_digest'))
    )
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_event_actor_id'), ['actor_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_event_call_id'), ['call_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_event_subject_id'), ['subject_id'], unique=False)

    op.create_table('event_chain',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last_number', sa.BigInteger(), nullable=False),
    sa.Column('last_digest', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_event_chain'))
    )
    op.create_table('fund',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('organisation_name', sa.String(length=200), nullable=False),
    sa.Column('org_identifier', sa.String(length=80), nullable=False),
    sa.Column('publisher_prefix', sa.String(length=40), nullable=False),
    sa.Column('contact_phone', sa.String(length=40), nullable=False),
    sa.Column('contact_email', sa.String(length=254), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fund')),
    sa.UniqueConstraint('code', name=op.f('uq_fund_code'))
    )
    op.create_table('organisation',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('name', sa.String(length=200), nullable=False),
    sa.Column('legal_form', sa.Enum('unconstituted', 'unincorporated', 'cio', 'cic', 'casc', 'charitable_company', 'company', 'other', name='legalform', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('charity_number', sa.String(length=20), nullable=True),
    sa.Column('company_number', sa.String(length=20), nullable=True),
    sa.Column('annual_income', sa.Numeric(precision=12, scale=2), nullable=True),
    sa.Column('borough', sa.String(length=60), nullable=True),
    sa.Column('is_umbrella', sa.Boolean(), nullable=False),
    sa.Column('is_confidential', sa.Boolean(), nullable=False),
    sa.Column('is_first_time', sa.Boolean(), nullable=False),
    sa.Column('public_id', sa.String(length=40), nullable=False),
    sa.CheckConstraint('annual_income >= 0', name=op.f('ck_organisation_income_not_negative')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation')),
    sa.UniqueConstraint('public_id', name=op.f('uq_organisation_public_id'))
    )
    op.create_table('outbox_job',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('arguments', sa.JSON(), nullable=False),
    sa.Column('due_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('attempts', sa.Integer(), nullable=False),
    sa.Column('leased_until', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('given_up_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_error', sa.String(length=200), nullable=True),
    sa.Column('once_key', sa.String(length=160), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_outbox_job')),
    sa.UniqueConstraint('once_key', name=op.f('uq_outbox_job_once_key'))
    )
    with op.batch_alter_table('outbox_job', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_outbox_job_done_at'), ['done_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_outbox_job_due_at'), ['due_at'], unique=False)

    op.create_table('try_count',
    sa.Column('key', sa.String(length=160), nullable=False),
    sa.Column('window_starts_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('key', 'window_starts_at', name=op.f('pk_try_count'))
    )
    op.create_table('user',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('email', sa.String(length=254), nullable=False),
    sa.Column('name', sa.String(length=120), nullable=False),
    sa.Column('language', sa.String(length=20), nullable=False),
    sa.Column('is_staff', sa.Boolean(), nullable=False),
    sa.Column('is_disabled', sa.Boolean(), nullable=False),
    sa.Column('passphrase_hash', sa.String(length=200), nullable=True),
    sa.Column('totp_secret', sa.String(length=64), nullable=True),
    sa.Column('totp_last_step', sa.BigInteger(), nullable=True),
    sa.Column('sessions_valid_from', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('email = lower(email)', name=op.f('ck_user_email_lower_case')),
    sa.CheckConstraint('passphrase_hash IS NULL OR is_staff', name=op.f('ck_user_passphrase_for_staff_only')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user')),
    sa.UniqueConstraint('email', name=op.f('uq_user_email'))
    )
    op.create_table('call',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('fund_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('status', sa.Enum('draft', 'co_design', 'published', 'open', 'closed', 'deciding', 'decided', 'monitoring', 'archived', name='callstatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['fund_id'], ['fund.id'], name=op.f('fk_call_fund_id_fund')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call')),
    sa.UniqueConstraint('code', name=op.f('uq_call_code'))
    )
    with op.batch_alter_table('call', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_call_fund_id'), ['fund_id'], unique=False)

    op.create_table('fund_role',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('fund_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('manager', 'finance', 'admin', name='fundrolekind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.ForeignKeyConstraint(['fund_id'], ['fund.id'], name=op.f('fk_fund_role_fund_id_fund')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_fund_role_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_fund_role')),
    sa.UniqueConstraint('fund_id', 'user_id', 'kind', name=op.f('uq_fund_role_fund_id_user_id_kind'))
    )
    with op.batch_alter_table('fund_role', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_fund_role_fund_id'), ['fund_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_fund_role_user_id'), ['user_id'], unique=False)

    op.create_table('message',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('recipient_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=60), nullable=False),
    sa.Column('arguments', sa.JSON(), nullable=False),
    sa.Column('language', sa.String(length=20), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('subject', sa.String(length=200), nullable=True),
    sa.Column('body', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['recipient_id'], ['user.id'], name=op.f('fk_message_recipient_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_message'))
    )
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_message_recipient_id'), ['recipient_id'], unique=False)

    op.create_table('organisation_member',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('right', sa.Enum('view', 'edit', 'submit', name='memberright', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_organisation_member_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_organisation_member_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_organisation_member')),
    sa.UniqueConstraint('organisation_id', 'user_id', name=op.f('uq_organisation_member_organisation_id_user_id'))
    )
    with op.batch_alter_table('organisation_member', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_organisation_member_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_organisation_member_user_id'), ['user_id'], unique=False)

    op.create_table('sign_in_code',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=True),
    sa.Column('code_digest', sa.String(length=64), nullable=False),
    sa.Column('browser_digest', sa.String(length=64), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('tries', sa.Integer(), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_sign_in_code_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_code'))
    )
    with op.batch_alter_table('sign_in_code', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_sign_in_code_browser_digest'), ['browser_digest'], unique=False)

    op.create_table('user_session',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('token_digest', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=True),
    sa.Column('data', sa.JSON(), nullable=False),
    sa.Column('last_seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('signed_in_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('proved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('is_shared_device', sa.Boolean(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_user_session_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_user_session')),
    sa.UniqueConstraint('token_digest', name=op.f('uq_user_session_token_digest'))
    )
    with op.batch_alter_table('user_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_user_session_expires_at'), ['expires_at'], unique=False)
        batch_op.create_index(batch_op.f('ix_user_session_user_id'), ['user_id'], unique=False)

    op.create_table('by_and_for_claim',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('community', sa.Enum('by_and_for', 'migrant', name='community', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('status', sa.Enum('declared', 'checked', 'confirmed', 'not_met', name='claimstatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.CheckConstraint("status <> 'not_met' OR reason IS NOT NULL", name=op.f('ck_by_and_for_claim_not_met_says_why')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_by_and_for_claim_call_id_call')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_by_and_for_claim_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_by_and_for_claim')),
    sa.UniqueConstraint('organisation_id', 'call_id', 'community', name=op.f('uq_by_and_for_claim_organisation_id_call_id_community'))
    )
    with op.batch_alter_table('by_and_for_claim', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_by_and_for_claim_call_id'), ['call_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_by_and_for_claim_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('call_version',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('frozen_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_call_version_call_id_call')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_call_version')),
    sa.UniqueConstraint('call_id', 'number', name=op.f('uq_call_version_call_id_number'))
    )
    with op.batch_alter_table('call_version', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_call_version_call_id'), ['call_id'], unique=False)

    op.create_table('codesign_point',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('session_key', sa.String(length=40), nullable=True),
    sa.Column('topic', sa.Enum('who_can_apply', 'form', 'decision', 'money', 'reporting', 'support', 'safety', 'language', name='topic', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('said_by', sa.JSON(), nullable=False),
    sa.Column('said', sa.JSON(), nullable=False),
    sa.Column('response', sa.Enum('did', 'did_partly', 'did_not', 'cannot_yet', name='codesignresponse', native_enum=False, create_constraint=True, length=40), nullable=True),
    sa.Column('reason', sa.JSON(), nullable=True),
    sa.Column('what_changed', sa.JSON(), nullable=True),
    sa.Column('changed', sa.JSON(), nullable=False),
    sa.Column('decided_by', sa.JSON(), nullable=True),
    sa.Column('decided_on', sa.Date(), nullable=True),
    sa.Column('next_review', sa.Date(), nullable=True),
    sa.Column('added_by_id', sa.Uuid(), nullable=True),
    sa.Column('published_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint('response IS NULL OR (reason IS NOT NULL AND decided_by IS NOT NULL AND decided_on IS NOT NULL)', name=op.f('ck_codesign_point_an_answer_says_why_who_when')),
    sa.ForeignKeyConstraint(['added_by_id'], ['user.id'], name=op.f('fk_codesign_point_added_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_codesign_point_call_id_call')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_codesign_point')),
    sa.UniqueConstraint('call_id', 'key', name=op.f('uq_codesign_point_call_id_key'))
    )
    with op.batch_alter_table('codesign_point', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_codesign_point_call_id'), ['call_id'], unique=False)

    op.create_table('codesign_session',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('held_on', sa.Date(), nullable=False),
    sa.Column('content', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_codesign_session_call_id_call')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_codesign_session')),
    sa.UniqueConstraint('call_id', 'key', name=op.f('uq_codesign_session_call_id_key'))
    )
    with op.batch_alter_table('codesign_session', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_codesign_session_call_id'), ['call_id'], unique=False)

    op.create_table('conflict_of_interest',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('response', sa.Enum('note', 'no_scoring', 'leave_room', name='conflictresponse', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('source', sa.String(length=40), nullable=False),
    sa.Column('reason', sa.Text(), nullable=True),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_conflict_of_interest_call_id_call')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_conflict_of_interest_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_conflict_of_interest_user_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_conflict_of_interest')),
    sa.UniqueConstraint('user_id', 'call_id', 'organisation_id', name=op.f('uq_conflict_of_interest_user_id_call_id_organisation_id'))
    )
    with op.batch_alter_table('conflict_of_interest', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_conflict_of_interest_call_id'), ['call_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_conflict_of_interest_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_conflict_of_interest_user_id'), ['user_id'], unique=False)

    op.create_table('round',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('code', sa.String(length=20), nullable=False),
    sa.Column('opens_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('eoi_closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('full_closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('scoring_opens_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('scoring_closes_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('panel_meets_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('told_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('grace_minutes', sa.Integer(), nullable=False),
    sa.CheckConstraint('opens_at < eoi_closes_at AND eoi_closes_at < full_closes_at', name=op.f('ck_round_dates_in_order')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_round_call_id_call')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_round')),
    sa.UniqueConstraint('call_id', 'code', name=op.f('uq_round_call_id_code'))
    )
    with op.batch_alter_table('round', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_round_call_id'), ['call_id'], unique=False)

    op.create_table('application',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('call_version_id', sa.Uuid(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('started_by_id', sa.Uuid(), nullable=True),
    sa.Column('stage', sa.Enum('eoi', 'full', name='applicationstage', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('status', sa.Enum('draft', 'submitted', 'eligible', 'ineligible', 'in_review', 'clarifying', 'at_panel', 'in_principle', 'reserve', 'declined', 'withdrawn', name='applicationstatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('strand_code', sa.String(length=20), nullable=True),
    sa.Column('amount_requested', sa.Numeric(precision=12, scale=2), nullable=True),
    sa.Column('language', sa.String(length=20), nullable=False),
    sa.Column('is_confidential', sa.Boolean(), nullable=False),
    sa.Column('needs_host', sa.Boolean(), nullable=False),
    sa.Column('eligibility_answers', sa.JSON(), nullable=False),
    sa.Column('eoi_submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('submitted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('receipt', sa.String(length=20), nullable=True),
    sa.Column('group_told_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('minutes_taken', sa.Integer(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("stage = 'eoi' OR eoi_submitted_at IS NOT NULL", name=op.f('ck_application_full_stage_after_the_first')),
    sa.CheckConstraint("status IN ('draft', 'withdrawn') OR (submitted_at IS NOT NULL AND receipt IS NOT NULL)", name=op.f('ck_application_receipt_once_submitted')),
    sa.CheckConstraint('amount_requested > 0', name=op.f('ck_application_amount_positive')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_application_call_id_call')),
    sa.ForeignKeyConstraint(['call_version_id'], ['call_version.id'], name=op.f('fk_application_call_version_id_call_version')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_application_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_application_round_id_round')),
    sa.ForeignKeyConstraint(['started_by_id'], ['user.id'], name=op.f('fk_application_started_by_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_application')),
    sa.UniqueConstraint('receipt', name=op.f('uq_application_receipt')),
    sa.UniqueConstraint('round_id', 'organisation_id', name=op.f('uq_application_round_id_organisation_id'))
    )
    with op.batch_alter_table('application', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_application_call_id'), ['call_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_application_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_application_round_id'), ['round_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_application_status'), ['status'], unique=False)

    op.create_table('panel',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('quorum', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_panel_call_id_call')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_panel_round_id_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_panel')),
    sa.UniqueConstraint('round_id', name=op.f('uq_panel_round_id'))
    )
    with op.batch_alter_table('panel', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_panel_call_id'), ['call_id'], unique=False)

    op.create_table('ratification',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('ratified_by_id', sa.Uuid(), nullable=False),
    sa.Column('figures', sa.JSON(), nullable=False),
    sa.Column('override_reason', sa.Text(), nullable=True),
    sa.Column('released_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_ratification_call_id_call')),
    sa.ForeignKeyConstraint(['ratified_by_id'], ['user.id'], name=op.f('fk_ratification_ratified_by_id_user')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_ratification_round_id_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ratification')),
    sa.UniqueConstraint('round_id', name=op.f('uq_ratification_round_id'))
    )
    with op.batch_alter_table('ratification', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_ratification_call_id'), ['call_id'], unique=False)

    op.create_table('answer',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('question_key', sa.String(length=40), nullable=False),
    sa.Column('value', sa.JSON(), nullable=False),
    sa.Column('language', sa.String(length=20), nullable=True),
    sa.Column('rev', sa.Integer(), nullable=False),
    sa.Column('saved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('saved_by_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_answer_application_id_application')),
    sa.ForeignKeyConstraint(['saved_by_id'], ['user.id'], name=op.f('fk_answer_saved_by_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answer')),
    sa.UniqueConstraint('application_id', 'question_key', name=op.f('uq_answer_application_id_question_key'))
    )
    with op.batch_alter_table('answer', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_answer_application_id'), ['application_id'], unique=False)

    op.create_table('answer_revision',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('question_key', sa.String(length=40), nullable=False),
    sa.Column('value', sa.JSON(), nullable=False),
    sa.Column('language', sa.String(length=20), nullable=True),
    sa.Column('rev', sa.Integer(), nullable=True),
    sa.Column('once', sa.String(length=64), nullable=False),
    sa.Column('saved_by_id', sa.Uuid(), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_answer_revision_application_id_application')),
    sa.ForeignKeyConstraint(['saved_by_id'], ['user.id'], name=op.f('fk_answer_revision_saved_by_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_answer_revision')),
    sa.UniqueConstraint('application_id', 'question_key', 'once', name=op.f('uq_answer_revision_application_id_question_key_once'))
    )
    with op.batch_alter_table('answer_revision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_answer_revision_application_id'), ['application_id'], unique=False)

    op.create_table('application_helper',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('expires_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_application_helper_application_id_application')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_application_helper_user_id_user'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_application_helper')),
    sa.UniqueConstraint('application_id', 'user_id', name=op.f('uq_application_helper_application_id_user_id'))
    )
    with op.batch_alter_table('application_helper', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_application_helper_application_id'), ['application_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_application_helper_user_id'), ['user_id'], unique=False)

    op.create_table('award',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('call_id', sa.Uuid(), nullable=False),
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('amount', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('months', sa.Integer(), nullable=False),
    sa.Column('status', sa.Enum('in_principle', 'checks', 'agreement_sent', 'active', 'closing', 'completed', 'declined_by_grantee', 'withdrawn', 'terminated', name='awardstatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('is_confidential', sa.Boolean(), nullable=False),
    sa.Column('public_id', sa.String(length=60), nullable=False),
    sa.Column('public_title', sa.String(length=140), nullable=False),
    sa.Column('public_summary', sa.Text(), nullable=False),
    sa.Column('awarded_on', sa.Date(), nullable=False),
    sa.Column('starts_on', sa.Date(), nullable=True),
    sa.Column('accepted_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('agreement_digest', sa.String(length=64), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("status NOT IN ('active', 'closing', 'completed') OR accepted_at IS NOT NULL", name=op.f('ck_award_active_once_accepted')),
    sa.CheckConstraint('amount > 0', name=op.f('ck_award_amount_positive')),
    sa.CheckConstraint('months > 0', name=op.f('ck_award_months_positive')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_award_application_id_application')),
    sa.ForeignKeyConstraint(['call_id'], ['call.id'], name=op.f('fk_award_call_id_call')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_award_organisation_id_organisation')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_award_round_id_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award')),
    sa.UniqueConstraint('application_id', name=op.f('uq_award_application_id')),
    sa.UniqueConstraint('public_id', name=op.f('uq_award_public_id'))
    )
    with op.batch_alter_table('award', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_award_call_id'), ['call_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_award_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_award_round_id'), ['round_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_award_status'), ['status'], unique=False)

    op.create_table('clarification',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('criterion_key', sa.String(length=40), nullable=True),
    sa.Column('question', sa.Text(), nullable=False),
    sa.Column('asked_by_id', sa.Uuid(), nullable=True),
    sa.Column('answer', sa.Text(), nullable=True),
    sa.Column('answered_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_clarification_application_id_application')),
    sa.ForeignKeyConstraint(['asked_by_id'], ['user.id'], name=op.f('fk_clarification_asked_by_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_clarification'))
    )
    with op.batch_alter_table('clarification', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_clarification_application_id'), ['application_id'], unique=False)

    op.create_table('decision',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('round_id', sa.Uuid(), nullable=False),
    sa.Column('outcome', sa.Enum('award', 'reserve', 'decline', name='outcome', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('amount', sa.Numeric(precision=12, scale=2), nullable=True),
    sa.Column('reserve_position', sa.Integer(), nullable=True),
    sa.Column('is_fundable', sa.Boolean(), nullable=False),
    sa.Column('is_by_hand', sa.Boolean(), nullable=False),
    sa.Column('reason', sa.Text(), nullable=False),
    sa.Column('rule_reason', sa.JSON(), nullable=True),
    sa.Column('ratified_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(outcome = 'award') = (amount IS NOT NULL)", name=op.f('ck_decision_only_awards_have_amounts')),
    sa.CheckConstraint("outcome <> 'reserve' OR reserve_position IS NOT NULL", name=op.f('ck_decision_reserve_has_a_place')),
    sa.CheckConstraint('amount > 0', name=op.f('ck_decision_amount_positive')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_decision_application_id_application')),
    sa.ForeignKeyConstraint(['round_id'], ['round.id'], name=op.f('fk_decision_round_id_round')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_decision')),
    sa.UniqueConstraint('application_id', name=op.f('uq_decision_application_id'))
    )
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_decision_round_id'), ['round_id'], unique=False)

    op.create_table('feedback',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('strengths', sa.Text(), nullable=False),
    sa.Column('to_improve', sa.Text(), nullable=False),
    sa.Column('sentences', sa.JSON(), nullable=False),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_feedback_application_id_application')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_feedback')),
    sa.UniqueConstraint('application_id', name=op.f('uq_feedback_application_id'))
    )
    op.create_table('panel_seat',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('panel_id', sa.Uuid(), nullable=False),
    sa.Column('user_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.Enum('umbrella', 'lived_experience', 'past_grantee', 'funder_officer', name='seatkind', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('nominated_by_id', sa.Uuid(), nullable=True),
    sa.Column('is_chair', sa.Boolean(), nullable=False),
    sa.Column('capacity', sa.Integer(), nullable=False),
    sa.Column('conflicts_declared_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("NOT is_chair OR kind <> 'funder_officer'", name=op.f('ck_panel_seat_funder_cannot_chair')),
    sa.CheckConstraint('capacity >= 0', name=op.f('ck_panel_seat_capacity_not_negative')),
    sa.ForeignKeyConstraint(['nominated_by_id'], ['organisation.id'], name=op.f('fk_panel_seat_nominated_by_id_organisation')),
    sa.ForeignKeyConstraint(['panel_id'], ['panel.id'], name=op.f('fk_panel_seat_panel_id_panel')),
    sa.ForeignKeyConstraint(['user_id'], ['user.id'], name=op.f('fk_panel_seat_user_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_panel_seat')),
    sa.UniqueConstraint('panel_id', 'user_id', name=op.f('uq_panel_seat_panel_id_user_id'))
    )
    with op.batch_alter_table('panel_seat', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_panel_seat_panel_id'), ['panel_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_panel_seat_user_id'), ['user_id'], unique=False)

    op.create_table('partner_share',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('amount', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('is_lead', sa.Boolean(), nullable=False),
    sa.CheckConstraint('amount > 0', name=op.f('ck_partner_share_share_positive')),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_partner_share_application_id_application')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_partner_share_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_partner_share')),
    sa.UniqueConstraint('application_id', 'organisation_id', name=op.f('uq_partner_share_application_id_organisation_id'))
    )
    with op.batch_alter_table('partner_share', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_partner_share_application_id'), ['application_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_partner_share_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('award_share',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('award_id', sa.Uuid(), nullable=False),
    sa.Column('organisation_id', sa.Uuid(), nullable=False),
    sa.Column('amount', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.CheckConstraint('amount > 0', name=op.f('ck_award_share_share_positive')),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_award_share_award_id_award')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_award_share_organisation_id_organisation')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_award_share')),
    sa.UniqueConstraint('award_id', 'organisation_id', name=op.f('uq_award_share_award_id_organisation_id'))
    )
    with op.batch_alter_table('award_share', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_award_share_award_id'), ['award_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_award_share_organisation_id'), ['organisation_id'], unique=False)

    op.create_table('check_in',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('award_id', sa.Uuid(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('status', sa.Enum('planned', 'offered', 'held', 'answered_by_funder', 'missed_rearranged', name='checkinstatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('held_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('answers', sa.JSON(), nullable=False),
    sa.Column('language', sa.String(length=20), nullable=True),
    sa.Column('minutes_taken', sa.Integer(), nullable=True),
    sa.Column('reply', sa.Text(), nullable=False),
    sa.Column('reply_due_on', sa.Date(), nullable=True),
    sa.Column('replied_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('replied_by_id', sa.Uuid(), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("status <> 'answered_by_funder' OR replied_at IS NOT NULL", name=op.f('ck_check_in_answered_has_a_reply')),
    sa.CheckConstraint("status NOT IN ('held', 'answered_by_funder') OR held_at IS NOT NULL", name=op.f('ck_check_in_held_has_a_time')),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_check_in_award_id_award')),
    sa.ForeignKeyConstraint(['replied_by_id'], ['user.id'], name=op.f('fk_check_in_replied_by_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_check_in')),
    sa.UniqueConstraint('award_id', 'kind', name=op.f('uq_check_in_award_id_kind'))
    )
    with op.batch_alter_table('check_in', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_check_in_award_id'), ['award_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_check_in_status'), ['status'], unique=False)

    op.create_table('check_item',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('award_id', sa.Uuid(), nullable=False),
    sa.Column('key', sa.String(length=40), nullable=False),
    sa.Column('done_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('done_by_id', sa.Uuid(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_check_item_award_id_award')),
    sa.ForeignKeyConstraint(['done_by_id'], ['user.id'], name=op.f('fk_check_item_done_by_id_user'), ondelete='SET NULL'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_check_item')),
    sa.UniqueConstraint('award_id', 'key', name=op.f('uq_check_item_award_id_key'))
    )
    with op.batch_alter_table('check_item', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_check_item_award_id'), ['award_id'], unique=False)

    op.create_table('instalment',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('award_id', sa.Uuid(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('amount', sa.Numeric(precision=12, scale=2), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('status', sa.Enum('planned', 'due', 'approved', 'paid', 'held', 'cancelled', name='instalmentstatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('check_in_kind', sa.String(length=40), nullable=True),
    sa.Column('approved_by_id', sa.Uuid(), nullable=True),
    sa.Column('paid_by_id', sa.Uuid(), nullable=True),
    sa.Column('paid_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(status = 'paid') = (paid_at IS NOT NULL)", name=op.f('ck_instalment_paid_has_a_time')),
    sa.CheckConstraint('amount > 0', name=op.f('ck_instalment_amount_positive')),
    sa.CheckConstraint('paid_by_id IS NULL OR approved_by_id IS NULL OR paid_by_id <> approved_by_id', name=op.f('ck_instalment_approver_is_not_payer')),
    sa.ForeignKeyConstraint(['approved_by_id'], ['user.id'], name=op.f('fk_instalment_approved_by_id_user')),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_instalment_award_id_award')),
    sa.ForeignKeyConstraint(['paid_by_id'], ['user.id'], name=op.f('fk_instalment_paid_by_id_user')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_instalment')),
    sa.UniqueConstraint('award_id', 'number', name=op.f('uq_instalment_award_id_number'))
    )
    with op.batch_alter_table('instalment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_instalment_award_id'), ['award_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_instalment_status'), ['status'], unique=False)

    op.create_table('marker',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('award_id', sa.Uuid(), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('dropped_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_marker_award_id_award')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_marker'))
    )
    with op.batch_alter_table('marker', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_marker_award_id'), ['award_id'], unique=False)

    op.create_table('review_assignment',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seat_id', sa.Uuid(), nullable=False),
    sa.Column('application_id', sa.Uuid(), nullable=False),
    sa.Column('voided_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['application_id'], ['application.id'], name=op.f('fk_review_assignment_application_id_application')),
    sa.ForeignKeyConstraint(['seat_id'], ['panel_seat.id'], name=op.f('fk_review_assignment_seat_id_panel_seat')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review_assignment')),
    sa.UniqueConstraint('seat_id', 'application_id', name=op.f('uq_review_assignment_seat_id_application_id'))
    )
    with op.batch_alter_table('review_assignment', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_review_assignment_application_id'), ['application_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_review_assignment_seat_id'), ['seat_id'], unique=False)

    op.create_table('marker_reading',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('marker_id', sa.Uuid(), nullable=False),
    sa.Column('check_in_id', sa.Uuid(), nullable=False),
    sa.Column('level', sa.Enum('not_yet', 'a_little', 'a_lot', 'went_back', 'not_right', name='markerlevel', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.ForeignKeyConstraint(['check_in_id'], ['check_in.id'], name=op.f('fk_marker_reading_check_in_id_check_in')),
    sa.ForeignKeyConstraint(['marker_id'], ['marker.id'], name=op.f('fk_marker_reading_marker_id_marker')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_marker_reading')),
    sa.UniqueConstraint('marker_id', 'check_in_id', name=op.f('uq_marker_reading_marker_id_check_in_id'))
    )
    with op.batch_alter_table('marker_reading', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_marker_reading_check_in_id'), ['check_in_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_marker_reading_marker_id'), ['marker_id'], unique=False)

    op.create_table('review',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('assignment_id', sa.Uuid(), nullable=False),
    sa.Column('private_note', sa.Text(), nullable=False),
    sa.Column('has_concern', sa.Boolean(), nullable=False),
    sa.Column('locked_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['assignment_id'], ['review_assignment.id'], name=op.f('fk_review_assignment_id_review_assignment')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_review')),
    sa.UniqueConstraint('assignment_id', name=op.f('uq_review_assignment_id'))
    )
    op.create_table('story',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('award_id', sa.Uuid(), nullable=False),
    sa.Column('check_in_id', sa.Uuid(), nullable=True),
    sa.Column('domain', sa.String(length=40), nullable=True),
    sa.Column('text', sa.Text(), nullable=False),
    sa.Column('language', sa.String(length=20), nullable=True),
    sa.Column('status', sa.Enum('private', 'shared_with_funder', 'consented', 'withdrawn', 'expired', name='storystatus', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['award_id'], ['award.id'], name=op.f('fk_story_award_id_award')),
    sa.ForeignKeyConstraint(['check_in_id'], ['check_in.id'], name=op.f('fk_story_check_in_id_check_in')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_story'))
    )
    with op.batch_alter_table('story', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_story_award_id'), ['award_id'], unique=False)

    op.create_table('score',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('review_id', sa.Uuid(), nullable=False),
    sa.Column('criterion_key', sa.String(length=40), nullable=False),
    sa.Column('value', sa.Integer(), nullable=True),
    sa.Column('cant_tell', sa.Boolean(), nullable=False),
    sa.Column('sentence', sa.Text(), nullable=False),
    sa.CheckConstraint('value IS NULL OR NOT cant_tell', name=op.f('ck_score_a_level_or_cant_tell')),
    sa.ForeignKeyConstraint(['review_id'], ['review.id'], name=op.f('fk_score_review_id_review')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_score')),
    sa.UniqueConstraint('review_id', 'criterion_key', name=op.f('uq_score_review_id_criterion_key'))
    )
    with op.batch_alter_table('score', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_score_review_id'), ['review_id'], unique=False)

    op.create_table('story_consent',
    sa.Column('id', sa.Uuid(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('story_id', sa.Uuid(), nullable=False),
    sa.Column('purpose', sa.String(length=40), nullable=False),
    sa.Column('identity', sa.Enum('named', 'group_only', 'no_names', name='identitylevel', native_enum=False, create_constraint=True, length=40), nullable=False),
    sa.Column('language', sa.String(length=20), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('given_by_id', sa.Uuid(), nullable=True),
    sa.Column('withdrawn_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['given_by_id'], ['user.id'], name=op.f('fk_story_consent_given_by_id_user'), ondelete='SET NULL'),
    sa.ForeignKeyConstraint(['story_id'], ['story.id'], name=op.f('fk_story_consent_story_id_story')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_story_consent')),
    sa.UniqueConstraint('story_id', 'purpose', name=op.f('uq_story_consent_story_id_purpose'))
    )
    with op.batch_alter_table('story_consent', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_story_consent_story_id'), ['story_id'], unique=False)


    # The chain of events starts here; its one row is what writers lock.
    op.execute(f"INSERT INTO event_chain (id, last_number, last_digest) VALUES (1, 0, '{'0' * 64}')")


def downgrade() -> None:
    with op.batch_alter_table('story_consent', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_story_consent_story_id'))

    op.drop_table('story_consent')
    with op.batch_alter_table('score', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_score_review_id'))

    op.drop_table('score')
    with op.batch_alter_table('story', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_story_award_id'))

    op.drop_table('story')
    op.drop_table('review')
    with op.batch_alter_table('marker_reading', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_marker_reading_marker_id'))
        batch_op.drop_index(batch_op.f('ix_marker_reading_check_in_id'))

    op.drop_table('marker_reading')
    with op.batch_alter_table('review_assignment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_review_assignment_seat_id'))
        batch_op.drop_index(batch_op.f('ix_review_assignment_application_id'))

    op.drop_table('review_assignment')
    with op.batch_alter_table('marker', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_marker_award_id'))

    op.drop_table('marker')
    with op.batch_alter_table('instalment', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_instalment_status'))
        batch_op.drop_index(batch_op.f('ix_instalment_award_id'))

    op.drop_table('instalment')
    with op.batch_alter_table('check_item', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_check_item_award_id'))

    op.drop_table('check_item')
    with op.batch_alter_table('check_in', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_check_in_status'))
        batch_op.drop_index(batch_op.f('ix_check_in_award_id'))

    op.drop_table('check_in')
    with op.batch_alter_table('award_share', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_award_share_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_award_share_award_id'))

    op.drop_table('award_share')
    with op.batch_alter_table('partner_share', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_partner_share_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_partner_share_application_id'))

    op.drop_table('partner_share')
    with op.batch_alter_table('panel_seat', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_panel_seat_user_id'))
        batch_op.drop_index(batch_op.f('ix_panel_seat_panel_id'))

    op.drop_table('panel_seat')
    op.drop_table('feedback')
    with op.batch_alter_table('decision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_decision_round_id'))

    op.drop_table('decision')
    with op.batch_alter_table('clarification', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_clarification_application_id'))

    op.drop_table('clarification')
    with op.batch_alter_table('award', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_award_status'))
        batch_op.drop_index(batch_op.f('ix_award_round_id'))
        batch_op.drop_index(batch_op.f('ix_award_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_award_call_id'))

    op.drop_table('award')
    with op.batch_alter_table('application_helper', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_application_helper_user_id'))
        batch_op.drop_index(batch_op.f('ix_application_helper_application_id'))

    op.drop_table('application_helper')
    with op.batch_alter_table('answer_revision', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_answer_revision_application_id'))

    op.drop_table('answer_revision')
    with op.batch_alter_table('answer', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_answer_application_id'))

    op.drop_table('answer')
    with op.batch_alter_table('ratification', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_ratification_call_id'))

    op.drop_table('ratification')
    with op.batch_alter_table('panel', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_panel_call_id'))

    op.drop_table('panel')
    with op.batch_alter_table('application', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_application_status'))
        batch_op.drop_index(batch_op.f('ix_application_round_id'))
        batch_op.drop_index(batch_op.f('ix_application_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_application_call_id'))

    op.drop_table('application')
    with op.batch_alter_table('round', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_round_call_id'))

    op.drop_table('round')
    with op.batch_alter_table('conflict_of_interest', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_conflict_of_interest_user_id'))
        batch_op.drop_index(batch_op.f('ix_conflict_of_interest_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_conflict_of_interest_call_id'))

    op.drop_table('conflict_of_interest')
    with op.batch_alter_table('codesign_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_codesign_session_call_id'))

    op.drop_table('codesign_session')
    with op.batch_alter_table('codesign_point', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_codesign_point_call_id'))

    op.drop_table('codesign_point')
    with op.batch_alter_table('call_version', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_call_version_call_id'))

    op.drop_table('call_version')
    with op.batch_alter_table('by_and_for_claim', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_by_and_for_claim_organisation_id'))
        batch_op.drop_index(batch_op.f('ix_by_and_for_claim_call_id'))

    op.drop_table('by_and_for_claim')
    with op.batch_alter_table('user_session', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_user_session_user_id'))
        batch_op.drop_index(batch_op.f('ix_user_session_expires_at'))

    op.drop_table('user_session')
    with op.batch_alter_table('sign_in_code', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_sign_in_code_browser_digest'))

    op.drop_table('sign_in_code')
    with op.batch_alter_table('organisation_member', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_organisation_member_user_id'))
        batch_op.drop_index(batch_op.f('ix_organisation_member_organisation_id'))

    op.drop_table('organisation_member')
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_message_recipient_id'))

    op.drop_table('message')
    with op.batch_alter_table('fund_role', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_fund_role_user_id'))
        batch_op.drop_index(batch_op.f('ix_fund_role_fund_id'))

    op.drop_table('fund_role')
    with op.batch_alter_table('call', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_call_fund_id'))

    op.drop_table('call')
    op.drop_table('user')
    op.drop_table('try_count')
    with op.batch_alter_table('outbox_job', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_outbox_job_due_at'))
        batch_op.drop_index(batch_op.f('ix_outbox_job_done_at'))

    op.drop_table('outbox_job')
    op.drop_table('organisation')
    op.drop_table('fund')
    op.drop_table('event_chain')
    with op.batch_alter_table('event', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_event_subject_id'))
        batch_op.drop_index(batch_op.f('ix_event_call_id'))
        batch_op.drop_index(batch_op.f('ix_event_actor_id'))

    op.drop_table('event')
