-- Repositories over ssh: the key their host has to show, and which deploy key reads them.

ALTER TABLE repository ADD COLUMN host_key VARCHAR;
ALTER TABLE repository ADD COLUMN deploy_key_fingerprint VARCHAR;

ALTER TABLE repository ADD CONSTRAINT ck_repository_ssh_with_keys CHECK (
    (url LIKE 'ssh://%') = (host_key IS NOT NULL)
    AND (url LIKE 'ssh://%') = (deploy_key_fingerprint IS NOT NULL)
    AND (url NOT LIKE 'ssh://%' OR credential IS NOT NULL)
);
ALTER TABLE repository ADD CONSTRAINT ck_repository_host_key_format
    CHECK (host_key ~ '^[a-z0-9-]+ SHA256:[A-Za-z0-9+/]{43}$');
ALTER TABLE repository ADD CONSTRAINT ck_repository_deploy_key_fingerprint_format
    CHECK (deploy_key_fingerprint ~ '^SHA256:[A-Za-z0-9+/]{43}$');
