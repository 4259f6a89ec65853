"""Everything that a client may look at and do, apart from reading content and running handlers."""
