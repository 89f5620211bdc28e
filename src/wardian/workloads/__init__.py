"""The one thing that is ever executed: a job, which ends, or a service, which stays."""
