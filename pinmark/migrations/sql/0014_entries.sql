-- What a snapshot lists is there, and stays for as long as it is listed. Foreign keys kept that with
-- two statements for each entry, which was most of what a promotion of a thousand files took.

-- A plan made while there were few blobs is kept: it must not be one that reads all of them.
CREATE FUNCTION check_entries() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
    -- Snapshots are never deleted, so it is enough that they are there.
    PERFORM FROM snapshot WHERE id = ANY (ARRAY(SELECT DISTINCT snapshot_id FROM added))
    HAVING count(*) = (SELECT count(DISTINCT snapshot_id) FROM added);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an entry is of no snapshot' USING ERRCODE = 'foreign_key_violation';
    END IF;
    -- Whoever would release a blob meanwhile waits for this transaction, and then sees the entry.
    PERFORM FROM blob WHERE digest = ANY (ARRAY(SELECT DISTINCT digest FROM added))
    ORDER BY digest FOR KEY SHARE;
    PERFORM FROM blob WHERE digest = ANY (ARRAY(SELECT DISTINCT digest FROM added))
    HAVING count(*) = (SELECT count(DISTINCT digest) FROM added);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'an entry is of no blob' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION keep_listed_blobs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM removed JOIN snapshotentry USING (digest)) THEN
        RAISE EXCEPTION 'a snapshot still lists the blob' USING ERRCODE = 'foreign_key_violation';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER snapshotentry_checked AFTER INSERT ON snapshotentry
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION check_entries();
CREATE TRIGGER blob_kept_while_listed AFTER DELETE ON blob
    REFERENCING OLD TABLE AS removed FOR EACH STATEMENT EXECUTE FUNCTION keep_listed_blobs();

ALTER TABLE snapshotentry DROP CONSTRAINT fk_snapshotentry_digest;
ALTER TABLE snapshotentry DROP CONSTRAINT fk_snapshotentry_snapshot_id;
