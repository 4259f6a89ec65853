-- What ran when. Half-open intervals per environment: never two at one instant, no gap between
-- them, and an interval that has ended never changes.

-- Ids are compared inside the exclusion constraint as ranges of one value, which GiST knows by
-- itself; plain ids would need the extension btree_gist, which not every server has.
CREATE TYPE uuidrange AS RANGE (SUBTYPE = uuid);

CREATE TABLE serving (
    environment_id UUID NOT NULL,
    ordinal INTEGER NOT NULL,
    deployment_id UUID NOT NULL,
    since TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_serving PRIMARY KEY (environment_id, ordinal),
    CONSTRAINT fk_serving_environment_id
        FOREIGN KEY(environment_id) REFERENCES environment (id) ON DELETE RESTRICT,
    CONSTRAINT fk_serving_deployment_id
        FOREIGN KEY(deployment_id) REFERENCES deployment (id) ON DELETE RESTRICT,
    CONSTRAINT ck_serving_forward CHECK (until > since),
    CONSTRAINT ck_serving_ordinal_positive CHECK (ordinal > 0),
    CONSTRAINT ex_serving_one_at_a_time EXCLUDE USING gist (
        uuidrange(environment_id, environment_id, '[]') WITH =,
        tstzrange(since, until) WITH &&
    )
);
CREATE UNIQUE INDEX uq_serving_present ON serving (environment_id) WHERE until IS NULL;

-- The history so far. A pin moved when its deployment settled well, dev's content when it was
-- synced. Of two whose clocks disagree with their order the later in order was served last.
INSERT INTO serving (environment_id, ordinal, deployment_id, since, until)
WITH served AS (
    SELECT environment_id, id, ordinal,
        CASE WHEN pinned THEN settled_at ELSE file_sync_finished_at END AS since
    FROM deployment
    WHERE (pinned AND settled_at IS NOT NULL AND failure_class IS NULL)
        OR (NOT pinned AND file_sync = 'SYNCED')
), kept AS (
    SELECT *, min(since) OVER (
        PARTITION BY environment_id ORDER BY ordinal
        ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING
    ) AS next
    FROM served
)
SELECT kept.environment_id,
    row_number() OVER (PARTITION BY kept.environment_id ORDER BY kept.ordinal),
    kept.id,
    since,
    CASE
        WHEN next IS NOT NULL THEN next
        WHEN deleted_at IS NOT NULL THEN greatest(deleted_at, since + interval '1 microsecond')
    END
FROM kept JOIN environment ON environment.id = kept.environment_id
WHERE next IS NULL OR since < next;

CREATE FUNCTION keep_serving() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before serving;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF OLD.until IS NOT NULL
           OR (OLD.environment_id, OLD.ordinal, OLD.deployment_id, OLD.since)
              IS DISTINCT FROM (NEW.environment_id, NEW.ordinal, NEW.deployment_id, NEW.since) THEN
            RAISE EXCEPTION 'what environment % served never changes', OLD.environment_id
                USING ERRCODE = 'restrict_violation';
        END IF;
        RETURN NEW;
    END IF;
    SELECT * INTO before FROM serving
        WHERE environment_id = NEW.environment_id ORDER BY ordinal DESC LIMIT 1;
    IF NEW.ordinal <> coalesce(before.ordinal, 0) + 1
       OR (FOUND AND before.until IS DISTINCT FROM NEW.since) THEN
        RAISE EXCEPTION 'environment %: an interval begins where the last one ended',
            NEW.environment_id USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM deployment WHERE id = NEW.deployment_id AND environment_id = NEW.environment_id
    ) THEN
        RAISE EXCEPTION 'environment % would serve what was deployed elsewhere',
            NEW.environment_id USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER serving_contiguous BEFORE INSERT OR UPDATE ON serving
    FOR EACH ROW EXECUTE FUNCTION keep_serving();
CREATE TRIGGER serving_kept BEFORE DELETE OR TRUNCATE ON serving
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- Checked at commit, when what the environment serves and its timeline have both been written.
CREATE FUNCTION check_serving(checked uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    present environment;
    served uuid;
    told uuid;
BEGIN
    SELECT * INTO present FROM environment WHERE id = checked;
    IF present.deleted_at IS NULL THEN
        served := coalesce(present.pinned_deployment_id, present.content_deployment_id);
    END IF;
    SELECT deployment_id INTO told FROM serving WHERE environment_id = checked AND until IS NULL;
    IF told IS DISTINCT FROM served THEN
        RAISE EXCEPTION 'environment % serves something else than its timeline tells', checked
            USING ERRCODE = 'restrict_violation';
    END IF;
END $$;

CREATE FUNCTION check_serving_of_environment() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM check_serving(NEW.id);
    RETURN NULL;
END $$;

CREATE FUNCTION check_serving_of_interval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM check_serving(NEW.environment_id);
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER environment_serving_told
    AFTER INSERT OR UPDATE OF pinned_deployment_id, content_deployment_id, deleted_at ON environment
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_serving_of_environment();
CREATE CONSTRAINT TRIGGER serving_true AFTER INSERT OR UPDATE ON serving
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION check_serving_of_interval();
