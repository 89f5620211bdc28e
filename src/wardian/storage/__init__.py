"""Where state lives: SQL, blobs, content-addressed objects, logs, leases, migrations."""
