-- History is append-only, and what an environment serves moves only as the rules say.
-- The code keeps these rules too; here nobody can forget them.

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON event
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER auditentry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER buildlogline_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON buildlogline
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER commit_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON commit
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER artifact_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON artifact
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER snapshot_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON snapshot
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
-- Entries and blobs may be released, never rewritten.
CREATE TRIGGER snapshotentry_immutable BEFORE UPDATE OR TRUNCATE ON snapshotentry
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER blob_immutable BEFORE UPDATE OR TRUNCATE ON blob
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER deployment_kept BEFORE DELETE OR TRUNCATE ON deployment
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER environment_kept BEFORE DELETE OR TRUNCATE ON environment
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE FUNCTION keep_deployment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    file_sync_order CONSTANT text[] := ARRAY['PENDING', 'SYNCING', 'SYNCED', 'FAILED', 'SKIPPED'];
    code_build_order CONSTANT text[] := ARRAY['PENDING', 'BUILDING', 'DEPLOYED', 'FAILED', 'SKIPPED'];
BEGIN
    IF OLD.settled_at IS NOT NULL THEN
        RAISE EXCEPTION 'deployment % has settled and never changes', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF (OLD.id, OLD.created_at, OLD.app_id, OLD.environment_id, OLD.ordinal, OLD.kind, OLD.pinned,
        OLD.source_id, OLD.source_name, OLD.version, OLD.commit_sha, OLD.note, OLD.retry_of_id,
        OLD.actor_kind, OLD.actor_id, OLD.actor_name)
       IS DISTINCT FROM
       (NEW.id, NEW.created_at, NEW.app_id, NEW.environment_id, NEW.ordinal, NEW.kind, NEW.pinned,
        NEW.source_id, NEW.source_name, NEW.version, NEW.commit_sha, NEW.note, NEW.retry_of_id,
        NEW.actor_kind, NEW.actor_id, NEW.actor_name) THEN
        RAISE EXCEPTION 'what deployment % was asked to do never changes', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    -- A settled step stays as it is; an unsettled one moves forward only.
    IF (array_position(file_sync_order, OLD.file_sync::text) >= 3
            AND NEW.file_sync <> OLD.file_sync)
       OR array_position(file_sync_order, NEW.file_sync::text)
            < array_position(file_sync_order, OLD.file_sync::text)
       OR (array_position(code_build_order, OLD.code_build::text) >= 3
            AND NEW.code_build <> OLD.code_build)
       OR array_position(code_build_order, NEW.code_build::text)
            < array_position(code_build_order, OLD.code_build::text) THEN
        RAISE EXCEPTION 'a step of deployment % would go backwards', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER deployment_history BEFORE UPDATE ON deployment
    FOR EACH ROW EXECUTE FUNCTION keep_deployment();

CREATE FUNCTION keep_environment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (OLD.id, OLD.created_at, OLD.app_id, OLD.name, OLD.is_default)
       IS DISTINCT FROM (NEW.id, NEW.created_at, NEW.app_id, NEW.name, NEW.is_default) THEN
        RAISE EXCEPTION 'environment %: name, app and kind never change', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF OLD.deleted_at IS NOT NULL THEN
        RAISE EXCEPTION 'environment % is deleted and never changes', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.current_version NOT IN (OLD.current_version, OLD.current_version + 1)
       OR NEW.deployment_count NOT IN (OLD.deployment_count, OLD.deployment_count + 1) THEN
        RAISE EXCEPTION 'environment %: a counter would skip or go back', OLD.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER environment_counted BEFORE UPDATE ON environment
    FOR EACH ROW EXECUTE FUNCTION keep_environment();

-- Checked at commit, when the deployment and the pin have both been written.
CREATE FUNCTION check_pin() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.pinned_deployment_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM deployment
        WHERE id = NEW.pinned_deployment_id AND environment_id = NEW.id
          AND version = NEW.pinned_version AND settled_at IS NOT NULL
          AND file_sync <> 'FAILED' AND code_build <> 'FAILED'
    ) THEN
        RAISE EXCEPTION 'environment % is pinned to what did not succeed in it', NEW.id
            USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER environment_pin_succeeded AFTER INSERT OR UPDATE ON environment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_pin();
