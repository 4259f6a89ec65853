-- The audit as a chain: every entry is numbered within its organization and holds the hash of the
-- one before, so that none can be changed, left out or moved without a trace.

ALTER TABLE auditentry DISABLE TRIGGER auditentry_append_only;
ALTER TABLE auditentry
    ADD COLUMN seq BIGINT,
    ADD COLUMN outcome VARCHAR(32),
    ADD COLUMN subject_kind VARCHAR,
    ADD COLUMN environment_id UUID,
    ADD COLUMN before JSONB,
    ADD COLUMN after JSONB,
    ADD COLUMN previous_hash BYTEA,
    ADD COLUMN hash BYTEA,
    ALTER COLUMN subject_id DROP NOT NULL;

CREATE TABLE audithead (
    organization_id UUID NOT NULL,
    seq BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    CONSTRAINT pk_audithead PRIMARY KEY (organization_id),
    CONSTRAINT ck_audithead_seq_counted CHECK (seq >= 0),
    CONSTRAINT ck_audithead_hash_length CHECK (octet_length(hash) = 32),
    CONSTRAINT fk_audithead_organization_id
        FOREIGN KEY(organization_id) REFERENCES organization (id) ON DELETE RESTRICT
);

-- What the hash is over: every column but itself, as the line of an export shows them.
-- jsonb writes an object in one way only: keys by length, then by bytes.
CREATE FUNCTION audit_text(entry auditentry) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'seq', entry.seq,
        'id', entry.id,
        'organization_id', entry.organization_id,
        'occurred_at',
            to_char(entry.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'),
        'actor_kind', entry.actor_kind,
        'actor_id', entry.actor_id,
        'actor_name', entry.actor_name,
        'action', entry.action,
        'outcome', entry.outcome,
        'subject_kind', entry.subject_kind,
        'subject_id', entry.subject_id,
        'app_id', entry.app_id,
        'environment_id', entry.environment_id,
        'before', entry.before,
        'after', entry.after,
        'facts', entry.facts,
        'request_id', entry.request_id,
        'previous_hash', encode(entry.previous_hash, 'hex')
    )::text
$$;

-- Takes the head's lock, which every writer takes last of all and lets go of at commit.
CREATE FUNCTION chain_auditentry() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    head audithead;
BEGIN
    SELECT * INTO head FROM audithead WHERE organization_id = NEW.organization_id FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'organization % has no head of its audit', NEW.organization_id
            USING ERRCODE = 'restrict_violation';
    END IF;
    NEW.seq := head.seq + 1;
    NEW.previous_hash := head.hash;
    NEW.hash := sha256(convert_to(audit_text(NEW), 'UTF8'));
    UPDATE audithead SET seq = NEW.seq, hash = NEW.hash
        WHERE organization_id = NEW.organization_id;
    RETURN NEW;
END $$;

CREATE FUNCTION begin_audit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO audithead (organization_id, seq, hash)
        VALUES (NEW.id, 0, decode(repeat('00', 32), 'hex'));
    RETURN NULL;
END $$;

-- The entries so far: what they were about is told by what was done, and by the deployment.
INSERT INTO audithead (organization_id, seq, hash)
    SELECT id, 0, decode(repeat('00', 32), 'hex') FROM organization;

UPDATE auditentry SET
    outcome = 'SUCCEEDED',
    subject_kind = CASE
        WHEN action IN ('environment.create', 'environment.delete') THEN 'Environment'
        WHEN action LIKE 'environment.%' OR action LIKE 'deployment.%' THEN 'Deployment'
        WHEN action LIKE 'repository.%' THEN 'Repository'
        ELSE 'App'
    END;
UPDATE auditentry SET environment_id = subject_id WHERE subject_kind = 'Environment';
UPDATE auditentry SET environment_id = deployment.environment_id
    FROM deployment WHERE subject_kind = 'Deployment' AND deployment.id = subject_id;

DO $$
DECLARE
    entry auditentry;
    head audithead;
BEGIN
    FOR head IN SELECT * FROM audithead LOOP
        FOR entry IN
            SELECT * FROM auditentry
            WHERE organization_id = head.organization_id ORDER BY created_at, id
        LOOP
            entry.seq := head.seq + 1;
            entry.previous_hash := head.hash;
            entry.hash := sha256(convert_to(audit_text(entry), 'UTF8'));
            UPDATE auditentry
                SET seq = entry.seq, previous_hash = entry.previous_hash, hash = entry.hash
                WHERE id = entry.id;
            head.seq := entry.seq;
            head.hash := entry.hash;
        END LOOP;
        UPDATE audithead SET seq = head.seq, hash = head.hash
            WHERE organization_id = head.organization_id;
    END LOOP;
END $$;

ALTER TABLE auditentry
    ALTER COLUMN seq SET NOT NULL,
    ALTER COLUMN outcome SET NOT NULL,
    ALTER COLUMN previous_hash SET NOT NULL,
    ALTER COLUMN hash SET NOT NULL,
    DROP CONSTRAINT ck_auditentry_actor_kind,
    ADD CONSTRAINT ck_auditentry_actor_kind
        CHECK (actor_kind IN ('MEMBER', 'API_KEY', 'GIT', 'SYSTEM', 'ANONYMOUS')),
    ADD CONSTRAINT ck_auditentry_outcome CHECK (outcome IN ('SUCCEEDED', 'REFUSED')),
    ADD CONSTRAINT ck_auditentry_subject_whole
        CHECK ((subject_id IS NULL) = (subject_kind IS NULL)),
    ADD CONSTRAINT ck_auditentry_hash_length
        CHECK (octet_length(previous_hash) = 32 AND octet_length(hash) = 32),
    ADD CONSTRAINT ck_auditentry_before_object CHECK (jsonb_typeof(before) = 'object'),
    ADD CONSTRAINT ck_auditentry_after_object CHECK (jsonb_typeof(after) = 'object'),
    ADD CONSTRAINT ck_auditentry_facts_object CHECK (jsonb_typeof(facts) = 'object'),
    ADD CONSTRAINT uq_auditentry_organization_id_seq UNIQUE (organization_id, seq),
    ADD CONSTRAINT fk_auditentry_environment_id
        FOREIGN KEY(environment_id) REFERENCES environment (id) ON DELETE RESTRICT;
CREATE INDEX ix_auditentry_app_id ON auditentry (app_id, seq);
CREATE INDEX ix_auditentry_environment_id ON auditentry (environment_id, seq);
CREATE INDEX ix_auditentry_actor_id ON auditentry (actor_id, seq);
ALTER TABLE auditentry ENABLE TRIGGER auditentry_append_only;

CREATE TRIGGER auditentry_chained BEFORE INSERT ON auditentry
    FOR EACH ROW EXECUTE FUNCTION chain_auditentry();
CREATE TRIGGER organization_audited AFTER INSERT ON organization
    FOR EACH ROW EXECUTE FUNCTION begin_audit();

-- The head moves with an entry, by the trigger above, and is never moved by hand.
CREATE TRIGGER audithead_kept BEFORE DELETE OR TRUNCATE ON audithead
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audithead_moved BEFORE UPDATE ON audithead
    FOR EACH STATEMENT WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION refuse_change();
