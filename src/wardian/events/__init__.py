"""Who did what to which thing: outbox, audit trail and live updates in one table."""
