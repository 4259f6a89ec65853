"""What requests and answers look like: the models that are served are the ones that are told."""
