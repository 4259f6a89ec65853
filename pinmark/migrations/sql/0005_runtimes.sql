-- Runtimes: what should run, what does, and what it says.

CREATE TABLE runtime (
    id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    app_id UUID NOT NULL,
    environment_id UUID NOT NULL,
    deployment_id UUID NOT NULL,
    snapshot_id UUID NOT NULL,
    artifact_id UUID NOT NULL,
    state VARCHAR(32) NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    trial BOOLEAN NOT NULL,
    attempt_token UUID,
    supervisor_id UUID,
    address VARCHAR,
    secret BYTEA NOT NULL,
    failure_class VARCHAR(32),
    reason VARCHAR,
    restarts INTEGER NOT NULL,
    ended_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_runtime PRIMARY KEY (id),
    CONSTRAINT ck_runtime_restarts_counted CHECK (restarts >= 0),
    CONSTRAINT ck_runtime_ended_at_rest
        CHECK (ended_at IS NULL OR (state IN ('FAILED', 'STOPPED') AND address IS NULL)),
    CONSTRAINT ck_runtime_healthy_reachable
        CHECK (state <> 'HEALTHY' OR (address IS NOT NULL AND supervisor_id IS NOT NULL)),
    CONSTRAINT ck_runtime_state
        CHECK (state IN ('STARTING', 'HEALTHY', 'FAILED', 'DRAINING', 'STOPPED')),
    CONSTRAINT ck_runtime_failure_class
        CHECK (failure_class IN ('CONTENT', 'BUILD', 'RUNTIME', 'INFRASTRUCTURE', 'CANCELLED')),
    CONSTRAINT fk_runtime_app_id FOREIGN KEY(app_id) REFERENCES app (id) ON DELETE RESTRICT,
    CONSTRAINT fk_runtime_environment_id
        FOREIGN KEY(environment_id) REFERENCES environment (id) ON DELETE RESTRICT,
    CONSTRAINT fk_runtime_deployment_id
        FOREIGN KEY(deployment_id) REFERENCES deployment (id) ON DELETE RESTRICT,
    CONSTRAINT fk_runtime_snapshot_id
        FOREIGN KEY(snapshot_id) REFERENCES snapshot (id) ON DELETE RESTRICT,
    CONSTRAINT fk_runtime_artifact_id
        FOREIGN KEY(artifact_id) REFERENCES artifact (id) ON DELETE RESTRICT
);
CREATE UNIQUE INDEX uq_runtime_living ON runtime (deployment_id, snapshot_id)
    WHERE ended_at IS NULL AND state <> 'DRAINING';
CREATE INDEX ix_runtime_environment_id ON runtime (environment_id, created_at);
CREATE INDEX ix_runtime_deployment_id ON runtime (deployment_id, snapshot_id, created_at);

CREATE TABLE runtimelogline (
    environment_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    runtime_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    text VARCHAR NOT NULL,
    CONSTRAINT pk_runtimelogline PRIMARY KEY (environment_id, seq),
    CONSTRAINT fk_runtimelogline_environment_id
        FOREIGN KEY(environment_id) REFERENCES environment (id) ON DELETE RESTRICT,
    CONSTRAINT fk_runtimelogline_runtime_id
        FOREIGN KEY(runtime_id) REFERENCES runtime (id) ON DELETE RESTRICT
);
CREATE INDEX ix_runtimelogline_runtime_id ON runtimelogline (runtime_id, seq);

-- Old lines are let go, none is rewritten.
CREATE TRIGGER runtimelogline_immutable BEFORE UPDATE OR TRUNCATE ON runtimelogline
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION keep_runtime() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.ended_at IS NOT NULL THEN
        RAISE EXCEPTION 'runtime % has ended and never changes', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER runtime_history BEFORE UPDATE ON runtime
    FOR EACH ROW EXECUTE FUNCTION keep_runtime();

ALTER TABLE event DROP CONSTRAINT ck_event_kind;
ALTER TABLE event ADD CONSTRAINT ck_event_kind
    CHECK (kind IN ('APP_CREATED', 'REPOSITORY_LINKED', 'ENVIRONMENT_CREATED',
        'ENVIRONMENT_DELETED', 'DEPLOYMENT_STARTED', 'DEPLOYMENT_PROGRESSED',
        'DEPLOYMENT_SETTLED', 'RUNTIME_CHANGED'));
