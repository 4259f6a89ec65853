-- Environment variables, encrypted; and runtimes that keep those they were started with.

CREATE TABLE environmentvariable (
    id UUID NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    actor_kind VARCHAR(32) NOT NULL,
    actor_id UUID,
    actor_name VARCHAR NOT NULL,
    environment_id UUID NOT NULL,
    name VARCHAR NOT NULL,
    phase VARCHAR(32) NOT NULL,
    value BYTEA NOT NULL,
    size INTEGER NOT NULL,
    fingerprint BYTEA NOT NULL,
    updated_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_environmentvariable PRIMARY KEY (id),
    CONSTRAINT uq_environmentvariable_environment_id_name UNIQUE (environment_id, name),
    CONSTRAINT ck_environmentvariable_name_format CHECK (name ~ '^[A-Za-z_][A-Za-z0-9_]{0,127}$'),
    CONSTRAINT ck_environmentvariable_size_bounded CHECK (size BETWEEN 0 AND 32768),
    -- What the cipher makes begins so; a plaintext would have to be made to.
    CONSTRAINT ck_environmentvariable_value_encrypted
        CHECK (substring(value FROM 1 FOR 5) = 'gAAAA'),
    CONSTRAINT ck_environmentvariable_value_length CHECK (octet_length(value) <= 2 * size + 200),
    CONSTRAINT ck_environmentvariable_fingerprint_length CHECK (octet_length(fingerprint) = 32),
    CONSTRAINT ck_environmentvariable_phase CHECK (phase IN ('BUILD', 'RUNTIME', 'BOTH')),
    CONSTRAINT ck_environmentvariable_actor_kind CHECK (actor_kind IN ('MEMBER', 'GIT', 'SYSTEM')),
    CONSTRAINT fk_environmentvariable_environment_id
        FOREIGN KEY(environment_id) REFERENCES environment (id) ON DELETE RESTRICT
);

ALTER TABLE organization ADD COLUMN fingerprint_key BYTEA;

ALTER TABLE environment ADD COLUMN variables_revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE environment ALTER COLUMN variables_revision DROP DEFAULT;
ALTER TABLE environment ADD CONSTRAINT ck_environment_variables_revision_counted
    CHECK (variables_revision >= 0);

CREATE FUNCTION keep_variables_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.variables_revision NOT IN (OLD.variables_revision, OLD.variables_revision + 1) THEN
        RAISE EXCEPTION 'environment %: the revision of its variables would skip or go back', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER environment_variables_counted BEFORE UPDATE OF variables_revision ON environment
    FOR EACH ROW EXECUTE FUNCTION keep_variables_revision();

-- Checked at commit, when the environment and its variables have both been written.
CREATE FUNCTION check_deleted_without_variables() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    environment_of uuid;
BEGIN
    IF TG_TABLE_NAME = 'environment' THEN
        environment_of := NEW.id;
    ELSE
        environment_of := NEW.environment_id;
    END IF;
    IF EXISTS (
        SELECT FROM environment JOIN environmentvariable ON environment_id = environment.id
        WHERE environment.id = environment_of AND deleted_at IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'environment % is deleted and has no variables', environment_of
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER environment_deleted_without_variables AFTER UPDATE ON environment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (NEW.deleted_at IS NOT NULL)
    EXECUTE FUNCTION check_deleted_without_variables();
CREATE CONSTRAINT TRIGGER environmentvariable_of_living AFTER INSERT OR UPDATE
    ON environmentvariable
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_deleted_without_variables();

ALTER TABLE artifact ADD COLUMN variables JSONB NOT NULL DEFAULT '{}';
ALTER TABLE artifact ALTER COLUMN variables DROP DEFAULT;

-- What has ended keeps no secret, and what lives keeps the variables it was started with.
ALTER TABLE runtime ADD COLUMN variables_revision INTEGER NOT NULL DEFAULT 0;
ALTER TABLE runtime ALTER COLUMN variables_revision DROP DEFAULT;
ALTER TABLE runtime ADD COLUMN variables JSONB;
ALTER TABLE runtime ADD COLUMN proven BOOLEAN NOT NULL DEFAULT false;
ALTER TABLE runtime ALTER COLUMN proven DROP DEFAULT;
ALTER TABLE runtime ALTER COLUMN secret DROP NOT NULL;
ALTER TABLE runtime DISABLE TRIGGER runtime_history;
UPDATE runtime SET secret = NULL WHERE ended_at IS NOT NULL;
UPDATE runtime SET variables = '{}', proven = NOT trial WHERE ended_at IS NULL;
ALTER TABLE runtime ENABLE TRIGGER runtime_history;
ALTER TABLE runtime ADD CONSTRAINT ck_runtime_ended_without_secrets
    CHECK ((ended_at IS NULL) = (secret IS NOT NULL) AND (secret IS NULL) = (variables IS NULL));
DROP INDEX uq_runtime_living;
CREATE UNIQUE INDEX uq_runtime_living ON runtime (deployment_id, snapshot_id, variables_revision)
    WHERE ended_at IS NULL AND state <> 'DRAINING';

ALTER TABLE event DROP CONSTRAINT ck_event_kind;
ALTER TABLE event ADD CONSTRAINT ck_event_kind
    CHECK (kind IN ('APP_CREATED', 'REPOSITORY_LINKED', 'ENVIRONMENT_CREATED',
        'ENVIRONMENT_DELETED', 'DEPLOYMENT_STARTED', 'DEPLOYMENT_PROGRESSED',
        'DEPLOYMENT_SETTLED', 'RUNTIME_CHANGED', 'VARIABLES_CHANGED'));
