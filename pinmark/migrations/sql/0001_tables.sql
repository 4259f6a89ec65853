-- The tables as they were on the first day. Models say the same; a test keeps them equal.

CREATE TABLE organization (
    id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    name VARCHAR NOT NULL,
    plan VARCHAR(32) NOT NULL,
    singleton BOOLEAN NOT NULL,
    CONSTRAINT pk_organization PRIMARY KEY (id),
    CONSTRAINT ck_organization_singleton CHECK (singleton),
    CONSTRAINT uq_organization_singleton UNIQUE (singleton),
    CONSTRAINT ck_organization_plan CHECK (plan IN ('FREE', 'GROWTH', 'TEAM', 'ENTERPRISE'))
);

CREATE TABLE member (
    id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    organization_id UUID NOT NULL,
    name VARCHAR NOT NULL,
    role VARCHAR(32) NOT NULL,
    CONSTRAINT pk_member PRIMARY KEY (id),
    CONSTRAINT fk_member_organization_id
        FOREIGN KEY(organization_id) REFERENCES organization (id) ON DELETE RESTRICT,
    CONSTRAINT ck_member_role CHECK (role IN ('OWNER'))
);

CREATE TABLE accesstoken (
    id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    member_id UUID NOT NULL,
    digest BYTEA NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE,
    revoked_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_accesstoken PRIMARY KEY (id),
    CONSTRAINT uq_accesstoken_digest UNIQUE (digest),
    CONSTRAINT fk_accesstoken_member_id
        FOREIGN KEY(member_id) REFERENCES member (id) ON DELETE RESTRICT
);
CREATE INDEX ix_accesstoken_member_id ON accesstoken (member_id);

CREATE TABLE app (
    id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    organization_id UUID NOT NULL,
    name VARCHAR NOT NULL,
    event_sequence BIGINT NOT NULL,
    CONSTRAINT pk_app PRIMARY KEY (id),
    CONSTRAINT ck_app_name_format CHECK (name ~ '^[a-z][a-z0-9-]{1,39}$'),
    CONSTRAINT uq_app_name UNIQUE (name),
    CONSTRAINT fk_app_organization_id
        FOREIGN KEY(organization_id) REFERENCES organization (id) ON DELETE RESTRICT
);

CREATE TABLE repository (
    id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    app_id UUID NOT NULL,
    url VARCHAR NOT NULL,
    branch VARCHAR NOT NULL,
    credential BYTEA,
    head_sha VARCHAR,
    observed_at TIMESTAMP WITH TIME ZONE,
    unreachable_reason VARCHAR,
    CONSTRAINT pk_repository PRIMARY KEY (id),
    CONSTRAINT uq_repository_app_id UNIQUE (app_id),
    CONSTRAINT uq_repository_url_branch UNIQUE (url, branch),
    CONSTRAINT fk_repository_app_id FOREIGN KEY(app_id) REFERENCES app (id) ON DELETE RESTRICT
);

CREATE TABLE commit (
    app_id UUID NOT NULL,
    sha VARCHAR NOT NULL,
    message VARCHAR NOT NULL,
    author_name VARCHAR NOT NULL,
    committed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_commit PRIMARY KEY (app_id, sha),
    CONSTRAINT fk_commit_app_id FOREIGN KEY(app_id) REFERENCES app (id) ON DELETE RESTRICT
);

CREATE TABLE blob (
    digest BYTEA NOT NULL,
    size INTEGER NOT NULL,
    content BYTEA,
    CONSTRAINT pk_blob PRIMARY KEY (digest),
    CONSTRAINT ck_blob_digest_length CHECK (octet_length(digest) = 32),
    CONSTRAINT ck_blob_size_true CHECK (content IS NULL OR octet_length(content) = size)
);

CREATE TABLE environment (
    id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    app_id UUID NOT NULL,
    name VARCHAR NOT NULL,
    is_default BOOLEAN NOT NULL,
    current_version INTEGER NOT NULL,
    pinned_version INTEGER,
    pinned_deployment_id UUID,
    content_deployment_id UUID,
    code_deployment_id UUID,
    deploying_id UUID,
    deployment_count INTEGER NOT NULL,
    deleted_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_environment PRIMARY KEY (id),
    CONSTRAINT ck_environment_name_format CHECK (name ~ '^[a-z][a-z0-9-]{1,39}$'),
    CONSTRAINT ck_environment_pin_whole
        CHECK ((pinned_version IS NULL) = (pinned_deployment_id IS NULL)),
    CONSTRAINT ck_environment_pin_counted CHECK (pinned_version BETWEEN 1 AND current_version),
    CONSTRAINT ck_environment_default_unpinned
        CHECK (NOT is_default OR (current_version = 0 AND pinned_version IS NULL
            AND deploying_id IS NULL AND deleted_at IS NULL)),
    CONSTRAINT ck_environment_only_default_follows_head
        CHECK (is_default OR (content_deployment_id IS NULL AND code_deployment_id IS NULL)),
    CONSTRAINT ck_environment_deleted_idle CHECK (deleted_at IS NULL OR deploying_id IS NULL),
    CONSTRAINT ck_environment_counts CHECK (current_version >= 0 AND deployment_count >= 0),
    CONSTRAINT fk_environment_app_id FOREIGN KEY(app_id) REFERENCES app (id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX uq_environment_default ON environment (app_id) WHERE is_default;
CREATE UNIQUE INDEX uq_environment_name ON environment (app_id, name) WHERE deleted_at IS NULL;

CREATE TABLE snapshot (
    id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    environment_id UUID NOT NULL,
    commit_sha VARCHAR NOT NULL,
    configuration JSONB NOT NULL,
    file_count INTEGER NOT NULL,
    CONSTRAINT pk_snapshot PRIMARY KEY (id),
    CONSTRAINT fk_snapshot_environment_id
        FOREIGN KEY(environment_id) REFERENCES environment (id) ON DELETE RESTRICT
);
CREATE INDEX ix_snapshot_environment_id ON snapshot (environment_id);

CREATE TABLE snapshotentry (
    snapshot_id UUID NOT NULL,
    path VARCHAR NOT NULL,
    kind VARCHAR(32) NOT NULL,
    digest BYTEA NOT NULL,
    size INTEGER NOT NULL,
    CONSTRAINT pk_snapshotentry PRIMARY KEY (snapshot_id, path),
    CONSTRAINT fk_snapshotentry_digest FOREIGN KEY(digest) REFERENCES blob (digest),
    CONSTRAINT fk_snapshotentry_snapshot_id
        FOREIGN KEY(snapshot_id) REFERENCES snapshot (id) ON DELETE RESTRICT,
    CONSTRAINT ck_snapshotentry_kind
        CHECK (kind IN ('PROMPT', 'COMPONENT', 'DATASET', 'SCHEMA', 'CONFIGURATION'))
);

CREATE TABLE artifact (
    id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    app_id UUID NOT NULL,
    pinned BOOLEAN NOT NULL,
    key VARCHAR NOT NULL,
    store_path VARCHAR NOT NULL,
    digest VARCHAR NOT NULL,
    size BIGINT NOT NULL,
    handler VARCHAR NOT NULL,
    language VARCHAR(32) NOT NULL,
    inputs JSONB NOT NULL,
    CONSTRAINT pk_artifact PRIMARY KEY (id),
    CONSTRAINT fk_artifact_app_id FOREIGN KEY(app_id) REFERENCES app (id) ON DELETE RESTRICT,
    CONSTRAINT ck_artifact_language CHECK (language IN ('PYTHON', 'NODE'))
);
CREATE INDEX ix_artifact_key ON artifact (app_id, pinned, key, created_at);

CREATE TABLE deployment (
    actor_kind VARCHAR(32) NOT NULL,
    actor_id UUID,
    actor_name VARCHAR NOT NULL,
    id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    app_id UUID NOT NULL,
    environment_id UUID NOT NULL,
    ordinal INTEGER NOT NULL,
    kind VARCHAR(32) NOT NULL,
    pinned BOOLEAN NOT NULL,
    source_id UUID,
    source_name VARCHAR,
    version INTEGER,
    commit_sha VARCHAR NOT NULL,
    note VARCHAR,
    retry_of_id UUID,
    snapshot_id UUID,
    artifact_id UUID,
    file_sync VARCHAR(32) NOT NULL,
    file_sync_started_at TIMESTAMP WITH TIME ZONE,
    file_sync_finished_at TIMESTAMP WITH TIME ZONE,
    file_sync_detail VARCHAR,
    code_build VARCHAR(32) NOT NULL,
    code_build_started_at TIMESTAMP WITH TIME ZONE,
    code_build_finished_at TIMESTAMP WITH TIME ZONE,
    code_build_detail VARCHAR,
    cache_decision VARCHAR(32),
    cache_detail VARCHAR,
    cache_key VARCHAR,
    failure_class VARCHAR(32),
    failure_reason VARCHAR,
    content_problems JSONB,
    attempt INTEGER NOT NULL,
    attempt_token UUID,
    settled_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_deployment PRIMARY KEY (id),
    CONSTRAINT uq_deployment_environment_id_ordinal UNIQUE (environment_id, ordinal),
    CONSTRAINT ck_deployment_commit_format CHECK (commit_sha ~ '^[0-9a-f]{40}$'),
    CONSTRAINT ck_deployment_note_length CHECK (char_length(note) <= 2000),
    CONSTRAINT ck_deployment_version_positive CHECK (version > 0),
    CONSTRAINT ck_deployment_version_only_when_pinned CHECK (pinned OR version IS NULL),
    CONSTRAINT ck_deployment_version_reserved
        CHECK (NOT pinned OR version IS NOT NULL OR failure_class = 'CONTENT'),
    CONSTRAINT ck_deployment_kind_pinned CHECK (kind NOT IN ('PROMOTION', 'ROLLBACK') OR pinned),
    CONSTRAINT ck_deployment_push_into_default CHECK (kind <> 'PUSH' OR NOT pinned),
    CONSTRAINT ck_deployment_settled_whole
        CHECK ((settled_at IS NOT NULL) = (file_sync IN ('SYNCED', 'FAILED', 'SKIPPED')
            AND code_build IN ('DEPLOYED', 'FAILED', 'SKIPPED'))),
    CONSTRAINT ck_deployment_failure_explained
        CHECK ((failure_class IS NOT NULL) = (file_sync = 'FAILED' OR code_build = 'FAILED')
            AND (failure_class IS NULL) = (failure_reason IS NULL)),
    CONSTRAINT ck_deployment_failed_sync_skips_build
        CHECK (file_sync <> 'FAILED' OR code_build = 'SKIPPED'),
    CONSTRAINT fk_deployment_commit FOREIGN KEY(app_id, commit_sha) REFERENCES commit (app_id, sha),
    CONSTRAINT ck_deployment_attempt_counted CHECK (attempt >= 0),
    CONSTRAINT ck_deployment_actor_kind CHECK (actor_kind IN ('MEMBER', 'GIT', 'SYSTEM')),
    CONSTRAINT fk_deployment_app_id FOREIGN KEY(app_id) REFERENCES app (id) ON DELETE RESTRICT,
    CONSTRAINT fk_deployment_environment_id
        FOREIGN KEY(environment_id) REFERENCES environment (id) ON DELETE RESTRICT,
    CONSTRAINT ck_deployment_kind CHECK (kind IN ('PUSH', 'PROMOTION', 'ROLLBACK', 'REDEPLOY')),
    CONSTRAINT fk_deployment_source_id
        FOREIGN KEY(source_id) REFERENCES environment (id) ON DELETE RESTRICT,
    CONSTRAINT fk_deployment_retry_of_id
        FOREIGN KEY(retry_of_id) REFERENCES deployment (id) ON DELETE RESTRICT,
    CONSTRAINT fk_deployment_snapshot_id
        FOREIGN KEY(snapshot_id) REFERENCES snapshot (id) ON DELETE RESTRICT,
    CONSTRAINT fk_deployment_artifact_id
        FOREIGN KEY(artifact_id) REFERENCES artifact (id) ON DELETE RESTRICT,
    CONSTRAINT ck_deployment_file_sync
        CHECK (file_sync IN ('PENDING', 'SYNCING', 'SYNCED', 'FAILED', 'SKIPPED')),
    CONSTRAINT ck_deployment_code_build
        CHECK (code_build IN ('PENDING', 'BUILDING', 'DEPLOYED', 'FAILED', 'SKIPPED')),
    CONSTRAINT ck_deployment_cache_decision
        CHECK (cache_decision IN ('HIT', 'MISS_NO_PREVIOUS_BUILD', 'MISS_CODE_CHANGED',
            'MISS_VARIABLES_CHANGED', 'FORCED_REBUILD', 'FORCED_SKIP', 'NO_HANDLER')),
    CONSTRAINT ck_deployment_failure_class
        CHECK (failure_class IN ('CONTENT', 'BUILD', 'RUNTIME', 'INFRASTRUCTURE', 'CANCELLED'))
);
CREATE INDEX ix_deployment_retry_of_id ON deployment (retry_of_id);
CREATE INDEX ix_deployment_unsettled ON deployment (environment_id, ordinal)
    WHERE settled_at IS NULL;
CREATE UNIQUE INDEX uq_deployment_in_flight ON deployment (environment_id)
    WHERE pinned AND settled_at IS NULL;
CREATE UNIQUE INDEX uq_deployment_successful_promotion ON deployment (environment_id, version)
    WHERE kind = 'PROMOTION' AND settled_at IS NOT NULL AND file_sync <> 'FAILED'
        AND code_build <> 'FAILED';

CREATE TABLE event (
    actor_kind VARCHAR(32) NOT NULL,
    actor_id UUID,
    actor_name VARCHAR NOT NULL,
    app_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    occurred_at TIMESTAMP WITH TIME ZONE NOT NULL,
    kind VARCHAR(32) NOT NULL,
    environment_id UUID,
    deployment_id UUID,
    file_sync VARCHAR(32),
    code_build VARCHAR(32),
    CONSTRAINT pk_event PRIMARY KEY (app_id, seq),
    CONSTRAINT ck_event_steps_whole
        CHECK ((deployment_id IS NULL) = (file_sync IS NULL) AND (file_sync IS NULL) = (code_build
            IS NULL)),
    CONSTRAINT ck_event_actor_kind CHECK (actor_kind IN ('MEMBER', 'GIT', 'SYSTEM')),
    CONSTRAINT fk_event_app_id FOREIGN KEY(app_id) REFERENCES app (id) ON DELETE RESTRICT,
    CONSTRAINT ck_event_kind
        CHECK (kind IN ('APP_CREATED', 'REPOSITORY_LINKED', 'ENVIRONMENT_CREATED',
            'ENVIRONMENT_DELETED', 'DEPLOYMENT_STARTED', 'DEPLOYMENT_PROGRESSED',
            'DEPLOYMENT_SETTLED')),
    CONSTRAINT fk_event_environment_id
        FOREIGN KEY(environment_id) REFERENCES environment (id) ON DELETE RESTRICT,
    CONSTRAINT fk_event_deployment_id
        FOREIGN KEY(deployment_id) REFERENCES deployment (id) ON DELETE RESTRICT,
    CONSTRAINT ck_event_file_sync
        CHECK (file_sync IN ('PENDING', 'SYNCING', 'SYNCED', 'FAILED', 'SKIPPED')),
    CONSTRAINT ck_event_code_build
        CHECK (code_build IN ('PENDING', 'BUILDING', 'DEPLOYED', 'FAILED', 'SKIPPED'))
);
CREATE INDEX ix_event_deployment_id ON event (deployment_id, seq) WHERE deployment_id IS NOT NULL;

CREATE TABLE buildlogline (
    deployment_id UUID NOT NULL,
    seq INTEGER NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    text VARCHAR NOT NULL,
    CONSTRAINT pk_buildlogline PRIMARY KEY (deployment_id, seq),
    CONSTRAINT fk_buildlogline_deployment_id
        FOREIGN KEY(deployment_id) REFERENCES deployment (id) ON DELETE RESTRICT
);

CREATE TABLE auditentry (
    actor_kind VARCHAR(32) NOT NULL,
    actor_id UUID,
    actor_name VARCHAR NOT NULL,
    id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    organization_id UUID NOT NULL,
    app_id UUID,
    action VARCHAR NOT NULL,
    subject_id UUID NOT NULL,
    facts JSONB NOT NULL,
    request_id VARCHAR,
    CONSTRAINT pk_auditentry PRIMARY KEY (id),
    CONSTRAINT ck_auditentry_actor_kind CHECK (actor_kind IN ('MEMBER', 'GIT', 'SYSTEM')),
    CONSTRAINT fk_auditentry_organization_id
        FOREIGN KEY(organization_id) REFERENCES organization (id) ON DELETE RESTRICT,
    CONSTRAINT fk_auditentry_app_id FOREIGN KEY(app_id) REFERENCES app (id) ON DELETE RESTRICT
);

CREATE TABLE idempotentrequest (
    id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    principal_id UUID NOT NULL,
    key VARCHAR NOT NULL,
    operation VARCHAR NOT NULL,
    input_digest BYTEA NOT NULL,
    subject_id UUID NOT NULL,
    CONSTRAINT pk_idempotentrequest PRIMARY KEY (id),
    CONSTRAINT uq_idempotentrequest_principal_id_key UNIQUE (principal_id, key)
);

ALTER TABLE environment ADD CONSTRAINT fk_environment_code_deployment_id
    FOREIGN KEY(code_deployment_id) REFERENCES deployment (id);

ALTER TABLE environment ADD CONSTRAINT fk_environment_content_deployment_id
    FOREIGN KEY(content_deployment_id) REFERENCES deployment (id);

ALTER TABLE environment ADD CONSTRAINT fk_environment_deploying_id
    FOREIGN KEY(deploying_id) REFERENCES deployment (id);

ALTER TABLE environment ADD CONSTRAINT fk_environment_pinned_deployment_id
    FOREIGN KEY(pinned_deployment_id) REFERENCES deployment (id);
