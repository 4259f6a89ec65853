"""The composition root: settings, server, worker, command line and everything that joins them."""
